import { flawAt } from '../../card/textFile';
import type { Engine } from '../sql/engine';
import { IS_OBJECT, linesSql } from '../sql/part';
import { bytesOf, pathIn } from '../text/folder';
import { writePlainText } from '../text/plainText';
import { CELL_END } from '../text/rows';
import { pathOf, type Sheet, type SheetPlace } from './sheet';

/** Files of JSON objects, one a line: their keys are the columns, and a missing one is an empty cell. */
export async function openJsonSheet(
  engine: Engine,
  place: SheetPlace,
  names: readonly string[],
): Promise<Sheet> {
  const { folder, part, encoding, onBadRow } = place;
  const pieces = [];
  for (const [i, name] of names.entries()) {
    const label = pathIn(folder, part, name);
    const options = { label, encoding, onBadRow, delimiter: CELL_END, quotes: false, emptyEnd: true };
    const jsonLines = await writePlainText(bytesOf(folder, part, name), pathOf(place, i), options);
    pieces.push({ label, content: { jsonLines } });
  }
  const lines = pieces.map(
    ({ content }) => `SELECT line FROM ${linesSql(content.jsonLines)} WHERE ${IS_OBJECT}`,
  );
  const [[structure]] = await engine.rows(
    `SELECT json_group_structure(line::JSON)::VARCHAR FROM (${lines.join(' UNION ALL ')})`,
  );
  const types = Object.entries(JSON.parse((structure as string | null) ?? '{}') as Record<string, unknown>);
  const isNested = (type: unknown) => typeof type === 'object' && !Array.isArray(type);
  const columns = types
    .filter(([, type]) => !isNested(type))
    .map(([name, type]) => ({ name, isList: Array.isArray(type) || type === MIXED }));
  if (columns.length === 0)
    throw flawAt(pieces[0].label, 1, {
      column: '1',
      expected: 'JSON objects with texts, numbers or lists, one a line',
      found: 'none in the file',
    });
  const nested = types.filter(([, type]) => isNested(type)).map(([name]) => name);
  return { columns, nested, headerLines: 0, delimiter: undefined, pieces };
}

/** How the SQL engine calls values that are texts in some lines and lists in others. */
const MIXED = 'JSON';
