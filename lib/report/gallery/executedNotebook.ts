import fs from 'node:fs';
import { z } from 'zod';

/** Text of Jupyter's format, which stores it whole or as a list of lines. */
const text = z.union([z.string(), z.array(z.string())]).transform((lines) => [lines].flat().join(''));
const data = z.object({ 'text/markdown': text.optional(), 'text/plain': text.optional() });
const cell = z.object({
  cell_type: z.string(),
  source: text,
  outputs: z.array(z.object({ data: data.optional() })).default([]),
});
const schema = z.object({ cells: z.array(cell) });

/** What a cell left below it: Markdown, or the plain text that stands for a table or a figure. */
export type Shown = { readonly kind: 'words' | 'plain'; readonly text: string };

export interface ExecutedNotebook {
  /** The first heading, without its mark. */
  readonly title: string;
  /** In the order of the cells, all but the answer. */
  readonly shown: readonly Shown[];
  /** What the last cell says, in Markdown; undefined where the run ended before it. */
  readonly answer: string | undefined;
}

/** What a reader sees of an executed notebook; throws where the file is none. */
export function readExecuted(file: string): ExecutedNotebook {
  const { cells } = schema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  const words = cells.find(({ cell_type }) => cell_type === 'markdown');
  const code = cells.filter(({ cell_type }) => cell_type === 'code');
  const shown = code.map(({ outputs }) => outputs.flatMap((output) => shownOf(output.data ?? {})));
  const answer = shown.at(-1)?.find(({ kind }) => kind === 'words');
  return {
    title: /^#\s+(.*)$/m.exec(words?.source ?? '')?.[1] ?? '',
    shown: shown.flat().filter((part) => part !== answer),
    answer: answer?.text,
  };
}

function shownOf({ 'text/markdown': words, 'text/plain': plain }: z.infer<typeof data>): Shown[] {
  if (words !== undefined) return [{ kind: 'words', text: words }];
  return plain === undefined ? [] : [{ kind: 'plain', text: plain }];
}
