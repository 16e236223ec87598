/** How a program of a command starts, ends, stops and shows its progress. */
import { UserError } from '../../base/userError';
import type { Direction } from '../../engine/ops/convolution';
import type { Precision } from '../../engine/ops/kernels';
import type { Progress } from '../../experiments/runs/progress';
import type { Ids } from '../../model/exchange/sequenceFile';
import { throttledProgress } from '../../notebook/kernel/progress';
import { SetupError } from '../../setup/tools/command';

/**
 * Runs a command with the options that `commands.js` declares, read and checked, and ends with its exit code.
 * A user's mistake is printed as a message; any other error is a defect and keeps its stack trace.
 */
export function runCommand<Options>(command: (options: Options) => Promise<number>): void {
  // A reader such as `head` closes the pipe early.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));
  const failed = (error: unknown) => {
    if (isStop(error)) return STOPPED;
    const isTold = error instanceof UserError || error instanceof SetupError;
    console.error(isTold ? (error as Error).message : error);
    return 1;
  };
  void command(JSON.parse(process.argv[2]) as Options)
    .catch(failed)
    .then((exitCode) => {
      process.exitCode = exitCode;
    });
}

/** Options of reproduce and sweep alike, as `commands.js` declares them, read and checked. */
export interface PlanOptions {
  readonly rq?: readonly string[];
  /** A name under data/ or an absolute folder. */
  readonly data: string;
  readonly preset: 'quick' | 'default' | 'wide' | 'paper';
  readonly seeds?: number;
  readonly device: string;
  readonly precision: Precision;
  /** An absolute folder. */
  readonly out?: string;
}

/** Options of encode, predict and export, read and checked as those of all programs: paths are absolute. */
export interface ModelOptions {
  readonly checkpoint: string;
  readonly trunk?: Direction;
  readonly out: string;
}

export interface SequenceOptions extends ModelOptions {
  readonly patch?: readonly string[];
  readonly ids: Ids;
  readonly input: string;
}

/** Exit code after the user or a scheduler stopped the program. */
export const STOPPED = 130;

/** Exit code of a sweep that began nothing, and has said why. */
export const NOT_BEGUN = 2;

/** Whether a program was stopped: by its own account, or by SIGHUP or SIGTERM before it could listen. */
export const isStopped = (exitCode: number): boolean => [STOPPED, 128 + 1, 128 + 15].includes(exitCode);

/** Milliseconds within which signals count as one: Ctrl-C reaches every process, and each forwards it. */
const ONE = 500;

const stop = new AbortController();
let stoppedAt = 0;

/** A signal that the first Ctrl-C, SIGTERM or SIGHUP aborts: work ends within a step. A second one ends the program at once. */
export function stopSignal(): AbortSignal {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onStop);
  return stop.signal;
}

function onStop(): void {
  if (stop.signal.aborted) {
    if (performance.now() - stoppedAt > ONE) process.exit(STOPPED);
    return;
  }
  stoppedAt = performance.now();
  console.log('\nStopping; the same command resumes here');
  stop.abort(new Error('stopped'));
}

const isStop = (error: unknown): boolean =>
  stop.signal.aborted && (error === stop.signal.reason || (error as Error).name === 'AbortError');

const MILLISECONDS_BETWEEN_LINES = 60_000;

/** One line that rewrites itself; in a file or a pipe a line a minute. */
export function terminalProgress(): (progress: Progress) => void {
  return process.stdout.isTTY
    ? throttledProgress((line) => process.stdout.write(`\r${line}\x1b[K`))
    : throttledProgress((line) => console.log(line), MILLISECONDS_BETWEEN_LINES);
}
