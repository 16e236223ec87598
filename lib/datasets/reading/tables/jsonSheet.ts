import type { DuckDBListValue } from '@duckdb/node-api';
import { flawAt } from '../../card/textFile';
import type { Engine } from '../sql/engine';
import { IS_OBJECT, jsonValues, linesSql } from '../sql/part';
import { bytesOf, pathIn } from '../text/folder';
import { type PlainText, writePlainText } from '../text/plainText';
import { CELL_END } from '../text/rows';
import type { Sheet, SheetPlace } from './sheet';
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
    const { encoding, onBadRow } = place;
    const options = { label, encoding, onBadRow, delimiter: CELL_END, quotes: false, emptyEnd: true };
    pieces.push({ label, content: { jsonLines: await writePlainText(bytes, pathOf(place, i), options) } });
  }
  const keys = await keysIn(
    engine,
    pieces.map(({ content }) => content.jsonLines),
  );
  const columns = keys.filter(({ kinds }) => !kinds.includes('OBJECT'));
  if (columns.length === 0)
    throw flawAt(pieces[0].label, 1, {
      column: '1',
      expected: 'JSON objects with texts, numbers or lists, one a line',
      found: 'none in the file',
    });
  return {
    columns: columns.map(({ name, kinds }) => ({ name, isList: kinds.includes('ARRAY') })),
    nested: keys.filter((key) => !columns.includes(key)).map(({ name }) => name),
    headerLines: 0,
    delimiter: undefined,
    pieces,
  };
}

interface Key {
  readonly name: string;
  /** ARRAY where it holds a list anywhere, OBJECT where it holds an object. */
  readonly kinds: readonly string[];
}

/** The keys of the objects. */
async function keysIn(engine: Engine, texts: readonly PlainText[]): Promise<Key[]> {
  const lines = texts.map((text) => `SELECT line FROM ${linesSql(text)} WHERE ${IS_OBJECT}`);
  const objects = `(${lines.join(' UNION ALL ')})`;
  const [[structure]] = await engine.rows(`SELECT json_group_structure(line::JSON)::VARCHAR FROM ${objects}`);
  const types = JSON.parse((structure as string | null) ?? '{}') as Readonly<Record<string, unknown>>;
  const mixed = await mixedKinds(
    engine,
    objects,
    Object.keys(types).filter((name) => types[name] === 'JSON'),
  );
  return Object.entries(types).map(([name, type]) => ({ name, kinds: mixed.get(name) ?? [kindOf(type)] }));
}

function kindOf(type: unknown): string {
  if (Array.isArray(type)) return 'ARRAY';
  return typeof type === 'object' ? 'OBJECT' : 'VALUE';
}

/** What keys hold whose values are not all alike. */
async function mixedKinds(
  engine: Engine,
  objects: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (keys.length === 0) return new Map();
  const kinds = `list_transform(${jsonValues(keys)}, value -> json_type(value))`;
  const each = `SELECT unnest(range(${keys.length}))::INTEGER AS key, unnest(${kinds}) AS kind FROM ${objects}`;
  const found = await engine.rows(`SELECT key, list(DISTINCT kind)::VARCHAR[] FROM (${each}) GROUP BY key`);
  return new Map(
    found.map(([key, own]) => [keys[key as number], (own as DuckDBListValue).items.map(String)]),
  );
}
