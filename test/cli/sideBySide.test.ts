import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Output, sideBySide } from '../../lib/cli/programs/sideBySide';

/** A terminal, and what was written on it. */
function terminal() {
  const lines: string[] = [];
  const end = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, output: { stdout: end, stderr: end } satisfies Output };
}

/** Runs three names that end with the exit codes after so many milliseconds, and tells which were run and what was seen. */
async function ran(
  codes: Readonly<Record<string, number>>,
  atOnce: number,
  ms: Readonly<Record<string, number>> = {},
) {
  const begun: string[] = [];
  const { lines, output } = terminal();
  const run = async (name: string, { stdout, stderr }: Output) => {
    begun.push(name);
    stdout.write(`${name} begins`);
    await sleep(ms[name] ?? 1);
    stderr.write(`${name} ends`);
    return codes[name] ?? 0;
  };
  return { begun, lines, stopped: await sideBySide(['rq1', 'rq2', 'rq3'], run, atOnce, output) };
}

const ALL = ['rq1', 'rq2', 'rq3'];
const inOrder = (names: readonly string[]) => names.flatMap((name) => [`${name} begins`, `${name} ends`]);

for (const atOnce of [1, 2, 5]) {
  test(`${atOnce} at a time: one that fails leaves the others their turn, and what they write keeps its order`, async () => {
    const found = await ran({ rq1: 1 }, atOnce, { rq1: 60, rq2: 5, rq3: 30 });
    assert.deepEqual(found, { begun: ALL, lines: inOrder(ALL), stopped: false });
  });
}

test('one that cannot be started is told in its turn, and the others go on', async () => {
  const { lines, output } = terminal();
  const run = async (name: string) => {
    if (name === 'rq1') throw new Error('spawn ENOMEM');
    return 0;
  };
  const stopped = await sideBySide(ALL, run, 2, output);
  assert.deepEqual([stopped, lines], [false, ['rq1: spawn ENOMEM\n']]);
});

test('a program that a signal ends before it listens is stopped, too', async () => {
  const { begun, stopped } = await ran({ rq1: 143 }, 1);
  assert.deepEqual([begun, stopped], [['rq1'], true]);
});

test('a stop ends them all', async () => {
  const found = await ran({ rq1: 1, rq2: 130 }, 1);
  const begun = ['rq1', 'rq2'];
  assert.deepEqual(found, { begun, lines: inOrder(begun), stopped: true });
});

test('those that run when another is stopped are waited for', async () => {
  const { begun, stopped, lines } = await ran({ rq1: 130, rq2: 130 }, 2, { rq2: 30 });
  assert.deepEqual([begun, stopped, lines], [['rq1', 'rq2'], true, inOrder(['rq1', 'rq2'])]);
});
