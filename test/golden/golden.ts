import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { NamedTensorMap, Scalar } from '@tensorflow/tfjs-node-gpu';
import type { InputSpec } from '../../lib/engine/graph/signature';
import type { Batch } from '../../lib/engine/program/program';
import { leaves, type Tensors, type Tree, type Weight } from '../../lib/engine/weights';
import { assertClose, bothWays, lossAndGradients } from '../engine/bothWays';

/**
 * Numbers that the authors' code computed (sigir2020_peterrec, commit 3ae7cf6, in float64 under TensorFlow 2.21),
 * in this project's layout: kernels [w, C, D], softmax tables [|Y|, k], weights under this project's names.
 * The gradients are those of the loss, or of Σ output · cotangent.
 */
type Numbers = { readonly shape: number[]; readonly data: number[] };
const isNumbers = (value: unknown): value is Numbers =>
  typeof value === 'object' && value !== null && 'shape' in value && 'data' in value;

/** A file of this folder with its tensors as weights: nine digits, rounded to float32, give the authors' bits. */
export function golden<T>(name: string): T {
  const text = fs.readFileSync(path.join(__dirname, `${name}.json`), 'utf8');
  return JSON.parse(text, (_, value: unknown) =>
    isNumbers(value) ? { shape: value.shape, values: Float32Array.from(value.data) } : value,
  );
}

/** Float32 noise of the authors' own graph: 4e-7 in losses and gradients. */
export const TOLERANCE = 1e-6;

/** A loss of the authors and its gradients. */
export type LossCase<W> = { readonly weights: W; readonly loss: number; readonly gradients: Tree<Weight> };

/** Compares a loss of a batch and its gradients with the authors', eager and compiled. */
export function agrees<W>(
  name: string,
  { weights, loss, gradients }: LossCase<W>,
  batch: Batch,
  lossOf: (weights: Tensors<W>, batch: NamedTensorMap) => Scalar,
  inputs: Readonly<Record<string, InputSpec>> = specsOf(batch),
): void {
  for (const [mode, run] of bothWays) {
    test(`${name}, ${mode}`, () => {
      const found = run(weights, lossAndGradients<W>(lossOf, inputs), batch);
      assertClose(found.loss, [loss], TOLERANCE, 'loss');
      for (const [at, { values }] of leaves<Weight>(gradients)) assertClose(found[at], values, TOLERANCE, at);
    });
  }
}

/** Vectors of a batch: [length]. */
const specsOf = (batch: Batch) =>
  Object.fromEntries(
    Object.entries(batch).map(([name, { length }]): [string, InputSpec] => [
      name,
      { dtype: batch[name] instanceof Int32Array ? 'int32' : 'float32', shape: [length] },
    ]),
  );
