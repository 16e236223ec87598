import { throttledProgress } from '../../notebook/kernel/progress';
import type { Progress } from '../../runs/session';

const MILLISECONDS_BETWEEN_LINES = 60_000;

/** One line that rewrites itself; in a file or a pipe a line a minute. */
export function terminalProgress(): (progress: Progress) => void {
  return process.stdout.isTTY
    ? throttledProgress((line) => process.stdout.write(`\r${line}\x1b[K`), Date.now)
    : throttledProgress((line) => console.log(line), Date.now, MILLISECONDS_BETWEEN_LINES);
}
