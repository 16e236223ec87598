/** Notebooks as Jupyter stores them. */
import fs from 'node:fs';
import { z } from 'zod';
import { UserError } from '../userError';
import { answerSchema } from './answer/answer';

/** Text, which Jupyter stores whole or as a list of lines. */
const text = z.union([z.string(), z.array(z.string())]).transform((lines) => [lines].flat().join(''));

/** The kind of output that holds an answer as data; front ends show the HTML beside it. */
export const ANSWER_TYPE = 'application/vnd.peterrec.answer+json';

/** What an output shows, by kind: the same in several forms, of which a reader is shown the richest. */
const data = z.object({
  // Of an older form it is left out.
  [ANSWER_TYPE]: answerSchema.optional().catch(undefined),
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
  const checked = schema.safeParse(jsonIn(fs.readFileSync(file, 'utf8')));
  if (checked.success) return checked.data.cells;
  throw new UserError(`${file}: expected a notebook, as Jupyter and \`npm run reproduce\` write it`);
}

/** What a text says; nothing where it is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first heading, without its mark; empty where there is none. */
export const titleOf = (markdown: string): string => /^#\s+(.*)$/m.exec(markdown)?.[1] ?? '';
