import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';

type Stop = typeof import('../../lib/notebook/kernel/stop');

/** The module as it is after an edit: read again. */
function readAgain(): Stop {
  const file = require.resolve('../../lib/notebook/kernel/stop');
  delete require.cache[file];
  return require(file);
}

/** Runs something as the kernel runs a cell: Node takes away who listens, and puts all of them back. */
function inCell<R>(work: () => R): R {
  Object.assign(globalThis, { work });
  return runInThisContext('work()', { breakOnSigint: true });
}

test('who listens for Stop is one, however often a cell begins and the module was read', async () => {
  const before = process.listenerCount('SIGINT');
  const signals = [];
  for (let i = 0; i < 3; i++) {
    const { stopSignal } = readAgain();
    for (let cell = 0; cell < 2; cell++) {
      signals.push(inCell(stopSignal));
      await Promise.resolve();
    }
  }
  assert.equal(process.listenerCount('SIGINT'), before + 1);
  process.emit('SIGINT');
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [false, false, false, false, false, true],
  );
});
