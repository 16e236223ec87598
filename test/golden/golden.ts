import fs from 'node:fs';
import path from 'node:path';
import type { Direction } from '../../lib/engine/ops/convolution';
import type { Weight } from '../../lib/engine/weights';

/**
 * Numbers that the authors' code computed (sigir2020_peterrec, commit 3ae7cf6, in float64 under TensorFlow 2.21),
 * in this project's layout: kernels [w, C, D], softmax tables [|Y|, k], weights under this project's names.
 * The gradients are those of the loss, or of Σ output · cotangent.
 */
export type OpCase<W> = {
  readonly case: string;
  readonly weights: W & { readonly input: Weight };
  readonly cotangent: Weight;
  readonly output: Weight;
  readonly gradients: unknown;
};
export type Dilated = { readonly dilation: number; readonly direction: Direction };

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
