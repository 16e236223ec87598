import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { stopSignal } from '../../lib/notebook/kernel/stop';

/** Runs something as the kernel runs a cell: Node takes away the listeners, and puts all of them back. */
function inCell<R>(work: () => R): R {
  Object.assign(globalThis, { work });
  return runInThisContext('work()', { breakOnSigint: true });
}

test('one listener hears Stop, of the latest cell', async () => {
  const before = process.listenerCount('SIGINT');
  const signals = [];
  for (let cell = 0; cell < 3; cell++) {
    signals.push(inCell(stopSignal));
    await Promise.resolve();
  }
  assert.equal(process.listenerCount('SIGINT'), before + 1);
  process.emit('SIGINT');
  const aborted = signals.map(({ aborted }) => aborted);
  assert.deepEqual(aborted, [false, false, true]);
});
