import { basename, join } from 'node:path';
import { UserError } from '../../../base/userError';
import { flawAt, quoted } from '../../card/textFile';
import type { Engine } from '../sql/engine';
import { IS_OBJECT, jsonValues, linesSql, type Piece, parquetColumns } from '../sql/part';
import { bytesOf, namesMatching, pathIn } from '../text/folder';
import { firstLinesOf, writePlainText } from '../text/plainText';
import { CELL_END, trimmed } from '../text/rows';
import { delimiterOf } from './delimiter';
import type { Sheet, SheetColumn, SheetPlace } from './sheet';

const OPENERS = { text: openTextSheet, 'JSON lines': openJsonSheet, Parquet: openParquetSheet } as const;

/** Opens a file or the files of a pattern. Throws a UserError for damaged files and for other columns than the first has. */
export function openSheet(engine: Engine, place: SheetPlace): Promise<Sheet> {
  const names = namesMatching(place.folder, place.part, place.name);
  const [kind, ...others] = new Set(names.map(kindOf));
  if (others.length === 0) return OPENERS[kind](engine, place, names);
  const found = [kind, ...others].join(' and ');
  throw new UserError(`${labelOf(place)}: expected files of one kind, found ${found}`);
}

/** What messages call a table: its file, or the pattern. */
export function labelOf({ folder, part, name }: SheetPlace): string {
  return name.includes('*') ? join(folder.path, name) : pathIn(folder, part, name);
}

export function kindOf(name: string): keyof typeof OPENERS {
  if (/\.parquet$/i.test(name)) return 'Parquet';
  return /\.(jsonl|ndjson|json)(\.gz)?$/i.test(name) ? 'JSON lines' : 'text';
}

/** Parquet files: their own columns, of whatever types. */
async function openParquetSheet(
  engine: Engine,
  { folder, part }: SheetPlace,
  names: readonly string[],
): Promise<Sheet> {
  const pieces: Piece[] = [];
  const nested: string[] = [];
  let columns: SheetColumn[] = [];
  for (const name of names) {
    const label = pathIn(folder, part, name);
    if (folder.members) throw new UserError(`${label}: expected a Parquet file outside an archive`);
    const found = await parquetColumns(engine, label);
    const plain = found.filter(({ type }) => !/^(STRUCT|MAP|UNION)/.test(type));
    nested.push(...found.filter((column) => !plain.includes(column)).map((column) => column.name));
    pieces.push({ label, content: { parquet: label, columns: plain } });
    const own = plain.map((column) => ({ name: column.name, isList: column.type.endsWith('[]') }));
    if (pieces.length === 1) columns = own;
    requireSame(label, own, { name: names[0], columns });
  }
  return { columns, nested, headerLines: 0, delimiter: undefined, pieces };
}

const LINES_LOOKED_AT = 20;

/** Files of separated cells, with a header unless the card names their columns. */
async function openTextSheet(_: Engine, place: SheetPlace, names: readonly string[]): Promise<Sheet> {
  const { folder, part, encoding, onBadRow } = place;
  const delimiter = await delimiterIn(place, names[0]);
  const pieces: Piece[] = [];
  let columns: SheetColumn[] = [];
  for (const [i, name] of names.entries()) {
    const label = pathIn(folder, part, name);
    const options = { label, encoding, onBadRow, delimiter, quotes: true, emptyEnd: true, trims: true };
    const content = await writePlainText(bytesOf(folder, part, name), pathOf(place, i), options);
    const header = place.header ?? soundHeader(label, content.firstLine.split(CELL_END));
    const own = header.map((column) => ({ name: column, isList: false }));
    if (i === 0) columns = own;
    requireSame(label, own, { name: names[0], columns });
    pieces.push({ label, content });
  }
  return { columns, nested: [], headerLines: place.header === undefined ? 1 : 0, delimiter, pieces };
}

async function delimiterIn(place: SheetPlace, name: string): Promise<string> {
  const { folder, part, encoding, header, needed } = place;
  const lines = await firstLinesOf(bytesOf(folder, part, name), LINES_LOOKED_AT, encoding);
  if (/^\s*[[{]\s*["{[]/.test(lines[0] ?? '')) {
    const expected = 'cells, or JSON lines under a name that ends in .json, .jsonl or .ndjson';
    throw flawAt(pathIn(folder, part, name), 1, { column: '1', expected, found: quoted(lines[0]) });
  }
  return delimiterOf(lines, (cells) =>
    header === undefined
      ? needed.every((column) => cells.some((cell) => trimmed(cell) === column))
      : cells.length === header.length,
  );
}

function soundHeader(label: string, header: readonly string[]): readonly string[] {
  if (header.every((name) => name === ''))
    throw flawAt(label, 1, { column: '1', expected: 'a header', found: 'none' });
  const repeated = header.find((name, c) => name !== '' && header.indexOf(name) < c);
  if (repeated === undefined) return header;
  throw flawAt(label, 1, { column: repeated, expected: 'each column once', found: 'it twice' });
}

/** Files of JSON objects, one a line: their keys are the columns, and a missing one is an empty cell. */
async function openJsonSheet(engine: Engine, place: SheetPlace, names: readonly string[]): Promise<Sheet> {
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
  const keys = await jsonKeys(engine, `(${lines.join(' UNION ALL ')})`);
  const columns = keys.filter(({ isNested }) => !isNested);
  if (columns.length === 0) {
    const expected = 'JSON objects with texts, numbers or lists, one a line';
    throw flawAt(pieces[0].label, 1, { column: '1', expected, found: 'none in the file' });
  }
  const nested = keys.filter(({ isNested }) => isNested).map(({ name }) => name);
  return { columns, nested, headerLines: 0, delimiter: undefined, pieces };
}

/** The keys of JSON objects (SQL), and whether a value under them is a list or an object. */
async function jsonKeys(engine: Engine, objects: string) {
  const [[structure]] = await engine.rows(`SELECT json_group_structure(line::JSON)::VARCHAR FROM ${objects}`);
  const types = Object.entries(JSON.parse((structure as string | null) ?? '{}') as Record<string, unknown>);
  const keys: (SheetColumn & { readonly isNested: boolean })[] = [];
  for (const [name, type] of types) {
    let [isList, isNested] = [Array.isArray(type), typeof type === 'object' && !Array.isArray(type)];
    if (type === 'JSON') {
      const kinds = `SELECT json_type(${jsonValues([name])}[1]) AS kind FROM ${objects}`;
      const found = await engine.rows(`SELECT DISTINCT kind FROM (${kinds})`);
      [isList, isNested] = ['ARRAY', 'OBJECT'].map((kind) => found.some(([own]) => own === kind));
    }
    keys.push({ name, isList, isNested });
  }
  return keys;
}

/** Where the checked text of a file of a pattern goes. */
const pathOf = ({ work, part }: SheetPlace, i: number) => join(work, `${part}${i}`);

/** Throws a UserError where a file of a pattern has other columns than the first one. */
function requireSame(
  label: string,
  found: readonly SheetColumn[],
  first: { readonly name: string; readonly columns: readonly SheetColumn[] },
): void {
  const [own, others] = [found, first.columns].map((columns) => columns.map(({ name }) => name));
  const width = Math.max(own.length, others.length);
  const c = Array.from({ length: width }, (_, i) => i).find((i) => own[i] !== others[i]);
  if (c === undefined) return;
  const expected = `the columns of ${basename(first.name)}, ${others.join(', ')}`;
  throw flawAt(label, 1, { column: String(c + 1), expected, found: own[c] ?? 'none' });
}
