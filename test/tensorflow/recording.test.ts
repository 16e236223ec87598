import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-node-gpu';
import { backend, tf } from '../../lib/tensorflow/native';
import { Program } from '../../lib/tensorflow/program';
import type { Training } from '../../lib/tensorflow/signature';
import type { Tensors } from '../../lib/tensorflow/weights';
import { everything, insertionAt, type Model, tinyModel, trainingOf } from '../model/tinyModel';
import { causal, compileTiny } from './tinyProgram';

type Unrecordable = readonly [
  name: string,
  outputs: (w: { x: Tensor }, b: NamedTensorMap) => Tensor,
  error: RegExp,
];
const unrecordable: readonly Unrecordable[] = [
  [
    'reading a value',
    ({ x }) => tf.scalar(tf.square(x).dataSync()[0]),
    /cannot read the value of a tensor \(after Square\)/,
  ],
  [
    'tf.gather, which reads its indices,',
    ({ x }, { ids }) => tf.gather(x, ids as tf.Tensor1D),
    /cannot read the value/,
  ],
  ['drawing a random number', ({ x }) => tf.mul(x, Math.random()), /cannot draw random numbers/],
];
for (const [name, output, error] of unrecordable) {
  test(`${name} in a program is refused, and everything is as before`, () => {
    const { executeSingleOutput, readSync } = backend;
    const { random } = Math;
    const tensors = tf.memory().numTensors;
    const weights = { x: { shape: [2], values: Float32Array.of(1, 2) } };
    const forward = {
      inputs: { ids: { dtype: 'int32', shape: [1] } },
      outputs: (w: Tensors<typeof weights>, b: NamedTensorMap) => ({ y: output(w, b) }),
    } as const;
    assert.throws(() => Program.compile(weights, { forward }), error);
    assert.equal(backend.executeSingleOutput, executeSingleOutput);
    assert.equal(backend.readSync, readSync);
    assert.equal(Math.random, random);
    assert.equal(tf.memory().numTensors, tensors);
  });
}

/** Two blocks have four convolutions. A gradient for x is needed in each below which something is tuned. */
const frozen: readonly (readonly [string, Training<Model>['tuned'], number, number])[] = [
  ['tuning everything takes a gradient for each of the four kernels', everything, 4, 4],
  [
    'tuning patches takes none for a kernel, and reaches down to the first patch',
    ({ patches, head }) => [patches, head],
    0,
    3,
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
    const count = (op: string) => ops.filter((other) => other === op).length;
    assert.equal(count('Conv2D'), 4);
    assert.equal(count('Conv2DBackpropFilter'), filters);
    assert.equal(count('Conv2DBackpropInput'), inputs);
  });
}

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
