/** Notebooks as Jupyter stores them. */
import fs from 'node:fs';
import { z } from 'zod';
import { UserError } from '../base/userError';

/** Text, which Jupyter stores whole or as a list of lines. */
const text = z.union([z.string(), z.array(z.string())]).transform((lines) => [lines].flat().join(''));

const cell = z.object({ cell_type: z.string(), source: text });

const schema = z.object({ cells: z.array(cell) });

export type Cell = z.infer<typeof cell>;

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
