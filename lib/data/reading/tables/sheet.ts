import { basename, join } from 'node:path';
import { UserError } from '../../../base/userError';
import type { Card } from '../../card/card';
import { flawAt, quoted } from '../../card/textFile';
import { type Field, type Format, ID_OF, type Layout, type PartName } from '../formats/layout';
import type { Engine } from '../sql/engine';
import { type Content, IS_OBJECT, jsonValues, linesSql, type Piece, parquetColumns } from '../sql/part';
import { bytesOf, type Folder, namesMatching, pathIn } from '../text/folder';
import { firstLinesOf, writePlainText } from '../text/plainText';
import { CELL_END, trimmed } from '../text/rows';
import { cellsBy, delimiterOf } from './delimiter';

/** A table before its columns have a meaning. */
export type Sheet = Readonly<Awaited<ReturnType<typeof openSheet>>>;

interface SheetColumn {
  readonly name: string;
  /** Whether its values are lists, as in Parquet and JSON. */
  readonly isList: boolean;
}

/** Where a table lies and what is known of it beforehand. */
export interface SheetPlace {
  readonly folder: Folder;
  /** A folder for checked text. */
  readonly work: string;
  /** The card's key of the file, and its name or pattern. */
  readonly part: string;
  readonly name: string;
  readonly encoding: string;
  readonly onBadRow: 'error' | 'drop';
  /** The names of the columns, where the file does not have them. */
  readonly header: readonly string[] | undefined;
  /** Columns that a header must have. */
  readonly needed: readonly string[];
  /** How the text of a published format is written, which reads its header itself; absent: that is found. */
  readonly written?: ReturnType<Format['written']> | undefined;
}

/** Opens a file or the files of a pattern. Throws a UserError for damaged files and for other columns than the first has. */
export async function openSheet(engine: Engine, place: SheetPlace) {
  const { folder, part, encoding, onBadRow, header, written } = place;
  const names = namesMatching(folder, part, place.name);
  const [kind, ...others] = new Set(names.map(kindOf));
  if (others.length > 0) {
    const found = [kind, ...others].join(' and ');
    throw new UserError(`${labelOf(place)}: expected files of one kind, found ${found}`);
  }
  if (written && kind !== 'text')
    throw new UserError(`${labelOf(place)}: expected text; with "columns" in the card ${kind} is read too`);
  const found = async () => (kind === 'text' ? await delimiterIn(place, names[0]) : undefined);
  const delimiter = written?.delimiter ?? (await found());
  const quotes = written?.quotes ?? kind === 'text';
  const between = delimiter === undefined || quotes ? CELL_END : delimiter;
  const pieces: Piece[] = [];
  for (const [i, name] of names.entries()) {
    const label = pathIn(folder, part, name);
    const content = async (): Promise<Content> => {
      if (kind === 'Parquet') return parquetContent(engine, label, folder);
      const isFound = written === undefined;
      const cells = { delimiter: delimiter ?? CELL_END, quotes, trims: isFound && kind === 'text' };
      const options = { label, encoding, onBadRow, emptyEnd: isFound, ...cells };
      const text = await writePlainText(
        bytesOf(folder, part, name),
        join(place.work, `${part}${i}`),
        options,
      );
      return kind === 'text' ? text : { jsonLines: text };
    };
    pieces.push({ label, content: await content() });
  }
  const columns =
    kind === 'JSON lines' ? await jsonColumns(engine, pieces) : sameColumns(pieces, between, place);
  const headerLines: 0 | 1 = kind === 'text' && header === undefined ? 1 : 0;
  return {
    /** In the order of the cells; a column without a name is an index that pandas wrote. */
    columns,
    headerLines,
    /** Delimiter of the cells of a file of text, and what stands between those of its checked text. */
    delimiter,
    between,
    pieces,
  };
}

/** Name of a table in messages: its file, or the pattern. */
export function labelOf({ folder, part, name }: SheetPlace): string {
  return name.includes('*') ? join(folder.path, name) : pathIn(folder, part, name);
}

function kindOf(name: string): 'Parquet' | 'JSON lines' | 'text' {
  if (/\.parquet$/i.test(name)) return 'Parquet';
  return /\.(jsonl|ndjson|json)(\.gz)?$/i.test(name) ? 'JSON lines' : 'text';
}

const LINES_LOOKED_AT = 20;

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

/** A Parquet file with the columns that hold no objects, of whatever types. */
async function parquetContent(engine: Engine, label: string, folder: Folder): Promise<Content> {
  if (folder.members) throw new UserError(`${label}: expected a Parquet file outside an archive`);
  const columns = await parquetColumns(engine, label);
  return { parquet: label, columns: columns.filter(({ type }) => !/^(STRUCT|MAP|UNION)/.test(type)) };
}

/** The columns of the first piece. Throws a UserError where another one has others. */
function sameColumns(
  pieces: readonly Piece[],
  between: string,
  { header, written }: SheetPlace,
): SheetColumn[] {
  const columnsOf = ({ label, content }: Piece): SheetColumn[] => {
    if ('columns' in content)
      return content.columns.map(({ name, type }) => ({ name, isList: type.endsWith('[]') }));
    if ('jsonLines' in content) return [];
    const first = content.firstLine.split(between);
    if (header?.join(CELL_END) === first.join(CELL_END)) {
      const expected = `rows alone, as "header" of the card names their columns`;
      throw flawAt(label, 1, { column: '1', expected, found: 'the header itself' });
    }
    const names = header ?? (written ? first : soundHeader(label, first));
    return names.map((name) => ({ name, isList: false }));
  };
  const columns = columnsOf(pieces[0]);
  for (const piece of pieces.slice(1)) {
    const [names, found] = [columns, columnsOf(piece)].map((own) => own.map(({ name }) => name).join(', '));
    const expected = `the columns of ${basename(pieces[0].label)}, ${names}`;
    if (found !== names) throw flawAt(piece.label, 1, { column: '1', expected, found });
  }
  return columns;
}

function soundHeader(label: string, header: readonly string[]): readonly string[] {
  if (header.every((name) => name === ''))
    throw flawAt(label, 1, { column: '1', expected: 'a header', found: 'none' });
  const repeated = header.find((name, c) => name !== '' && header.indexOf(name) < c);
  if (repeated === undefined) return header;
  throw flawAt(label, 1, { column: repeated, expected: 'each column once', found: 'it twice' });
}

/** The keys of JSON objects, one a line, that hold no object; a missing key is an empty cell. */
async function jsonColumns(engine: Engine, pieces: readonly Piece[]): Promise<SheetColumn[]> {
  const lines = pieces.flatMap(({ content }) =>
    'jsonLines' in content ? `SELECT line FROM ${linesSql(content.jsonLines)} WHERE ${IS_OBJECT}` : [],
  );
  const objects = `(${lines.join(' UNION ALL ')})`;
  const [[structure]] = await engine.rows(`SELECT json_group_structure(line::JSON)::VARCHAR FROM ${objects}`);
  const types = Object.entries(JSON.parse((structure as string | null) ?? '{}') as Record<string, unknown>);
  const columns: SheetColumn[] = [];
  for (const [name, type] of types) {
    let [isList, isNested] = [Array.isArray(type), typeof type === 'object' && !Array.isArray(type)];
    if (type === 'JSON') {
      const kinds = `SELECT json_type(${jsonValues([name])}[1]) AS kind FROM ${objects}`;
      const found = await engine.rows(`SELECT DISTINCT kind FROM (${kinds})`);
      [isList, isNested] = ['ARRAY', 'OBJECT'].map((kind) => found.some(([own]) => own === kind));
    }
    if (!isNested) columns.push({ name, isList });
  }
  if (columns.length > 0) return columns;
  const expected = 'JSON objects with texts, numbers or lists, one a line';
  throw flawAt(pieces[0].label, 1, { column: '1', expected, found: 'none in the file' });
}

/** Layout of the rows of a table once its columns are fields. */
export function layoutOf(sheet: Sheet, fields: readonly Field[], separator = CELL_END): Layout {
  const { delimiter, between, headerLines } = sheet;
  const cells = delimiter === undefined ? 'columns' : cellsBy(delimiter);
  return { fields, delimiter: between, cells, separator, headerLines };
}

const ROLES = { user: 'user_id', item: 'item_id', time: 'timestamp' } as const;
type Roles = Readonly<Record<string, (typeof ROLES)[keyof typeof ROLES]>>;

/** By the name of a column that the card names, the field that the reading knows. */
export function rolesOf({ columns }: Pick<Card, 'columns'>, part: PartName): Roles {
  const named = Object.entries(columns?.[part] ?? {}).filter(([, column]) => column !== null);
  return Object.fromEntries(named.map(([role, column]) => [column, ROLES[role as keyof typeof ROLES]]));
}

/** The fields of a file. A column without a name, or called as the ids without being them, is only counted. */
export function fieldsOf(columns: readonly SheetColumn[], roles: Roles, part: PartName): Field[] {
  return columns.map(({ name: heading, isList }): Field => {
    const common = { heading, marked: true };
    if (Object.hasOwn(roles, heading)) {
      const name = roles[heading];
      return { ...common, name, type: name === 'timestamp' ? 'time' : 'token', required: true };
    }
    const name = part !== 'interactions' && heading === ID_OF[part] ? '' : heading;
    return { ...common, name, type: isList ? 'token_seq' : 'token', required: false };
  });
}
