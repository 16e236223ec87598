import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { random } from '../../lib/random';
import { attribute, backend, device, tf } from '../../lib/tensorflow/native';
import { rankOfLabel } from '../../lib/tensorflow/ops/rank';
import { normal, upload } from '../../lib/tensorflow/weights';

const processor = fs.existsSync('/proc/cpuinfo') ? fs.readFileSync('/proc/cpuinfo', 'utf8') : '';
const skip = device !== 'cpu' || !/\bavx2\b/.test(processor) ? 'needs a CPU with AVX2' : false;

const [N, C] = [1000, 64];
const stream = random(1, 'kernels test');
const draw = (...shape: number[]) => upload(normal(shape, 1, stream));

function forwardAndBackward(): Float32Array[] {
  const epsilon = attribute.float('epsilon', 1e-8);
  const inputs = [x, gain, shift];
  const forward = backend.executeMultipleOutputs('NormRelu', [epsilon], inputs, 3);
  const known = [dy, ...inputs, ...forward.slice(1)];
  const dx = backend.executeSingleOutput('NormReluGrad', [], known);
  const weights = backend.executeMultipleOutputs('NormReluWeightsGrad', [], known, 2);
  return [...forward, dx, ...weights].map((tensor) => tensor.dataSync() as Float32Array);
}
const [x, dy] = [draw(N, C), draw(N, C)];
const [gain, shift] = [draw(C), draw(C)];

test("the project's own kernels are there, and give the same bits each time", { skip }, () => {
  const first = forwardAndBackward();
  for (let round = 0; round < 50; round++) assert.deepEqual(forwardAndBackward(), first);
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

test('the rank of a score counts the scores that reach it, its equals against it', () => {
  const scores = tf.tensor2d([5, 3, 3, 9, 1, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4], [2, 10]);
  assert.deepEqual([...rankOfLabel(scores, tf.tensor1d([1, 9], 'int32')).dataSync()], [6, 10]);
});

test('a label that is no column is refused', { skip }, () => {
  assert.throws(() => rankOfLabel(tf.ones([1, 3]), tf.tensor1d([3], 'int32')), /label is not a column/);
});
