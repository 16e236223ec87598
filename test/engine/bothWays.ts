/** Runs a function as plain tfjs and as a compiled program, for tests that hold either way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Forward, InputSpec } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import { type Batch, Program } from '../../lib/engine/program/program';
import { leaves, mapLeaves, type Tensors, type Tree, upload, type Weight } from '../../lib/engine/weights';

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

const STEP = 1e-2;

/** Central differences of a loss in each scalar of its weights: off by STEP² times a third derivative. */
function differences<W>(weights: W, loss: (w: W) => number): Map<string, number[]> {
  const named = leaves<Weight>(weights as never);
  const shifted = (path: string, i: number, by: number) =>
    mapLeaves<Weight, Weight>(weights as never, (leaf, at) =>
      at === path ? { ...leaf, values: leaf.values.map((v, j) => (j === i ? v + by : v)) } : leaf,
    ) as W;
  const slope = (path: string, i: number) =>
    (loss(shifted(path, i, STEP)) - loss(shifted(path, i, -STEP))) / (2 * STEP);
  return new Map(named.map(([path, { values }]) => [path, Array.from(values, (_, i) => slope(path, i))]));
}

/** Tests that the gradient of a loss is its slope, which is not 0 everywhere. */
export function gradientsAgree<W>(
  name: string,
  weights: W,
  loss: (weights: Tensors<W>, batch: NamedTensorMap) => Scalar,
  { inputs = {}, batch = {} }: { inputs?: Readonly<Record<string, InputSpec>>; batch?: Batch } = {},
): void {
  const value: Forward<W> = { inputs, outputs: (w, fed) => ({ loss: loss(w, fed) }) };
  const expected = differences(weights, (w) => eager(w, value, batch).loss[0]);
  for (const [mode, run] of bothWays)
    test(`the gradient of ${name} is what small changes do, ${mode}`, () => {
      const found = run(weights, lossAndGradients(loss, inputs), batch);
      for (const [path, slopes] of expected) assertClose(found[path], slopes, 2e-3, path);
      assert.ok([...expected.values()].flat().some((slope) => Math.abs(slope) > 0.05));
    });
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
