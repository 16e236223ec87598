import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { inferred } from '../../lib/engine/graph/shapes';
import { attribute, backend, tf } from '../../lib/engine/native';
import { absent, intAttributes } from '../../lib/engine/ops/define';
import { haveKernels } from '../../lib/engine/ops/kernels';
import { rankInPool } from '../../lib/engine/ops/rank';
import { gatherRows } from '../../lib/engine/ops/rows';

/** Ranks of three rows of two among four labels. */
const ranks = (x: Tensor) =>
  rankInPool(
    { h: tf.slice(tf.reshape(x, [12, 2]), 0, 3), table: tf.ones([4, 2]), offset: tf.zeros([4]) },
    tf.zeros([3], 'int32'),
  );

/** Functions whose ops have a rule; `x` is [2, 3, 4]. */
const functions: readonly (readonly [string, (x: Tensor) => unknown])[] = [
  ['Reshape', (x) => tf.reshape(x, [6, -1])],
  ['Add', (x) => tf.add(x, tf.ones([3, 1]))],
  ['Sum', (x) => tf.sum(x, [0, -1])],
  ['Sum', (x) => tf.sum(x, 1, true)],
  ['Slice', (x) => tf.slice(x, [0, 1, 2], [2, -1, 1])],
  ['BatchMatMulV2', (x) => tf.matMul(x, tf.ones([2, 5, 4]), false, true)],
  ['BatchMatMulV2', (x) => tf.matMul(x, tf.ones([2, 3, 7]), true)],
  ['Square', (x) => tf.square(x)],
  ['GatherV2', (x) => gatherRows(x, tf.zeros([5, 2], 'int32'))],
  ...(haveKernels() ? [['RankInPool', ranks] as const] : []),
  ['UnsortedSegmentSum', (x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 6], 'int32'), 7)],
];
for (const [i, [op, run]] of functions.entries()) {
  test(`the shape that a rule tells is the one that ${op} gives, case ${i}`, () => {
    const { executeSingleOutput } = backend;
    const seen: string[] = [];
    backend.executeSingleOutput = (name, attributes, inputs) => {
      const output = executeSingleOutput.call(backend, name, attributes, inputs) as Tensor;
      const rule = inferred(name, attributes, inputs);
      if (rule) {
        assert.deepEqual(rule, [{ shape: output.shape, dtype: output.dtype }], name);
        seen.push(name);
      }
      return output;
    };
    try {
      run(tf.ones([2, 3, 4]));
    } finally {
      backend.executeSingleOutput = executeSingleOutput;
    }
    assert.ok(seen.includes(op), `${seen}`);
  });
}

test('an op without a rule, and a gather along another axis, are left to be run', () => {
  const gather = [attribute.int('batch_dims', 0), attribute.type('Tparams')];
  const inputs = [tf.ones([2, 3]), tf.zeros([1], 'int32'), tf.scalar(1, 'int32')];
  assert.equal(inferred('Cumsum', [attribute.type('T')], inputs), undefined);
  assert.equal(inferred('GatherV2', gather, inputs), undefined);
});

const geometry = (length: number) => intAttributes({ left: 4, dilation: 2, step: 1, length, bf16: 0 });
const stride = (length: number) => intAttributes({ first: 0, step: 3, length });
const [rows, gain] = [tf.ones([2, 7, 8]), tf.ones([8])];
const normed = [rows, gain, gain, tf.ones([14]), tf.ones([14])];
const softmax = [tf.ones([2, 4]), tf.ones([3, 4]), tf.ones([3]), tf.ones([2], 'int32'), tf.ones([2])];
const normal = [attribute.float('epsilon', 1), attribute.float('floor', 0)];
const heads = intAttributes({ heads: 2, causal: 0 });
const attended = [tf.ones([2, 3, 8]), rows, rows, tf.ones([2, 7])];
const recurred = [tf.ones([2, 7, 24]), tf.ones([8, 24]), tf.ones([24]), tf.ones([2, 7])];
const kernels = [
  ['DilatedConv', geometry(7), [rows, tf.ones([3, 8, 5]), tf.ones([5]), absent()], 1],
  ['DilatedConvInputGrad', geometry(7), [tf.ones([2, 7, 5]), tf.ones([3, 8, 5]), tf.ones([0])], 1],
  ['DilatedConvKernelGrad', geometry(3), [rows, tf.ones([2, 7, 5])], 2],
  ['NormRelu', normal, [rows, gain, gain, absent()], 3],
  ['NormReluGrad', normal, [rows, ...normed], 1],
  ['NormReluGrads', normal, [rows, ...normed], 3],
  ['Attention', heads, attended, 2],
  ['AttentionGrads', heads, [attended[0], ...attended, attended[0], tf.ones([2, 2, 3])], 3],
  ['Gru', [], recurred, 2],
  ['GruGrads', [], [rows, ...recurred, rows, tf.ones([2, 7, 32])], 3],
  ['EveryNthPosition', stride(3), [rows], 1],
  ['EveryNthPositionGrad', stride(9), [rows], 1],
  ['SoftmaxLoss', [], [...softmax, absent(), tf.zeros([0], 'int32')], 5],
  ['SoftmaxLoss', [], [...softmax, tf.ones([2]), tf.ones([3], 'int32')], 5],
] as const;
for (const [op, attributes, inputs, count] of haveKernels() ? kernels : []) {
  test(`the shapes that a rule tells are those that ${op} gives`, () => {
    const outputs = backend.executeMultipleOutputs(op, [...attributes], [...inputs], count);
    const given = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
    assert.deepEqual(inferred(op, attributes, inputs), given);
  });
}
