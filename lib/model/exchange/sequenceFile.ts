/** Sequences of users from a headerless CSV file: a row a user, oldest item first, rows of any length. */
import Papa from 'papaparse';
import { UserError } from '../../base/userError';
import { linesIn, quoted, readText } from '../../data/card/textFile';
import { itemsOf, type LoadedTrunk } from '../files/trunkFile';
import { embeddingRows } from '../trunk';

/** Cells are items of the data, or the model's own ids. */
export type Ids = 'raw' | 'model';

/** The model's id of a cell, or what was expected where the cell has none. */
export type IdOf = (cell: string) => number | { readonly expected: string };

/** Cells are the model's own ids: rows of an embedding table of `rows` rows. */
export function modelIds(rows: number): IdOf {
  return (cell) => {
    const id = cell.trim();
    return /^\d+$/.test(id) && Number(id) < rows
      ? Number(id)
      : { expected: `an id of the model, 0 to ${rows - 1}` };
  };
}

/** Cells are items of the training data; blanks around them are ignored unless an item has them. */
export function rawIds(items: readonly string[]): IdOf {
  const ids = new Map(items.map((item, i) => [item, i + 1]));
  const expected = `one of the ${items.length} items that the model was trained on`;
  return (cell) => ids.get(cell) ?? ids.get(cell.trim()) ?? { expected };
}

/** The cells of a line; throws a UserError for a stray quote, or a cell that goes on in the next line. */
function cellsOf(line: string, place: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const { data, errors } = Papa.parse<string[]>(line, { delimiter: ',' });
  if (errors.length === 0) return data[0];
  throw new UserError(
    `${place}: expected double quotes around a whole cell or none, closed on the same line, found ${quoted(line)}`,
  );
}

function rowOf(cells: readonly string[], place: string, idOf: IdOf): Int32Array {
  return Int32Array.from(cells, (cell, i) => {
    const id = idOf(cell);
    if (typeof id === 'number') return id;
    throw new UserError(`${place}, column ${i + 1}: expected ${id.expected}, found ${quoted(cell)}`);
  });
}

/** Reads a file whole. A UserError names the file, line and column of what cannot be read. */
export function readSequences(file: string, idOf: IdOf): Int32Array[] {
  const text = readText(file).replace(/\r\n?/g, '\n');
  if (text === '' || text === '\n')
    throw new UserError(`${file}: expected a line of items for each user, found an empty file`);
  return linesIn(text).map((line, i) => {
    const place = `${file}: line ${i + 1}`;
    const cells = cellsOf(line, place);
    if (cells.join('').trim() === '')
      throw new UserError(`${place}: expected the items of a user, found an empty line`);
    return rowOf(cells, place, idOf);
  });
}

/** Reads a file of a trunk's items or ids. */
export function readSequencesFor(trunk: LoadedTrunk, file: string, ids: Ids): Int32Array[] {
  const idOf = ids === 'model' ? modelIds(embeddingRows(trunk.shape)) : rawIds(itemsOf(trunk));
  return readSequences(file, idOf);
}
