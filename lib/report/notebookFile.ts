/** Notebooks as Jupyter stores them, and what a reader sees of an executed one. */
import fs from 'node:fs';
import { z } from 'zod';
import { UserError } from '../base/userError';
import { type Answer, answerSchema } from './answer/answer';

/** Text, which Jupyter stores whole or as a list of lines. */
const text = z.union([z.string(), z.array(z.string())]).transform((lines) => [lines].flat().join(''));

/** The kind of output that holds an answer as data; front ends show the HTML beside it. */
export const ANSWER_TYPE = 'application/vnd.peterrec.answer+json';

/** An output by kind: the same thing in several forms. */
const data = z.object({
  [ANSWER_TYPE]: answerSchema.optional().catch(undefined), // of an older form: left out
  'application/vnd.plotly.v1+json': z.record(z.string(), z.unknown()).optional(),
  'image/svg+xml': text.optional(),
  'text/html': text.optional(),
  'text/markdown': text.optional(),
  'text/plain': text.optional(),
});

const cell = z.object({
  cell_type: z.string(),
  source: text,
  outputs: z.array(z.object({ data: data.default({}) })).default([]),
});

const schema = z.object({ cells: z.array(cell) });

export type Cell = z.infer<typeof cell>;
export type OutputData = z.infer<typeof data>;

/** The cells of a notebook; throws a UserError that names the file where it is none. */
export function readCells(file: string): Cell[] {
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, 'utf8'))).cells;
  } catch {
    throw new UserError(`${file}: expected a notebook, as Jupyter and \`npm run reproduce\` write it`);
  }
}

/** The first heading, without its mark; empty where there is none. */
export const titleOf = (markdown: string): string => /^#\s+(.*)$/m.exec(markdown)?.[1] ?? '';

/** An output: Markdown, or the plain text that stands for a table or a figure. */
export type Shown = { readonly kind: 'words' | 'plain'; readonly text: string };

export interface ExecutedNotebook {
  readonly title: string;
  /** In the order of the cells, all but the answer. */
  readonly shown: readonly Shown[];
  /** What the last cell with code says, as data or in Markdown; undefined where the run ended before it. */
  readonly answer: Answer | string | undefined;
}

/** What a reader sees of an executed notebook; throws a UserError where the file is none. */
export function readExecuted(file: string): ExecutedNotebook {
  const cells = readCells(file);
  const words = cells.find(({ cell_type }) => cell_type === 'markdown');
  const code = cells.filter(({ cell_type, source }) => cell_type === 'code' && source.trim() !== '');
  const last = code.at(-1)?.outputs.find(({ data }) => answerIn(data) !== undefined);
  const outputs = code.flatMap((cell) => cell.outputs).filter((output) => output !== last);
  return {
    title: titleOf(words?.source ?? ''),
    shown: outputs.flatMap(({ data }) => shownOf(data)),
    answer: last && answerIn(last.data),
  };
}

const answerIn = (data: OutputData): Answer | string | undefined =>
  data[ANSWER_TYPE] ?? data['text/markdown'];

const shownOf = ({ 'text/markdown': words, 'text/plain': plain }: OutputData): Shown | [] =>
  words !== undefined
    ? { kind: 'words', text: words }
    : plain === undefined
      ? []
      : { kind: 'plain', text: plain };
