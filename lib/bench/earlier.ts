/** Lines of a run beside those of an earlier one, as `npm run bench -- NAME --json` printed them into a file. */
import fs from 'node:fs';
import { z } from 'zod';
import { shown, UserError } from '../userError';
import type { Report } from './benchmark';

const line = z.object({
  name: z.string(),
  size: z.string(),
  ours_ms: z.number().positive(),
  ratio: z.number().positive(),
  low: z.number().positive(),
  high: z.number().positive(),
  ours_isa: z.string(),
  peer_isa: z.string(),
});
export type Earlier = z.infer<typeof line>;

function readLine(text: string, where: string): Earlier {
  try {
    return line.parse(JSON.parse(text));
  } catch (error) {
    const why =
      error instanceof z.ZodError ? `${error.issues[0].path.join('.')}: ${error.issues[0].message}` : '';
    const expected = 'expected a line of `npm run bench -- NAME --json`';
    throw new UserError(`${where}: ${expected}, found ${shown(text.slice(0, 60))}${why && ` (${why})`}`);
  }
}

/** Nothing, or what npm says before a command. */
const isSilent = (text: string) => text.trim() === '' || text.startsWith('> ');

/** The lines of a file. Throws a UserError that names the line which is none. */
export function readEarlier(file: string): Earlier[] {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const found = lines.flatMap((text, i) => (isSilent(text) ? [] : [readLine(text, `${file}:${i + 1}`)]));
  if (found.length === 0)
    throw new UserError(`${file}: expected lines of \`npm run bench -- NAME --json\`, found none`);
  return found;
}

/** The line of the same name and size. */
export const sameLine = ({ name, size }: Report, earlier: readonly Earlier[]): Earlier | undefined =>
  earlier.find((before) => before.name === name && before.size === size);

/** Whether the ratio is higher or lower than it was; the peer stands for the machine. Neither where the intervals meet. */
export function changeOf(now: Earlier, before: Earlier): 'faster' | 'slower' | 'no difference shown' {
  if (now.low > before.high) return 'faster';
  return now.high < before.low ? 'slower' : 'no difference shown';
}

const isas = ({ ours_isa, peer_isa }: Earlier) => `${ours_isa} against ${peer_isa}`;

/** `  earlier 1.11 (1.08 – 1.15), 213.0 ms: faster` */
export function formatChange(now: Earlier, before: Earlier): string {
  const { ratio, low, high, ours_ms } = before;
  const then = `${ratio.toFixed(2)} (${low.toFixed(2)} – ${high.toFixed(2)}), ${ours_ms.toFixed(1)} ms`;
  const by = isas(now) === isas(before) ? '' : ` by ${isas(before)}`;
  return `  earlier ${then}${by}: ${changeOf(now, before)}`;
}
