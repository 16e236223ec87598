/** Notebooks of a few cells, executed by the kernel as `reproduce` executes notebooks. */
import fs from 'node:fs';
import path from 'node:path';
import { folderWith } from '../datasets/folders';

export const SCRIPT = path.resolve('lib/cli/jupyter/runNotebooks.py');
export const PARAMETERS = "const parameters = { data: 'a', seeds: 1 };";

export interface Output {
  readonly name?: string;
  readonly text?: string;
}

export interface Cell {
  readonly source: readonly string[];
  readonly metadata: { readonly tags?: readonly string[] };
  readonly outputs: readonly Output[];
}

export const codeCell = (source: string, i: number) => ({
  cell_type: 'code',
  id: `cell-${i}`,
  metadata: {},
  execution_count: null,
  outputs: [],
  source,
});

/** Writes a notebook whose first cell holds the parameters into a folder deep inside the project. */
export function notebookOf(...sources: string[]): { notebook: string; output: string } {
  const [first, ...rest] = sources.map(codeCell);
  const cells = [{ ...first, metadata: { tags: ['parameters'] } }, ...rest];
  const folder = folderWith({
    'a.ipynb': JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
  });
  return { notebook: path.join(folder, 'a.ipynb'), output: path.join(folder, 'out', 'a.ipynb') };
}

export function job(
  { notebook, output }: { notebook: string; output: string },
  parameters: object,
): string[] {
  return [SCRIPT, JSON.stringify({ notebooks: [[notebook, output]], parameters })];
}

export function executedCells(file: string): Cell[] {
  return JSON.parse(fs.readFileSync(file, 'utf8')).cells;
}

export function textOf({ outputs }: Cell): string {
  return outputs.map(({ text }) => [text].flat().join('')).join('');
}
