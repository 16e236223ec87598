import { flawAt } from '../../card/textFile';
import type { Engine } from '../sql/engine';
import { IS_OBJECT, jsonValue, linesSql } from '../sql/part';
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
    const options = { label, encoding: 'utf-8', delimiter: CELL_END, quotes: false, emptyEnd: true } as const;
    pieces.push({ label, content: { jsonLines: await writePlainText(bytes, pathOf(place, i), options) } });
  }
  const columns = await keysIn(
    engine,
    pieces.map(({ content }) => content.jsonLines),
  );
  if (columns.length === 0)
    throw flawAt(pieces[0].label, 1, {
      column: '1',
      expected: 'a JSON object with texts, numbers or lists',
      found: 'none in the file',
    });
  return { columns, headerLines: 0, delimiter: undefined, pieces };
}

/** The keys of the objects but those that hold objects again; one that holds a list anywhere holds lists. */
async function keysIn(engine: Engine, texts: readonly PlainText[]): Promise<SheetColumn[]> {
  const lines = texts.map((text) => `SELECT line FROM ${linesSql(text)} WHERE ${IS_OBJECT}`);
  const objects = `(${lines.join(' UNION ALL ')})`;
  const [[structure]] = await engine.rows(`SELECT json_group_structure(line::JSON)::VARCHAR FROM ${objects}`);
  const types = JSON.parse((structure as string | null) ?? '{}') as Readonly<Record<string, unknown>>;
  const columns: SheetColumn[] = [];
  for (const [name, type] of Object.entries(types)) {
    const kinds = type === 'JSON' ? await kindsOf(engine, objects, name) : [kindOf(type)];
    if (!kinds.includes('OBJECT')) columns.push({ name, isList: kinds.includes('ARRAY') });
  }
  return columns;
}

function kindOf(type: unknown): string {
  if (Array.isArray(type)) return 'ARRAY';
  return typeof type === 'object' ? 'OBJECT' : 'VALUE';
}

/** What a key holds whose values are not all alike. */
async function kindsOf(engine: Engine, objects: string, key: string): Promise<string[]> {
  const kinds = await engine.rows(`SELECT DISTINCT json_type(${jsonValue(key)}) FROM ${objects}`);
  return kinds.map(([kind]) => String(kind));
}
