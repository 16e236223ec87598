/** Sequences of users from a headerless CSV file: a row a user, oldest item first, rows of any length. */
import fs from 'node:fs';
import Papa from 'papaparse';
import { embeddingRows } from '../model/trunk';
import { itemsOf, type LoadedTrunk } from '../modelFiles/trunkFile';
import { UserError } from '../userError';

/** What the cells of a file are: items of the data, or the model's own ids. */
export type Ids = 'raw' | 'model';

/** The model's id of a cell, or what was expected where the cell has none. */
export type IdOf = (cell: string) => number | { readonly expected: string };

/** Cells are the model's own ids: rows of an embedding table of `rows` rows. */
export function modelIds(rows: number): IdOf {
  return (cell) =>
    /^\d+$/.test(cell) && Number(cell) < rows
      ? Number(cell)
      : { expected: `an id of the model, 0 to ${rows - 1}` };
}

/** Cells are items of the data that the model was trained on. */
export function rawIds(items: readonly string[]): IdOf {
  const ids = new Map(items.map((item, i) => [item, i + 1]));
  const expected = `one of the ${items.length} items that the model was trained on`;
  return (cell) => ids.get(cell) ?? { expected };
}

function rowOf(cells: readonly string[], line: number, file: string, idOf: IdOf): Int32Array {
  if (cells.join('').trim() === '')
    throw new UserError(`${file}: line ${line} is empty: expected the items of a user`);
  return Int32Array.from(cells, (cell, i) => {
    const id = idOf(cell.trim());
    if (typeof id === 'number') return id;
    throw new UserError(`${file}: line ${line}, column ${i + 1}: '${cell}', expected ${id.expected}`);
  });
}

/** Reads a file whole. A UserError names the file, line and column of what cannot be read. */
export function readSequences(file: string, idOf: IdOf): Int32Array[] {
  const text = fs
    .readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '');
  if (text === '')
    throw new UserError(`${file}: expected a line of items for each user, found an empty file`);
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',' });
  if (errors.length > 0)
    throw new UserError(`${file}: line ${(errors[0].row ?? 0) + 1}: ${errors[0].message}`);
  return data.map((cells, i) => rowOf(cells, i + 1, file, idOf));
}

/** Reads a file of a trunk's items or ids. */
export function readSequencesFor(trunk: LoadedTrunk, file: string, ids: Ids): Int32Array[] {
  const idOf = ids === 'model' ? modelIds(embeddingRows(trunk.shape)) : rawIds(itemsOf(trunk));
  return readSequences(file, idOf);
}
