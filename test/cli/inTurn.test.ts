import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn } from '../../lib/cli/programs/inTurn';

/** Runs three names that end with the exit codes, and tells which were run. */
async function ran(codes: Readonly<Record<string, number>>) {
  const begun: string[] = [];
  const ended = await inTurn(['rq1', 'rq2', 'rq3'], async (name) => {
    begun.push(name);
    return codes[name] ?? 0;
  });
  return { begun, ...ended };
}

test('one that fails leaves the others their turn', async () => {
  assert.deepEqual(await ran({ rq1: 1 }), { begun: ['rq1', 'rq2', 'rq3'], failed: ['rq1'], stopped: false });
});

test('a stop ends them all', async () => {
  assert.deepEqual(await ran({ rq1: 1, rq2: 130 }), {
    begun: ['rq1', 'rq2'],
    failed: ['rq1'],
    stopped: true,
  });
});
