import { type OutputData, readCells, titleOf } from '../notebookFile';

/** What a cell left below it: Markdown, or the plain text that stands for a table or a figure. */
export type Shown = { readonly kind: 'words' | 'plain'; readonly text: string };

export interface ExecutedNotebook {
  /** The first heading, without its mark. */
  readonly title: string;
  /** In the order of the cells, all but the answer. */
  readonly shown: readonly Shown[];
  /** What the last cell with code says, in Markdown; undefined where the run ended before it. */
  readonly answer: string | undefined;
}

/** What a reader sees of an executed notebook; throws where the file is none. */
export function readExecuted(file: string): ExecutedNotebook {
  const cells = readCells(file);
  const words = cells.find(({ cell_type }) => cell_type === 'markdown');
  const code = cells.filter(({ cell_type, source }) => cell_type === 'code' && source.trim() !== '');
  const shown = code.map(({ outputs }) => outputs.flatMap(({ data }) => shownOf(data)));
  const answer = shown.at(-1)?.find(({ kind }) => kind === 'words');
  return {
    title: titleOf(words?.source ?? ''),
    shown: shown.flat().filter((part) => part !== answer),
    answer: answer?.text,
  };
}

function shownOf({ 'text/markdown': words, 'text/plain': plain }: OutputData): Shown[] {
  if (words !== undefined) return [{ kind: 'words', text: words }];
  return plain === undefined ? [] : [{ kind: 'plain', text: plain }];
}
