/** What a program ends with when the user or a scheduler stops it. */
export const STOPPED = 130;

/** Whether an exit code is that of a program that was stopped, by its own account or by SIGHUP or SIGTERM before it could listen. */
export const isStopped = (exitCode: number): boolean => [STOPPED, 128 + 1, 128 + 15].includes(exitCode);

/** Milliseconds within which signals are one: Ctrl-C reaches every process of a command, and each hands it on. */
const ONE = 500;

const stop = new AbortController();
let stoppedAt = 0;

/**
 * A signal that the first Ctrl-C, SIGTERM or SIGHUP triggers: work ends within a step and leaves how it stands. A second one ends
 * the program at once.
 */
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
  console.log('\nStopping: what is under way is left as it stands, and gone on with by the same command');
  stop.abort(new Error('stopped'));
}

/** Whether an error is the stop that the program was told. */
export const isStop = (error: unknown): boolean =>
  stop.signal.aborted && (error === stop.signal.reason || (error as Error).name === 'AbortError');
