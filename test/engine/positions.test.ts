import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../lib/engine/native';
import {
  allPositions,
  inputsOf,
  LAST,
  lastPositions,
  type Positions,
  reaches,
} from '../../lib/engine/ops/positions';
import { bothWays, lossAndGradients } from './bothWays';

/** Width 3 throughout: outputs, dilation, length of the sequence, inputs. */
const byHand: readonly (readonly [string, Positions, number, number, Positions])[] = [
  ['one output reads its taps', LAST, 4, 50, { stride: 4, count: 3 }],
  ['0, 4, 8 back by 2 reads 0 to 12 in steps of 2', { stride: 4, count: 3 }, 2, 50, { stride: 2, count: 7 }],
  ['0, 2, 4 back by 4 reads 0 to 12 in steps of 2', { stride: 2, count: 3 }, 4, 50, { stride: 2, count: 7 }],
  ['0, 6 back by 4 reads 0 to 14 in steps of 2', { stride: 6, count: 2 }, 4, 50, { stride: 2, count: 8 }],
  ['positions before the first are left out', { stride: 4, count: 3 }, 2, 10, { stride: 2, count: 5 }],
  ['only the last exists', LAST, 4, 3, { stride: 4, count: 1 }],
  ['all outputs read all inputs', allPositions(9), 4, 9, allPositions(9)],
];
for (const [name, outputs, d, T, inputs] of byHand) {
  test(`what a causal convolution reads: ${name}`, () =>
    assert.deepEqual(inputsOf(outputs, 3, d, T), inputs));
}

test('the last position of dilations 1, 2, 4, 8 depends on 31, 15, 7 and 3 positions', () => {
  const plan = reaches(LAST, [1, 2, 4, 8], 3, 100);
  const read = plan.map(({ inputs }) => `${inputs.count} by ${inputs.stride}`);
  assert.deepEqual(read, ['31 by 1', '15 by 2', '7 by 4', '3 by 8']);
  const written = plan.map(({ outputs }) => outputs);
  assert.deepEqual(written, [...plan.slice(1).map(({ inputs }) => inputs), LAST]);
});

for (const [mode, run] of bothWays) {
  test(`every third position, ending at the last, and the gradient goes back to just these, ${mode}`, () => {
    const x = { shape: [1, 8, 1], values: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) };
    const squares = lossAndGradients<{ x: typeof x }>((w) => tf.sum(tf.square(lastPositions(w.x, 3, 3))));
    const found = run({ x }, squares);
    assert.deepEqual([...found.loss], [1 + 16 + 49]);
    assert.deepEqual([...found.x], [0, 2, 0, 0, 8, 0, 0, 14]);
  });
}
