/** P rows given and O rows asked for of a sequence, C and D channels, w kernel width. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';

/** Kernel [w, C, D] and bias [D]. */
export type ConvWeights = { readonly kernel: Tensor; readonly bias: Tensor };

/** Output o reads the inputs o step + j dilation − left for j < w; those outside of the rows are zero. */
export type Window = {
  readonly left: number;
  readonly dilation: number;
  readonly step: number;
  /** O */
  readonly outputs: number;
};
