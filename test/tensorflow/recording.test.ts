import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-node-gpu';
import { withoutDice } from '../../lib/tensorflow/graph/dice';
import type { Training } from '../../lib/tensorflow/graph/signature';
import { backend, tf } from '../../lib/tensorflow/native';
import { Program } from '../../lib/tensorflow/program/program';
import type { Tensors } from '../../lib/tensorflow/weights';
import { everything, insertionAt, type Model, tinyModel, trainingOf } from '../model/tinyModel';
import { causal, compileTiny } from './tinyProgram';

type Unrecordable = readonly [
  name: string,
  outputs: (w: { x: Tensor }, b: NamedTensorMap) => unknown,
  error: RegExp,
];
const reads = (op: string, after: string) =>
  new RegExp(`^a program cannot read the value of a tensor, as ${op} does at .* \\(after ${after}\\)`);
const draws = (op: string) => new RegExp(`^a program cannot draw random numbers, as ${op} does at `);
const shapes = (op: string) =>
  new RegExp(`^a program cannot hold a shape that depends on values, as ${op} does at `);
const seed = 3;
const unrecordable: readonly Unrecordable[] = [
  ['dataSync', ({ x }) => tf.scalar(tf.square(x).dataSync()[0]), reads('dataSync', 'Square')],
  ['data', ({ x }) => tf.square(x).data(), reads('data', 'Square')],
  ['tf.gather', ({ x }, { ids }) => tf.gather(x, ids as tf.Tensor1D), reads('gather', 'the start')],
  ['tf.whereAsync', ({ x }) => tf.whereAsync(tf.greater(x, 1)), reads('whereAsync', 'Greater')],
  [
    'tf.booleanMaskAsync',
    ({ x }) => tf.booleanMaskAsync(x, tf.greater(x, 1)),
    reads('booleanMaskAsync', '\\w+'),
  ],
  ['tf.unique', ({ x }) => tf.unique(x).values, shapes('UniqueV2')],
  ['backend.where', ({ x }) => backend.where(tf.greater(x, 1)), shapes('Where')],
  ['Math.random', ({ x }) => tf.mul(x, Math.random()), draws('Math.random')],
  ['tf.randomUniform', ({ x }) => tf.mul(x, tf.randomUniform([2])), draws('randomUniform')],
  [
    'tf.randomUniform with a seed',
    () => tf.randomUniform([2], 0, 1, 'float32', seed),
    draws('randomUniform'),
  ],
  ['tf.randomNormal with a seed', () => tf.randomNormal([2], 0, 1, 'float32', seed), draws('randomNormal')],
  [
    'tf.truncatedNormal with a seed',
    () => tf.truncatedNormal([2], 0, 1, 'float32', seed),
    draws('truncatedNormal'),
  ],
  ['tf.dropout', ({ x }) => tf.dropout(x, 0.5), draws('dropout')],
  ['tf.dropout with a seed', ({ x }) => tf.dropout(x, 0.5, undefined, seed), draws('dropout')],
  ['tf.multinomial with a seed', ({ x }) => tf.multinomial(x as tf.Tensor1D, 1, seed), draws('multinomial')],
];
for (const [name, output, error] of unrecordable) {
  test(`${name} in a program is refused by its name and line, and everything is as before`, () => {
    const { executeSingleOutput, executeMultipleOutputs, readSync, read, write } = backend;
    const { random } = Math;
    const tensors = tf.memory().numTensors;
    const weights = { x: { shape: [2], values: Float32Array.of(1, 2) } };
    const forward = {
      inputs: { ids: { dtype: 'int32', shape: [1] } },
      outputs: (w: Tensors<typeof weights>, b: NamedTensorMap) => ({ y: output(w, b) as Tensor }),
    } as const;
    assert.throws(
      () => Program.compile(weights, { forward }),
      ({ message }: Error) => {
        assert.match(message, error);
        assert.match(message, / at test.tensorflow.recording\.test\.ts:\d+ /);
        return true;
      },
    );
    for (const [method, own] of Object.entries({
      executeSingleOutput,
      executeMultipleOutputs,
      readSync,
      read,
      write,
    })) {
      assert.equal(backend[method as keyof typeof backend], own, method);
    }
    assert.equal(Math.random, random);
    assert.equal(tf.memory().numTensors, tensors);
  });
}

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
    assert.equal(count('DilatedConv', 'DilatedConvSum', 'Conv2D'), 12);
    assert.equal(count('DilatedConvKernelGrad', 'Conv2DBackpropFilter'), filters);
    assert.equal(count('DilatedConvInputGrad', 'Conv2DBackpropInput'), inputs);
    if (tuned !== everything) assert.equal(count('NormReluGrads'), 0);
  });
}

test('matrices that do not multiply are refused when the program is recorded', () => {
  const weights = { x: { shape: [4, 3], values: new Float32Array(12) } };
  const products: readonly (readonly [transposed: boolean, shape: number[], found: string])[] = [
    [false, [5, 2], '4 x 3 and 5 x 2'],
    [true, [2, 4], '4 x 3 and 4 x 2'],
  ];
  for (const [transposed, shape, found] of products) {
    const forward = {
      inputs: { y: { dtype: 'float32', shape } },
      outputs: ({ x }: Tensors<typeof weights>, { y }: NamedTensorMap) => ({
        z: tf.matMul(x, y, false, transposed),
      }),
    } as const;
    assert.throws(() => Program.compile(weights, { forward }), {
      message: `expected matrices that multiply, found ${found}`,
    });
  }
});

test('a program updates just the weights that it tunes', () => {
  const tuned = ({ head }: Tensors<Model>) => [head.table];
  const program = Program.compile(tinyModel('causal'), { train: trainingOf(causal, tuned) });
  assert.equal(program.ops('train').filter((op) => op === 'ResourceApplyAdam').length, 1);
  program.dispose();
});

test('scoring runs nothing of training', () => {
  const { program } = compileTiny();
  const ops = new Set(program.ops('score'));
  program.dispose();
  assert.deepEqual(
    ['ResourceApplyAdam', 'AssignVariableOp', 'ReluGrad'].filter((op) => ops.has(op)),
    [],
  );
});

test('what is called without dice may compute, and draws from nowhere; afterwards all is as it was', () => {
  const { random } = Math;
  assert.deepEqual(
    withoutDice(() => [...tf.mul(tf.tensor([1, 2]), 3).dataSync()]),
    [3, 6],
  );
  const dice: readonly (readonly [string, () => unknown])[] = [
    ['Math.random', () => Math.random()],
    ['randomUniform', () => tf.randomUniform([2])],
    ['randomNormal', () => tf.randomNormal([2], 0, 1, 'float32', seed)],
    ['truncatedNormal', () => tf.truncatedNormal([2])],
    ['multinomial', () => tf.multinomial([0.5, 0.5], 1, seed)],
  ];
  for (const [by, draw] of dice) {
    assert.throws(() => withoutDice(draw), {
      message: `it draws random numbers by ${by}; expected them from the stream that it is given`,
    });
    draw();
  }
  assert.equal(Math.random, random);
});
