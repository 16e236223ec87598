import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { random } from '../../lib/random';
import { attribute, backend, device, tf } from '../../lib/tensorflow/native';
import { rankInPool } from '../../lib/tensorflow/ops/rank';
import { normal, upload } from '../../lib/tensorflow/weights';

const processor = fs.existsSync('/proc/cpuinfo') ? fs.readFileSync('/proc/cpuinfo', 'utf8') : '';
const left = device !== 'cpu' || process.env.PETERREC_ISA === 'none' || !/\bavx2\b/.test(processor);
const skip = left ? 'needs a CPU with AVX2' : false;

const [N, C] = [1000, 64];
const stream = random(1, 'kernels test');
const draw = (...shape: number[]) => upload(normal(shape, 1, stream));

function forwardAndBackward(): Float32Array[] {
  const epsilon = attribute.float('epsilon', 1e-8);
  const inputs = [x, gain, shift];
  const forward = backend.executeMultipleOutputs('NormRelu', [epsilon], inputs, 3);
  const known = [dy, ...inputs, ...forward.slice(1)];
  const dx = backend.executeSingleOutput('NormReluGrad', [], known);
  const all = backend.executeMultipleOutputs('NormReluGrads', [], known, 3);
  return [...forward, dx, ...all].map((tensor) => tensor.dataSync() as Float32Array);
}
const [x, dy] = [draw(N, C), draw(N, C)];
const [gain, shift] = [draw(C), draw(C)];

test("the project's own kernels are there, and give the same bits each time", { skip }, () => {
  const first = forwardAndBackward();
  for (let round = 0; round < 50; round++) assert.deepEqual(forwardAndBackward(), first);
});

test('the slopes of x are the same with those of the weights and without', { skip }, () => {
  const [, , , dx, same] = forwardAndBackward();
  assert.deepEqual(dx, same);
});

test('nothing comes of a tensor without rows', { skip }, () => {
  const inputs = [tf.zeros([0, C]), gain, shift];
  const [y] = backend.executeMultipleOutputs('NormRelu', [attribute.float('epsilon', 1e-8)], inputs, 3);
  assert.deepEqual(y.shape, [0, C]);
});

test('channels that the kernel cannot take are refused', { skip }, () => {
  const inputs = [tf.zeros([2, 6]), tf.ones([6]), tf.ones([6])];
  const run = () => backend.executeMultipleOutputs('NormRelu', [attribute.float('epsilon', 1e-8)], inputs, 3);
  assert.throws(run, /not a multiple of 8/);
});

/** One row whose scores are these. */
const pool = (scores: number[]) => ({
  h: tf.ones([1, 1]),
  table: tf.tensor2d(scores, [scores.length, 1]),
  offset: tf.zeros([scores.length]),
});
const ranked = (scores: number[], label: number) => [
  ...rankInPool(pool(scores), tf.tensor1d([label], 'int32')).dataSync(),
];

test('the rank of a score counts the scores that reach it, its equals against it', () => {
  assert.deepEqual(ranked([5, 3, 3, 9, 1, 0, 0, 0, 4, 4], 1), [6]);
  assert.deepEqual(ranked([4, 4, 4, 4, 4, 4, 4, 4, 4, 4], 9), [10]);
});

const pools = [
  [1, 8, 5],
  [33, 32, 700],
  [64, 256, 1001],
  [70, 40, 31],
] as const;
for (const [rows, channels, labels] of pools)
  test(`ranks of ${rows} rows in a pool of ${labels} by ${channels} channels are those of TensorFlow's ops`, {
    skip,
  }, () => {
    /** Small whole numbers: sums are exact in any order, and many are equal. */
    const whole = (...shape: number[]) => tf.round(draw(...shape));
    const given = { h: whole(rows, channels), table: whole(labels, channels), offset: whole(labels) };
    const own = tf.tensor1d(
      Int32Array.from({ length: rows }, (_, n) => (7 * n) % labels),
      'int32',
    );
    const [ours, theirs] = [true, false].map((withKernel) => rankInPool(given, own, withKernel).dataSync());
    assert.deepEqual(ours, theirs);
  });

test('a label that is no row of the table is refused', { skip }, () => {
  assert.throws(() => ranked([1, 1, 1], 3), /label is not a row/);
});
