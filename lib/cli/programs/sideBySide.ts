import { Writable } from 'node:stream';
import { isStopped } from './stop';

/** Where a program writes. */
export type Output = { readonly stdout: Writable; readonly stderr: Writable };

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
 * order of the items. `run` gives an exit code. Returns whether they were stopped.
 */
export async function sideBySide<Item>(
  items: readonly Item[],
  run: (item: Item, output: Output) => Promise<number>,
  atOnce: number,
  terminal: Output = process,
): Promise<boolean> {
  const outputs = items.map(() => new Held(terminal));
  const ended = new Set<number>();
  let [next, shown, stopped] = [0, 0, false];
  outputs[0]?.release();
  const work = async () => {
    while (next < items.length && !stopped) {
      const own = next++;
      const exitCode = await run(items[own], outputs[own]).catch((error: Error) => {
        outputs[own].stderr.write(`${items[own]}: ${error.message}\n`);
        return 1;
      });
      ended.add(own);
      if (isStopped(exitCode)) stopped = true;
      while (ended.has(shown)) outputs[++shown]?.release();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return stopped;
}
