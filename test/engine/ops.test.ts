import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../lib/base/random';
import { tf } from '../../lib/engine/native';
import { gelu, relu } from '../../lib/engine/ops/activations';
import { dilatedConv, directConv, pointwise } from '../../lib/engine/ops/convolution';
import { haveKernels, portable } from '../../lib/engine/ops/kernels';
import { layerNorm, norm, normRelu } from '../../lib/engine/ops/normalisation';
import { type Convolution, haveDilatedGradients, paddedConv } from '../../lib/engine/ops/paddedConv';
import { gatherRows } from '../../lib/engine/ops/rows';
import { softmaxSum, sparseCrossEntropy } from '../../lib/engine/ops/softmaxSum';
import { normal, upload, type Weight } from '../../lib/engine/weights';
import { assertClose, gradientsAgree } from './bothWays';

/** Numbers along time: [1, T, 1], or a kernel [w, 1, 1]. */
const line = (...values: number[]) => tf.tensor3d(values, [1, values.length, 1]);
const kernel = (values: readonly number[]) => tf.tensor3d([...values], [values.length, 1, 1]);
const numbers = (tensor: Tensor) => [...tensor.dataSync()];

/** An even kernel of a non-causal convolution looks one further ahead than back. */
const convolutions = [
  ['causal', 1, [1, 10, 100], [1, 2, 3], [100, 210, 321]],
  ['non-causal', 1, [1, 10, 100], [1, 2, 3], [210, 321, 32]],
  ['causal', 2, [1, 10, 100], [1, 2, 3, 4, 5], [100, 200, 310, 420, 531]],
  ['non-causal', 2, [1, 10, 100], [1, 2, 3, 4, 5], [310, 420, 531, 42, 53]],
  ['non-causal', 1, [1, 10], [1, 2, 3], [21, 32, 3]],
] as const;
for (const [direction, dilation, taps, x, y] of convolutions)
  test(`the kernel ${taps} shows what a ${direction} convolution sees, dilation ${dilation}`, () => {
    const weights = { kernel: kernel(taps), bias: tf.zeros([1]) };
    assert.deepEqual(numbers(dilatedConv(line(...x), weights, dilation, direction)), [...y]);
  });

test('layer norm of 1 3 is −1 1, times gain, plus shift; of equal channels it is the shift', () => {
  const weights = { gain: tf.tensor1d([2, 3]), shift: tf.tensor1d([10, 20]) };
  const y = layerNorm(tf.tensor3d([1, 3, 5, 5], [1, 2, 2]), weights);
  assertClose(numbers(y), [8, 23, 10, 20], 1e-6);
});

/** 1 and 3 in turn along C channels: after layer norm −1 and 1. */
const turns = (C: number) =>
  tf.tensor3d(
    Array.from({ length: C }, (_, c) => 1 + 2 * (c % 2)),
    [1, 1, C],
  );
for (const [C, how] of [
  [8, 'in one kernel'],
  [6, "by TensorFlow's own kernels"],
] as const) {
  test(`layer norm, ReLU and residual ${how}`, () => {
    const weights = { gain: tf.fill([C], 2), shift: tf.fill([C], 1) };
    const all = (odd: number, even: number) => Array.from({ length: C }, (_, c) => (c % 2 ? even : odd));
    assertClose(numbers(norm(turns(C), weights)), all(-1, 3), 1e-6);
    assertClose(numbers(normRelu(turns(C), weights)), all(0, 3), 1e-6);
    assertClose(numbers(normRelu(turns(C), weights, tf.fill([1, 1, C], 10))), all(10, 13), 1e-6);
  });

  test(`what is not a number stays so through layer norm and ReLU ${how}, and so do the slopes of its row`, () => {
    const none = tf.fill([1, 1, C], Number.NaN);
    const through = (x: Tensor) => normRelu(x, { gain: tf.ones([C]), shift: tf.zeros([C]) });
    const rows = tf.concat([none, turns(C)], 1);
    for (const values of [through(rows), tf.grad(through)(rows)])
      assert.deepEqual(numbers(values).map(Number.isNaN), [...Array(C).fill(true), ...Array(C).fill(false)]);
  });
}

test('a 1x1 convolution is a matrix product at each position', () => {
  const y = pointwise(
    tf.tensor3d([1, 2, 3, 4], [1, 2, 2]),
    tf.tensor2d([1, 10, 100, 1000], [2, 2]),
    tf.tensor1d([5, 7]),
  );
  assert.deepEqual(numbers(y), [206, 2017, 408, 4037]);
});

test('ReLU passes what is positive, and its gradient at 0 is 0', () => {
  const { value, grad } = tf.valueAndGrad((x) => relu(x))(tf.tensor1d([-1, 0, 2]));
  assert.deepEqual(numbers(value), [0, 0, 2]);
  assert.deepEqual(numbers(grad), [0, 0, 1]);
});

test('a row that is gathered twice sums its gradients, another has none', () => {
  const ids = tf.tensor1d([2, 0, 2], 'int32');
  const dy = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const table = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const { value, grad } = tf.valueAndGrad((rows) => gatherRows(rows, ids))(table, dy);
  assert.deepEqual(numbers(value), [5, 6, 1, 2, 5, 6]);
  assert.deepEqual(numbers(grad), [3, 4, 0, 0, 6, 8]);
});

test('cross-entropy of odds 1 : 3 is ln 4 for the first label, with gradient softmax − one-hot', () => {
  const logits = tf.tensor2d([0, Math.log(3), 0, Math.log(3)], [2, 2]);
  const labels = tf.tensor1d([0, 1], 'int32');
  const { value, grad } = tf.valueAndGrad((x) => sparseCrossEntropy(x, labels))(logits);
  assertClose(numbers(value), [Math.log(4), Math.log(4 / 3)], 1e-6);
  assertClose(numbers(grad), [-3 / 4, 3 / 4, 1 / 4, -1 / 4], 1e-6);
  const farApart = sparseCrossEntropy(tf.tensor2d([0, 200], [1, 2]), tf.tensor1d([0], 'int32'));
  assert.deepEqual(numbers(farApart), [200]);
});

const stream = random(1, 'ops test');
const draw = (...shape: number[]) => normal(shape, 1, stream);
/** A smooth scalar that weighs every output differently. */
const scalarOf = (y: Tensor): Scalar =>
  tf.sum(tf.mul(y, tf.reshape(tf.tensor1d(Array.from({ length: y.size }, (_, i) => Math.cos(i))), y.shape)));

const ways: readonly (readonly [string, Convolution])[] = [
  ...(haveKernels() ? [["the project's kernels", directConv] as const] : []),
  ...(haveDilatedGradients()
    ? [
        [
          "TensorFlow's Conv2D",
          (x, weights, window, residual) => paddedConv(x, weights, window, residual, true),
        ] as [string, Convolution],
      ]
    : []),
  ['shifted products', (x, weights, window, residual) => paddedConv(x, weights, window, residual, false)],
];
const windows = [
  ['causal', { left: 4, dilation: 2, step: 1, outputs: 7 }],
  ['non-causal', { left: 2, dilation: 2, step: 1, outputs: 7 }],
  ['every second output', { left: 1, dilation: 1, step: 2, outputs: 3 }],
  ['every third output, dilated', { left: 6, dilation: 2, step: 3, outputs: 3 }],
  ['nothing but padding in some taps', { left: 16, dilation: 8, step: 1, outputs: 7 }],
] as const;
const [B, P, C, D] = [2, 7, 5, 19];
for (const [how, convolve] of ways) {
  for (const [name, window] of windows) {
    test(`a convolution by ${how} is the sum over its taps: ${name}`, () => {
      const [x, k, bias] = [draw(B, P, C), draw(3, C, D), draw(D)];
      const residual = draw(B, window.outputs, D);
      const expected = new Float64Array(B * window.outputs * D);
      expected.forEach((_, at) => {
        const [b, o, d] = [Math.floor(at / D / window.outputs), Math.floor(at / D) % window.outputs, at % D];
        expected[at] = bias.values[d] + residual.values[at];
        for (let j = 0; j < 3; j++) {
          const row = o * window.step + j * window.dilation - window.left;
          for (let c = 0; row >= 0 && row < P && c < C; c++)
            expected[at] += x.values[(b * P + row) * C + c] * k.values[(j * C + c) * D + d];
        }
      });
      const weights = { kernel: upload(k), bias: upload(bias) };
      const y = convolve(upload(x), weights, window, upload(residual));
      assertClose(numbers(y), expected, 1e-6);
      const without = expected.map((value, at) => value - residual.values[at]);
      assertClose(numbers(convolve(upload(x), weights, window)), without, 1e-6);
    });
    gradientsAgree(
      `a convolution by ${how}, ${name}`,
      { x: draw(2, 7, 2), kernel: draw(3, 2, 3), bias: draw(3), residual: draw(2, window.outputs, 3) },
      ({ x, residual, ...weights }) => scalarOf(convolve(x, weights, window, residual)),
    );
  }
}
gradientsAgree('layer norm', { x: draw(1, 3, 4), gain: draw(4), shift: draw(4) }, ({ x, gain, shift }) =>
  scalarOf(layerNorm(x, { gain, shift })),
);
/** Shifts that keep every channel far from the kink of ReLU. */
const shiftOf = (C: number): Weight => ({
  shape: [C],
  values: Float32Array.from({ length: C }, (_, c) => (c % 3 ? 5 : -5)),
});
for (const C of [8, 24, 6]) {
  gradientsAgree(
    `layer norm, ReLU and residual over ${C} channels`,
    { x: draw(2, 3, C), gain: draw(C), residual: draw(2, 3, C) },
    ({ x, gain, residual }) => {
      const shift = tf.tensor1d(shiftOf(C).values);
      return scalarOf(normRelu(x, { gain, shift }, residual));
    },
  );
}
for (const C of [8, 6])
  gradientsAgree(
    `layer norm alone over ${C} channels`,
    { x: draw(2, 3, C), gain: draw(C), shift: draw(C) },
    ({ x, gain, shift }) => scalarOf(norm(x, { gain, shift })),
  );
gradientsAgree('the shift before a ReLU', { shift: shiftOf(8) }, ({ shift }) =>
  scalarOf(normRelu(turns(8), { gain: tf.ones([8]), shift })),
);
gradientsAgree('GELU', { x: draw(8) }, ({ x }) => scalarOf(gelu(x)));

const candidates = tf.tensor1d([5, 0, 2, 9, 1, 8, 3, 4, 6, 11], 'int32');
for (const withKernel of haveKernels() ? [true, false] : [false]) {
  const how = withKernel ? 'by the kernel' : "by TensorFlow's ops";
  const cost: typeof softmaxSum = (...given) =>
    withKernel ? softmaxSum(...given) : portable(() => softmaxSum(...given));
  /** Two rows of which the second weighs nothing; the columns' logits of the first are `logits`. */
  const lossOf = (logits: number[], label: number, own?: number, candidates: number[] = []) => {
    const [h, weights] = [tf.tensor2d([1, 2], [2, 1]), tf.tensor1d([1, 0])];
    const [table, offset] = [tf.tensor2d(logits, [logits.length, 1]), tf.zeros([logits.length])];
    const given = { h, table, offset, labels: tf.tensor1d([label, label], 'int32'), weights };
    if (own === undefined) return numbers(cost(given));
    return numbers(cost(given, { own: tf.tensor1d([own, 0]), candidates: tf.tensor1d(candidates, 'int32') }));
  };
  const twelve = Array.from({ length: 12 }, (_, i) => i);
  test(`a label against all: odds 1 : 3 cost ln 4, twelve equals ln 12, ${how}`, () => {
    assertClose(lossOf([Math.log(3), 0], 1), [Math.log(4)], 1e-6);
    assertClose(lossOf(Array(12).fill(5), 3), [Math.log(12)], 1e-6);
    assertClose(lossOf([0, -200], 1), [200], 1e-6);
    assertClose(lossOf([0, 200], 1), [0], 1e-6);
  });
  test(`a label against a sample: odds 1 : 3 cost ln 4, and the label among the candidates does not count, ${how}`, () => {
    assertClose(lossOf([Math.log(3)], 1, 0, [2]), [Math.log(4)], 1e-6);
    assertClose(lossOf([50, Math.log(3)], 1, 0, [1, 2]), [Math.log(4)], 1e-6);
    assertClose(lossOf(Array(12).fill(5), 3, 5, twelve), [Math.log(12)], 1e-6);
    assertClose(lossOf([0], 1, -200, [2]), [200], 1e-6);
    assertClose(lossOf(Array(12).fill(0), 40, 200, twelve), [0], 1e-6);
  });
  const weights = tf.tensor1d([1, 0, 0.5, 2]);
  const logits = { h: draw(4, 3), table: draw(10, 3), offset: draw(10) };
  gradientsAgree(`a label against all, ${how}`, logits, (given) => {
    const labels = tf.tensor1d([9, 0, 3, 3], 'int32');
    return cost({ ...given, labels, weights });
  });
  gradientsAgree(`a label against a sample, ${how}`, { ...logits, own: draw(4) }, ({ own, ...given }) => {
    const labels = tf.tensor1d([7, 1, 2, 5], 'int32');
    return cost({ ...given, labels, weights }, { own, candidates });
  });
}
