/** Jupyter's notebook format, as far as the tests read it. */
import fs from 'node:fs';

export interface Output {
  readonly output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  /** stdout or stderr, of a stream. */
  readonly name?: string;
  readonly text?: string;
  /** By MIME type; text is in one piece. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Cell {
  readonly id: string;
  readonly cell_type: 'markdown' | 'code';
  readonly source: string;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly outputs: readonly Output[];
  readonly execution_count: number | null;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly kernelspec: { readonly name: string } };
}

/** Reads a notebook; sources and texts, which the format stores as lists of lines, become one string. */
export function readNotebook(file: string): Notebook {
  return JSON.parse(fs.readFileSync(file, 'utf8'), (key, value) =>
    Array.isArray(value) && (key === 'source' || key === 'text' || key.includes('/'))
      ? value.join('')
      : value,
  );
}

export function codeCells({ cells }: Notebook): Cell[] {
  return cells.filter(({ cell_type }) => cell_type === 'code');
}

export function outputsOf(notebook: Notebook): Output[] {
  return codeCells(notebook).flatMap(({ outputs }) => outputs);
}

/** Outputs that tell of an error, or of what went wrong beside the cell. */
export function complaints(notebook: Notebook): Output[] {
  return outputsOf(notebook).filter(
    ({ output_type, name }) => output_type === 'error' || (output_type === 'stream' && name === 'stderr'),
  );
}

/** What there is to read of outputs: scripts are left out. */
export const readable = (shown: readonly unknown[]): string =>
  shown.join('\n').replace(/<script>.*?<\/script>/gs, '');

/** The representations of the outputs in one format, such as text/markdown. */
export function shownAs(notebook: Notebook, format: string): unknown[] {
  return outputsOf(notebook).flatMap(({ data = {} }) => (format in data ? [data[format]] : []));
}
