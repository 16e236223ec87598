/** Notebooks of a few cells, executed by the kernel as `reproduce` executes notebooks. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { python } from '../../lib/setup/tools/project';
import { folderWith } from '../data/folders';
import { type Cell, readNotebook } from '../notebooks/notebook';

const SCRIPT = path.resolve('lib/cli/jupyter/runNotebook.py');

export type Files = { readonly notebook: string; readonly output: string };

/** Writes a notebook into a folder: Markdown if there is any, a cell with parameters, further cells. */
export function notebookOf(sources: readonly string[], markdown?: string): Files {
  const common = { metadata: {}, execution_count: null, outputs: [] };
  const code = ["const parameters = { data: 'a', seeds: 1 };", ...sources].map((source, i) => ({
    ...{ ...common, cell_type: 'code', id: `cell-${i}`, source },
    metadata: i === 0 ? { tags: ['parameters'] } : {},
  }));
  const text = { cell_type: 'markdown', id: 'text', metadata: {}, source: markdown };
  const cells = [...(markdown === undefined ? [] : [text]), ...code];
  const folder = folderWith({
    'a.ipynb': JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
    'b.md': '',
  });
  return { notebook: path.join(folder, 'a.ipynb'), output: path.join(folder, 'out/of/a.ipynb') };
}

/** The arguments of Python that run a notebook. */
export const job = (files: Files, parameters = {}): string[] => [
  SCRIPT,
  JSON.stringify({ ...files, parameters }),
];

/** Runs a notebook to its end. */
export function execute(files: Files, parameters = {}, env = {}) {
  const options = { encoding: 'utf8', timeout: 1_200_000, env: { ...process.env, ...env } } as const;
  return spawnSync(python, job(files, parameters), options);
}

export const executedCells = ({ output }: Files) => readNotebook(output).cells;

export const textOf = ({ outputs }: Cell): string => outputs.map(({ text }) => text).join('');
