/** Sequences of users from a headerless CSV file, a row a user, oldest item first, rows of any length; and JSON lines out. */
import Papa from 'papaparse';
import { UserError } from '../../base/userError';
import { linesIn, quoted, readText } from '../../data/card/textFile';
import { itemsOf, type LoadedTrunk } from '../files/trunkFile';
import { type AnyInsertion, addedTo } from '../patches/patches';
import { embeddingRows } from '../trunks/trunk';

/** Cells are items of the data, or the model's own ids. */
export type Ids = 'raw' | 'model';

/** The model's id of a cell; absent where the cell has none. */
type IdOf = { readonly expected: string; readonly find: (cell: string) => number | undefined };

/** Cells are the model's own ids: rows of an embedding table of `rows` rows. */
export const modelIds = (rows: number): IdOf => ({
  expected: `an id of the model, 0 to ${rows - 1}`,
  find: (cell) => (/^\s*\d+\s*$/.test(cell) && Number(cell) < rows ? Number(cell) : undefined),
});

/** Cells are items of the training data; blanks around them are ignored unless an item has them. */
export function rawIds(items: readonly string[]): IdOf {
  const ids = new Map(items.map((item, i) => [item, i + 1]));
  const expected = `one of the ${items.length} items that the model was trained on`;
  return { expected, find: (cell) => ids.get(cell) ?? ids.get(cell.trim()) };
}

/** The cells of a line; throws a UserError for a stray quote, or a cell that goes on in the next line. */
function cellsOf(line: string, place: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const { data, errors } = Papa.parse<string[]>(line, { delimiter: ',' });
  if (errors.length === 0) return data[0];
  const expected = 'double quotes around a whole cell or none, closed on the same line';
  throw new UserError(`${place}: expected ${expected}, found ${quoted(line)}`);
}

/** Reads a file whole. A UserError names the file, line and column of what cannot be read. */
export function readSequences(file: string, { find, expected }: IdOf): Int32Array[] {
  const text = readText(file).replace(/\r\n?/g, '\n');
  if (text === '' || text === '\n')
    throw new UserError(`${file}: expected a line of items for each user, found an empty file`);
  return linesIn(text).map((line, i) => {
    const place = `${file}: line ${i + 1}`;
    const cells = cellsOf(line, place);
    if (cells.join('').trim() === '')
      throw new UserError(`${place}: expected the items of a user, found an empty line`);
    return Int32Array.from(cells, (cell, c) => {
      const id = find(cell);
      if (id !== undefined) return id;
      throw new UserError(`${place}, column ${c + 1}: expected ${expected}, found ${quoted(cell)}`);
    });
  });
}

/** Reads a file of a trunk's items or ids. Throws a UserError for ids where a prompt stands among the items. */
export function readSequencesFor(
  trunk: LoadedTrunk,
  file: string,
  ids: Ids,
  insertion?: AnyInsertion,
): Int32Array[] {
  if (ids === 'model' && addedTo(insertion) > 0)
    throw new UserError('--ids model: expected --ids raw, since a prompt stands among the items');
  return readSequences(file, ids === 'model' ? modelIds(embeddingRows(trunk.shape)) : rawIds(itemsOf(trunk)));
}

/** `{ "row": n, … }` a line, n from `first` on. Numbers have nine digits, which give the same float32 again. */
export function* numbered(rows: Iterable<object>, first: number): Generator<string> {
  const shortened = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value;
  let row = first;
  for (const content of rows) yield `${JSON.stringify({ row: row++, ...content }, shortened)}\n`;
}
