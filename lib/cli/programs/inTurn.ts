import { STOPPED } from './stop';

export type Ended = {
  /** Those that ended with another exit code than 0. */
  readonly failed: readonly string[];
  readonly stopped: boolean;
};

/** Runs one after the other, also after one that failed; a stop ends them all. `run` gives an exit code. */
export async function inTurn(
  names: readonly string[],
  run: (name: string) => Promise<number>,
): Promise<Ended> {
  const failed: string[] = [];
  for (const name of names) {
    const exitCode = await run(name);
    if (exitCode === STOPPED) return { failed, stopped: true };
    if (exitCode !== 0) failed.push(name);
  }
  return { failed, stopped: false };
}
