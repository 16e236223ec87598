import type { Answer } from '../answer/answer';
import { ANSWER_TYPE, type OutputData, readCells, titleOf } from '../notebookFile';

/** What a cell left below it: Markdown, or the plain text that stands for a table or a figure. */
export type Shown = { readonly kind: 'words' | 'plain'; readonly text: string };

export interface ExecutedNotebook {
  /** The first heading, without its mark. */
  readonly title: string;
  /** In the order of the cells, all but the answer. */
  readonly shown: readonly Shown[];
  /** What the last cell with code says, as data or in Markdown; undefined where the run ended before it. */
  readonly answer: Answer | string | undefined;
}

/** What a reader sees of an executed notebook; throws where the file is none. */
export function readExecuted(file: string): ExecutedNotebook {
  const cells = readCells(file);
  const words = cells.find(({ cell_type }) => cell_type === 'markdown');
  const code = cells.filter(({ cell_type, source }) => cell_type === 'code' && source.trim() !== '');
  const outputs = code.flatMap((cell) => cell.outputs.map(({ data }) => data));
  const last = code.at(-1)?.outputs.find(({ data }) => answerIn(data) !== undefined)?.data;
  return {
    title: titleOf(words?.source ?? ''),
    shown: outputs.filter((data) => data !== last).flatMap(shownOf),
    answer: last && answerIn(last),
  };
}

const answerIn = (data: OutputData): Answer | string | undefined =>
  data[ANSWER_TYPE] ?? data['text/markdown'];

function shownOf({ 'text/markdown': words, 'text/plain': plain }: OutputData): Shown[] {
  if (words !== undefined) return [{ kind: 'words', text: words }];
  return plain === undefined ? [] : [{ kind: 'plain', text: plain }];
}
