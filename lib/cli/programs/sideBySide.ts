import { Writable } from 'node:stream';
import { isStopped } from './stop';

/** Where a program writes. */
export type Output = { readonly stdout: Writable; readonly stderr: Writable };

export type Ended = {
  /** Those that ended with another exit code than 0, in the order of the names. */
  readonly failed: readonly string[];
  readonly stopped: boolean;
};

/** An output that is held back until it is its turn. */
class Held implements Output {
  private readonly waiting: (() => void)[] = [];
  private released = false;
  readonly stdout: Writable;
  readonly stderr: Writable;

  constructor(to: Output) {
    [this.stdout, this.stderr] = [this.heldBack(to.stdout), this.heldBack(to.stderr)];
  }

  release(): void {
    this.released = true;
    for (const write of this.waiting.splice(0)) write();
  }

  private heldBack(to: Writable): Writable {
    return new Writable({
      write: (chunk, _encoding, done) => {
        const write = () => to.write(chunk);
        if (this.released) write();
        else this.waiting.push(write);
        done();
      },
    });
  }
}

/**
 * Runs some at a time, also after one that failed; a stop ends them all. What they write appears one after the other, in the
 * order of the names. `run` gives an exit code.
 */
export async function sideBySide(
  names: readonly string[],
  run: (name: string, output: Output) => Promise<number>,
  atOnce: number,
  terminal: Output = process,
): Promise<Ended> {
  const outputs = names.map(() => new Held(terminal));
  const ended = new Map<number, number>();
  let [next, shown, stopped] = [0, 0, false];
  outputs[0]?.release();
  const work = async () => {
    while (next < names.length && !stopped) {
      const own = next++;
      const exitCode = await run(names[own], outputs[own]).catch((error: Error) => {
        outputs[own].stderr.write(`${names[own]}: ${error.message}\n`);
        return 1;
      });
      ended.set(own, exitCode);
      if (isStopped(exitCode)) stopped = true;
      while (ended.has(shown)) outputs[++shown]?.release();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const failed = names.filter((_, i) => (ended.get(i) ?? 0) !== 0 && !isStopped(ended.get(i) ?? 0));
  return { failed, stopped };
}
