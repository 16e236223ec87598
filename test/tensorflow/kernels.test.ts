import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../lib/random';
import { type Attribute, attribute, backend, device, tf } from '../../lib/tensorflow/native';
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
  assert.throws(run, /NormRelu: x has 6 channels, expected 8 or a multiple of it/);
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

test('a score that is not a number counts against the label, and where it is its own the rank is the last', () => {
  assert.deepEqual(ranked([5, Number.NaN, 3, 9, 1], 2), [4]);
  for (const label of [0, 8]) assert.deepEqual(ranked(Array(9).fill(Number.NaN), label), [9]);
  assert.deepEqual(ranked([5, 3, Number.NaN], 2), [3]);
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

/** A tensor of ones of this shape, or of whole ones. */
const ones = (...shape: number[]) => tf.ones(shape);
const whole = (...shape: number[]) => tf.ones(shape, 'int32');

const conv = { left: 2, dilation: 1, step: 1, length: 9, bf16: 0 };
const ints = (values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([name, value]) => attribute.int(name, value));
const epsilon = [attribute.float('epsilon', 1e-8)];
const shares = ['share1', 'share2', 'epsilon'].map((name) => attribute.float(name, 0.1));

/** Calls whose tensors or numbers do not go together, and what is said of them. */
const impossible: readonly (readonly [
  op: string,
  attributes: Attribute[],
  inputs: Tensor[],
  said: string,
])[] = [
  [
    'DilatedConv',
    ints(conv),
    [ones(2, 9, 64), ones(3, 128, 64), ones(64)],
    'kernel has shape [3, 128, 64], expected [1 or more, 64, 1 or more]',
  ],
  [
    'DilatedConv',
    ints(conv),
    [ones(2, 9), ones(3, 8, 8), ones(8)],
    'x has shape [2, 9], expected [any, any, 1 or more]',
  ],
  ['DilatedConv', ints(conv), [ones(2, 9, 8), ones(3, 8, 8), ones(1)], 'bias has shape [1], expected [8]'],
  [
    'DilatedConvSum',
    ints(conv),
    [ones(2, 9, 8), ones(3, 8, 8), ones(8), ones(1, 1, 8)],
    'residual has shape [1, 1, 8], expected [2, 9, 8]',
  ],
  [
    'DilatedConv',
    ints({ ...conv, dilation: 0 }),
    [ones(2, 9, 8), ones(3, 8, 8), ones(8)],
    'dilation is 0, expected at least 1',
  ],
  [
    'DilatedConv',
    ints({ ...conv, step: 0 }),
    [ones(2, 9, 8), ones(3, 8, 8), ones(8)],
    'step is 0, expected at least 1',
  ],
  [
    'DilatedConv',
    ints({ ...conv, length: 0 }),
    [ones(2, 9, 8), ones(3, 8, 8), ones(8)],
    'length is 0, expected at least 1',
  ],
  [
    'DilatedConvInputGrad',
    ints(conv),
    [ones(2, 9, 16), ones(3, 8, 8)],
    'kernel has shape [3, 8, 8], expected [1 or more, 1 or more, 16]',
  ],
  [
    'DilatedConvKernelGrad',
    ints({ ...conv, length: 3 }),
    [ones(2, 9, 8), ones(2, 0, 8)],
    'dy has shape [2, 0, 8], expected [2, 1 or more, 1 or more]',
  ],
  ['NormRelu', epsilon, [ones(2, 0), ones(0), ones(0)], 'x has 0 channels, expected 8 or a multiple of it'],
  ['NormRelu', epsilon, [ones(2, 16), ones(8), ones(16)], 'gain has shape [8], expected [16]'],
  ['NormRelu', epsilon, [ones(2, 16), ones(16), ones(1)], 'shift has shape [1], expected [16]'],
  [
    'NormReluSum',
    epsilon,
    [ones(2, 16), ones(16), ones(16), ones(16)],
    'residual has shape [16], expected [2, 16]',
  ],
  [
    'NormReluGrads',
    [],
    [ones(1, 16), ones(2, 16), ones(16), ones(16), ones(2), ones(2)],
    'dy has shape [1, 16], expected [2, 16]',
  ],
  [
    'NormReluGrad',
    [],
    [ones(2, 16), ones(2, 16), ones(16), ones(16), ones(2), ones(1)],
    'scale has shape [1], expected [2]',
  ],
  [
    'SoftmaxLoss',
    [],
    [ones(4, 64), ones(9, 32), ones(9), whole(4), ones(4)],
    'table has shape [9, 32], expected [any, 64]',
  ],
  [
    'SoftmaxLoss',
    [],
    [ones(4, 8), ones(9, 8), ones(1), whole(4), ones(4)],
    'offset has shape [1], expected [9]',
  ],
  [
    'SoftmaxLoss',
    [],
    [ones(4, 8), ones(9, 8), ones(9), whole(3), ones(4)],
    'labels has shape [3], expected [4]',
  ],
  [
    'SoftmaxLoss',
    [],
    [ones(4, 8), ones(9, 8), ones(9), whole(4), ones(3)],
    'weights has shape [3], expected [4]',
  ],
  [
    'SampledSoftmaxLoss',
    [],
    [ones(4, 8), ones(9, 8), ones(9), whole(4), ones(4), ones(4), whole(8)],
    'candidates has shape [8], expected [9]',
  ],
  [
    'RankInPool',
    [],
    [ones(4, 256), ones(9, 8), ones(9), whole(4)],
    'table has shape [9, 8], expected [any, 256]',
  ],
  ['RankInPool', [], [ones(4, 8), ones(9, 8), ones(8), whole(4)], 'offset has shape [8], expected [9]'],
  ['RankInPool', [], [ones(4, 8), ones(9, 8), ones(9), whole(5)], 'labels has shape [5], expected [4]'],
  [
    'RowAdam',
    shares,
    [ones(4, 8), ones(4, 8), ones(3, 8), tf.scalar(1)],
    'v has shape [3, 8], expected [4, 8]',
  ],
  ['RowAdam', shares, [ones(4, 8), ones(4, 8), ones(4, 8), ones(0)], 'rate has shape [0], expected []'],
  [
    'EveryNthPosition',
    ints({ first: 0, step: 0, length: 1 }),
    [ones(2, 9, 8)],
    'step is 0, expected at least 1',
  ],
];

/** How many tensors an op gives. */
const OUTPUTS: Readonly<Record<string, number>> = {
  DilatedConvKernelGrad: 2,
  NormRelu: 3,
  NormReluSum: 3,
  NormReluGrads: 3,
  SoftmaxLoss: 4,
  SampledSoftmaxLoss: 5,
  RowAdam: 3,
};

for (const [op, attributes, inputs, said] of impossible)
  test(`${op} refuses what does not go together: ${said}`, { skip }, () => {
    const run = () => backend.executeMultipleOutputs(op, attributes, inputs, OUTPUTS[op] ?? 1);
    assert.throws(run, (error: Error) => error.message.includes(`${op}: ${said}`));
  });
