import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-node-gpu';
import { withoutDice } from '../../lib/engine/graph/refusal';
import { float32, int32, type Training } from '../../lib/engine/graph/signature';
import { backend, tf } from '../../lib/engine/native';
import { SIZES } from '../../lib/engine/onnx/translate';
import { writeOnnx } from '../../lib/engine/onnx/write';
import { pointwise } from '../../lib/engine/ops/convolution';
import { haveKernels } from '../../lib/engine/ops/kernels';
import { Program } from '../../lib/engine/program/program';
import type { Tensors } from '../../lib/engine/weights';
import { adam } from '../../lib/training/optimizer';
import { folderWith } from '../data/folders';
import { everything, insertionAt, type Model, scoring, tinyModel, trainingOf } from '../model/tinyModel';
import { causal } from './tinyProgram';

const seed = 3;
type Weights = { readonly x: Tensor };
/** What reads a value, draws a random number or makes a shape of values, and what the error names. */
const unrecordable: readonly (readonly [
  error: RegExp,
  outputs: (w: Weights, b: NamedTensorMap) => unknown,
])[] = [
  [/read .* as dataSync /, ({ x }) => tf.scalar(tf.square(x).dataSync()[0])],
  [/read .* as data /, ({ x }) => tf.square(x).data()],
  [/read .* as gather /, ({ x }, { ids }) => tf.gather(x, ids as tf.Tensor1D)],
  [/read .* as whereAsync /, ({ x }) => tf.whereAsync(tf.greater(x, 1))],
  [/read .* as booleanMaskAsync /, ({ x }) => tf.booleanMaskAsync(x, tf.greater(x, 1))],
  [/shape .* as UniqueV2 /, ({ x }) => tf.unique(x).values],
  [/shape .* as Where /, ({ x }) => backend.where(tf.greater(x, 1))],
  [/draw .* as Math.random /, ({ x }) => tf.mul(x, Math.random())],
  [/draw .* as randomUniform /, ({ x }) => tf.mul(x, tf.randomUniform([2]))],
  [/draw .* as randomUniform /, () => tf.randomUniform([2], 0, 1, 'float32', seed)],
  [/draw .* as randomNormal /, () => tf.randomNormal([2], 0, 1, 'float32', seed)],
  [/draw .* as truncatedNormal /, () => tf.truncatedNormal([2], 0, 1, 'float32', seed)],
  [/draw .* as dropout /, ({ x }) => tf.dropout(x, 0.5)],
  [/draw .* as dropout /, ({ x }) => tf.dropout(x, 0.5, undefined, seed)],
  [/draw .* as multinomial /, ({ x }) => tf.multinomial(x as tf.Tensor1D, 1, seed)],
];

/** What recording replaces for a while. */
const replaced = () => {
  const { executeSingleOutput, executeMultipleOutputs, readSync, read, write } = backend;
  return { executeSingleOutput, executeMultipleOutputs, readSync, read, write, random: Math.random };
};

for (const [error, output] of unrecordable)
  test(`a program refuses to ${error.source}, by the line, and leaves everything as it was`, () => {
    const [own, tensors] = [replaced(), tf.memory().numTensors];
    const weights = { x: { shape: [2], values: Float32Array.of(1, 2) } };
    const outputs = (w: Weights, b: NamedTensorMap) => ({ y: output(w, b) as Tensor });
    const forward = { inputs: { ids: int32(1) }, outputs };
    const isTold = ({ message }: Error) =>
      error.test(message) && / at test.engine.recording\.test\.ts:\d+;/.test(message);
    assert.throws(() => Program.compile(weights, { forward }), isTold);
    assert.deepEqual(replaced(), own);
    assert.equal(tf.memory().numTensors, tensors);
  });

/**
 * Two blocks have four dilated convolutions, and their patches eight of width 1. A gradient for x is needed in each
 * below which something is tuned.
 */
const frozen: readonly (readonly [string, Training<Model>['tuned'], number, number])[] = [
  ['tuning everything takes a gradient for each of the twelve kernels', everything, 12, 12],
  [
    'tuning patches takes none for a kernel of the trunk, and reaches down to the first patch',
    ({ patches, head }) => [patches, head],
    8,
    10,
  ],
  ['tuning the classifier takes no gradient of a convolution', ({ head }) => [head], 0, 0],
];
for (const [name, tuned, filters, inputs] of frozen) {
  test(name, () => {
    const insertion = insertionAt('serial');
    const program = Program.compile(tinyModel('causal', insertion), {
      train: trainingOf(causal, tuned, insertion),
    });
    const ops = program.ops('train');
    program.dispose();
    const count = (...names: string[]) => ops.filter((op) => names.includes(op)).length;
    // The project's kernels, or TensorFlow's where these cannot be used.
    assert.equal(count('DilatedConv', 'Conv2D'), 12);
    assert.equal(count('DilatedConvKernelGrad', 'Conv2DBackpropFilter'), filters);
    assert.equal(count('DilatedConvInputGrad', 'Conv2DBackpropInput'), inputs);
    if (haveKernels()) assert.equal(count('Add'), 6, 'residuals of the trunk, and no sum of gradients');
    if (tuned !== everything) assert.equal(count('NormReluGrads'), 0);
  });
}

const without = !haveKernels() && 'no kernels';

test('a sum with the gradient of a convolution’s input is one op with it, and no other sum', {
  skip: without,
}, () => {
  const residual = (x: Tensor, w: Tensor) => tf.add(pointwise(x, w), x);
  const inputs = { x: float32(1, 3, 8) };
  const program = Program.compile(
    { w: { shape: [8, 8], values: new Float32Array(64).fill(0.1) } },
    {
      train: {
        inputs,
        loss: ({ w }, { x }) => tf.sum(residual(residual(x, w), w)),
        tuned: ({ w }) => [w],
        optimizer: adam(0.1),
      },
      score: { inputs, outputs: ({ w }, { x }) => ({ y: residual(x, w) }) },
    },
  );
  const adds = (name: string) => program.ops(name).filter((op) => op === 'Add').length;
  assert.deepEqual([adds('train'), adds('score')], [3, 1], 'the third is the sum of the two gradients of w');
  program.dispose();
});

test('a length stays a length in an ONNX file where a constant equals it', () => {
  const ofLength = (by: number) =>
    writeOnnx(
      path.join(folderWith({}), 'model.onnx'),
      {},
      (_, { ids }) => ({ y: tf.add(tf.mul(tf.cast(ids, 'float32'), ids.shape[1] ?? 0), by) }),
      {},
    );
  for (const [, length] of SIZES) ofLength(length);
});

test('matrices that do not multiply are refused when the program is recorded', () => {
  const weights = { x: { shape: [4, 3], values: new Float32Array(12) } };
  for (const [transposed, shape, found] of [
    [false, [5, 2], /4 x 3 and 5 x 2/],
    [true, [2, 4], /4 x 3 and 4 x 2/],
  ] as const) {
    const outputs = ({ x }: Weights, { y }: NamedTensorMap) => ({ z: tf.matMul(x, y, false, transposed) });
    const forward = { inputs: { y: float32(...shape) }, outputs };
    assert.throws(() => Program.compile(weights, { forward }), found);
  }
});

test('a program updates just the weights that it tunes, and scoring runs nothing of training', () => {
  const tuned = ({ head }: Tensors<Model>) => [head.table];
  const program = Program.compile(tinyModel('causal'), {
    train: trainingOf(causal, tuned),
    score: scoring(causal),
  });
  assert.equal(program.ops('train').filter((op) => /Adam$/.test(op)).length, 1);
  assert.ok(!program.ops('score').some((op) => /Adam$|^Assign|Grad/.test(op)));
  program.dispose();
});

test('what is called without dice may compute, and draws from nowhere; afterwards all is as it was', () => {
  const own = replaced();
  const computed = withoutDice(() => [...tf.mul(tf.tensor([1, 2]), 3).dataSync()]);
  assert.deepEqual(computed, [3, 6]);
  const dice: readonly (readonly [string, () => unknown])[] = [
    ['Math.random', () => Math.random()],
    ['randomUniform', () => tf.randomUniform([2])],
    ['randomNormal', () => tf.randomNormal([2], 0, 1, 'float32', seed)],
    ['truncatedNormal', () => tf.truncatedNormal([2])],
    ['multinomial', () => tf.multinomial([0.5, 0.5], 1, seed)],
  ];
  for (const [by, draw] of dice)
    assert.throws(() => withoutDice(draw), new RegExp(`random numbers by ${by}; expected .* stream`));
  assert.deepEqual(replaced(), own);
});
