/** Runs a function as plain tfjs and as a compiled program, for tests that hold either way. */
import assert from 'node:assert/strict';
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Forward, InputSpec } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import { type Batch, Program } from '../../lib/engine/program/program';
import { leaves, type Tensors, type Tree, upload } from '../../lib/engine/weights';

type Outputs = Record<string, Float32Array>;
type Run = <W>(weights: W, forward: Forward<W>, batch?: Batch) => Outputs;

const eager: Run = (weights, { inputs, outputs }, batch = {}) =>
  tf.tidy(() => {
    const fed = Object.entries(inputs).map(([key, { shape, dtype }]) => [
      key,
      tf.tensor(batch[key], [...shape], dtype),
    ]);
    const named = Object.entries(outputs(upload(weights), Object.fromEntries(fed)));
    return Object.fromEntries(named.map(([key, tensor]) => [key, tensor.dataSync() as Float32Array]));
  });

const compiled: Run = (weights, forward, batch = {}) => {
  const program = Program.compile(weights, { forward });
  try {
    return program.run('forward', batch);
  } finally {
    program.dispose();
  }
};

export const bothWays: readonly (readonly [string, Run])[] = [
  ['eager', eager],
  ['compiled', compiled],
];

/** A loss and its gradient for each weight, under the weight's path. */
export function lossAndGradients<W>(
  loss: (weights: Tensors<W>, batch: NamedTensorMap) => Scalar,
  inputs: Readonly<Record<string, InputSpec>> = {},
): Forward<W> {
  return {
    inputs,
    outputs: (weights, batch) => {
      const named = leaves<Tensor>(weights as Tree<Tensor>);
      const tensors = named.map(([, tensor]) => tensor);
      const { value, grads } = tf.engine().gradients(() => loss(weights, batch), tensors);
      return { loss: value, ...Object.fromEntries(named.map(([path], i) => [path, grads[i]])) };
    },
  };
}

/** Fails where a number is further than `tolerance` × the largest expected one (at least 1) from what was expected. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = '',
): void {
  assert.equal(actual.length, expected.length, `${what}: number of values`);
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i] - expected[i]) / scale;
    assert.ok(off <= tolerance, `${what}[${i}]: ${actual[i]} instead of ${expected[i]}`);
  }
}
