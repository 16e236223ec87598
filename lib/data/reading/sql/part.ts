import { UserError } from '../../../base/userError';
import type { Dropped } from '../../card/dropped';
import type { Check, Layout } from '../formats/layout';
import type { PlainText } from '../text/plainText';
import { BAD_ROW, LINE_BREAK } from '../text/rows';
import { type Engine, identifier, literal, outOfMemory } from './engine';

/** Checked text, checked lines of JSON objects, or a Parquet file with the columns that are the fields of its layout. */
export type Content =
  | PlainText
  | { readonly jsonLines: PlainText }
  | { readonly parquet: string; readonly columns: readonly ParquetColumn[] };

interface ParquetColumn {
  readonly name: string;
  /** The SQL engine's type. */
  readonly type: string;
}

/** A file with rows of a layout. */
export interface Piece {
  /** Name of the file in messages. */
  readonly label: string;
  readonly content: Content;
}

/** The checked text of a piece; undefined for Parquet. */
export function textOf({ content }: Piece): PlainText | undefined {
  if ('parquet' in content) return undefined;
  return 'jsonLines' in content ? content.jsonLines : content;
}

export interface RawFile {
  /** Name in messages: the file, or the pattern of several. */
  readonly label: string;
  readonly layout: Layout;
  /** One file, or several whose rows follow each other. */
  readonly pieces: readonly Piece[];
  readonly onBadRow: 'error' | 'drop';
}

/**
 * The table `name` has the kept fields as columns (see `columnName`), `rowid` as the row's place in the pieces, and `flaw`: NULL, a number
 * of cells (negative) where these are too few or too many, or the place in `checks` (from 1) of what failed.
 */
export interface Part extends RawFile {
  readonly name: string;
  /** How many rows each piece has. */
  readonly rows: readonly number[];
  readonly checks: Check[];
  readonly dropped: Dropped[];
}

/** SQL of a piece's rows as lists of texts, `cells`; NULL for a line that is no JSON object or a bad row. */
export function rowsSql({ content }: Piece, layout: Layout): string {
  if ('parquet' in content) {
    const cells = content.columns.map((column, c) =>
      parquetCell(column, layout.fields[c].type.endsWith('_seq')),
    );
    return `(SELECT [${cells.join(', ')}] AS cells FROM ${parquetSql(content.parquet)})`;
  }
  if ('jsonLines' in content) {
    const values = jsonValues(layout.fields.map(({ name, heading = name }) => heading));
    const cells = `list_transform(${values}, value -> ${jsonCell('value')})`;
    return `(SELECT CASE WHEN ${IS_OBJECT} THEN ${cells} END AS cells FROM ${linesSql(content.jsonLines)})`;
  }
  const lines = linesSql(content, layout.headerLines);
  const line = content.breaks.length > 0 ? `replace(line, ${literal(LINE_BREAK)}, chr(10))` : 'line';
  const split = `string_split(coalesce(${line}, ''), ${literal(layout.delimiter)})`;
  const cells =
    content.bad > 0 ? `CASE WHEN line IS DISTINCT FROM ${literal(BAD_ROW)} THEN ${split} END` : split;
  return `(SELECT ${cells} AS cells FROM ${lines})`;
}

/** SQL of the lines of checked text, `line`. */
export function linesSql({ path }: PlainText, skip = 0): string {
  return `read_csv(${literal(path)}, auto_detect = false, columns = {'line': 'VARCHAR'}, delim = '\u0001',
    header = false, skip = ${skip}, quote = '', escape = '', comment = '', new_line = '\\n',
    strict_mode = true, null_padding = false, ignore_errors = false, hive_partitioning = false)`;
}

/** SQL of whether a line is a JSON object. */
export const IS_OBJECT = `CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END`;

/** SQL of the list of values that a JSON object has under keys: one query for each key would read the object as often. */
export function jsonValues(keys: readonly string[]): string {
  const paths = keys.map((key) => literal(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  return `json_extract(line, [${paths.join(', ')}])`;
}

/** A value of a JSON object as text; one that is missing or null is empty. */
function jsonCell(value: string): string {
  const list = `array_to_string(json_extract_string(${value}, '$[*]'), chr(31))`;
  return `coalesce(CASE json_type(${value}) WHEN 'ARRAY' THEN ${list} ELSE ${value}->>'$' END, '')`;
}

/** SQL of a Parquet file; texts that it does not call texts are read as such, and the names of folders say nothing of it. */
const parquetSql = (file: string) =>
  `read_parquet(${literal(file)}, binary_as_string = true, hive_partitioning = false)`;

/**
 * A value of a Parquet file as the text that it would have in a text file; a missing one is empty. A whole number is written as
 * one, with all its digits: where some ids are missing, pandas stores all of them with a fraction.
 */
function parquetCell({ name, type }: ParquetColumn, isSequence: boolean): string {
  const column = identifier(name);
  if (isSequence) return `coalesce(array_to_string(${column}, chr(31)), '')`;
  const text = `CAST(${column} AS VARCHAR)`;
  if (type !== 'FLOAT' && type !== 'DOUBLE') return `coalesce(${text}, '')`;
  const whole = `CASE WHEN ${column} = trunc(${column}) THEN CAST(TRY_CAST(${column} AS HUGEINT) AS VARCHAR) END`;
  return `coalesce(${whole}, ${text}, '')`;
}

/** The columns of a Parquet file. Throws a UserError where it is damaged or another kind of file. */
export async function parquetColumns(engine: Engine, file: string): Promise<ParquetColumn[]> {
  if (/[*?[]/.test(file))
    throw new UserError(`${file}: expected a path without * ? and [, which are patterns`);
  try {
    const columns = await engine.rows(`DESCRIBE SELECT * FROM ${parquetSql(file)}`);
    return columns.map(([name, type]) => ({ name: String(name), type: String(type) }));
  } catch (error) {
    throw notParquet(file, error);
  }
}

/** The error to throw where rows of a piece could not be read: some damage of Parquet files is only found then. */
export function unreadable({ label, content }: Piece, error: unknown): unknown {
  const cause = outOfMemory(label, error);
  return 'parquet' in content && cause === error ? notParquet(content.parquet, error) : cause;
}

function notParquet(file: string, error: unknown): UserError {
  return new UserError(`${file}: expected a Parquet file, found ${(error as Error).message.split('\n')[0]}`);
}
