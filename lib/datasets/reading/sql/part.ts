import type { Dropped } from '../../card/dropped';
import type { Check, Layout } from '../formats/layout';
import type { PlainText } from '../text/plainText';
import { identifier, literal } from './engine';

export interface RawFile {
  /** What messages call the file. */
  readonly label: string;
  readonly layout: Layout;
  /** Checked text, or a Parquet file. */
  readonly content: PlainText | { readonly parquet: string };
  readonly onBadRow: 'error' | 'drop';
}

/**
 * The table `name` has the kept fields as columns (see `columnName`), `rowid` as the row's place in the file, and `flaw`: NULL, a number
 * of cells (negative) where these are too few or too many, or the place in `checks` (from 1) of what failed.
 */
export interface Part extends RawFile {
  readonly name: string;
  readonly checks: Check[];
  readonly dropped: Dropped[];
}

/** SQL of the file's rows as lists of texts, `cells`. */
export function rowsSql({ content, layout }: RawFile): string {
  if ('parquet' in content) {
    const cells = layout.fields.map(({ name, type }) => parquetCell(identifier(name), type.endsWith('_seq')));
    return `(SELECT [${cells.join(', ')}] AS cells FROM read_parquet(${literal(content.parquet)}))`;
  }
  const line = `read_csv(${literal(content.path)}, auto_detect = false, columns = {'line': 'VARCHAR'}, delim = '\u0001',
    header = false, skip = ${layout.headerLines}, quote = '', escape = '', comment = '', new_line = '\\n',
    strict_mode = true, null_padding = false, ignore_errors = false)`;
  return `(SELECT string_split(coalesce(line, ''), ${literal(layout.delimiter)}) AS cells FROM ${line})`;
}

/** A value of a Parquet file as the text that it would have in a text file; a missing one is empty. */
function parquetCell(column: string, isSequence: boolean): string {
  const text = isSequence ? `array_to_string(${column}, chr(31))` : `CAST(${column} AS VARCHAR)`;
  return `coalesce(${text}, '')`;
}
