import { flawAt } from '../../card/textFile';
import type { Engine } from '../sql/engine';
import { IS_OBJECT, linesSql } from '../sql/part';
import { bytesOf, pathIn } from '../text/folder';
import { type PlainText, writePlainText } from '../text/plainText';
import { CELL_END } from '../text/quotes';
import type { Sheet, SheetColumn, SheetPlace } from './sheet';
import { pathOf } from './textSheet';

/** Files of JSON objects, one a line: their keys are the columns, and one that is missing is an empty cell. */
export async function openJsonSheet(
  engine: Engine,
  place: SheetPlace,
  names: readonly string[],
): Promise<Sheet> {
  const pieces = [];
  for (const [i, name] of names.entries()) {
    const label = pathIn(place.folder, place.part, name);
    const bytes = bytesOf(place.folder, place.part, name);
    const options = { label, encoding: 'utf-8', delimiter: CELL_END, quotes: false } as const;
    pieces.push({ label, content: { jsonLines: await writePlainText(bytes, pathOf(place, i), options) } });
  }
  const columns = await keysIn(
    engine,
    pieces.map(({ content }) => content.jsonLines),
  );
  if (columns.length === 0)
    throw flawAt(pieces[0].label, 1, { column: '1', expected: 'a JSON object', found: 'none in the file' });
  return { columns, headerLines: 0, delimiter: undefined, pieces };
}

async function keysIn(engine: Engine, texts: readonly PlainText[]): Promise<SheetColumn[]> {
  const objects = texts.map((text) => `SELECT line FROM ${linesSql(text)} WHERE ${IS_OBJECT}`);
  const [[structure]] = await engine.rows(
    `SELECT json_group_structure(line::JSON)::VARCHAR FROM (${objects.join(' UNION ALL ')})`,
  );
  const types = JSON.parse((structure as string | null) ?? '{}') as Readonly<Record<string, unknown>>;
  return Object.entries(types).map(([name, type]) => ({ name, isList: Array.isArray(type) }));
}
