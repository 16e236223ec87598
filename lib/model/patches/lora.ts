/** Low-rank differences of kernels. Letters: B batch, T length, k and d channels in and out, r rank. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { described } from '../../base/choice';
import type { Random } from '../../base/random';
import { tf } from '../../engine/native';
import { pointwise } from '../../engine/ops/convolution';
import { normal, sizeOf, type Weight, zeros } from '../../engine/weights';
import { kernelForm, type PatchForm } from './form';

/** r, and α: the difference counts α / r times. */
export type LowRank = { readonly rank: number; readonly alpha: number };

const choices = { rank: z.number().int().min(1), alpha: z.number().positive() };
const example: LowRank = { rank: 8, alpha: 8 };

const lastOf = (shape: readonly number[]) => shape[shape.length - 1];

/** A [.., k, r] keeps the size of what it reads; B [r, d] starts at zeros. */
function fresh({ shape }: Weight, rank: number, stream: Random) {
  const d = lastOf(shape);
  const read = sizeOf(shape) / d;
  return { A: normal([...shape.slice(0, -1), rank], 1 / Math.sqrt(read), stream), B: zeros([rank, d]) };
}

type Factors = Readonly<Record<string, Tensor>>;

/** α / r A B, in the shape of a kernel [.., k, d]. */
function difference(kernel: Tensor, { A, B }: Factors, { rank, alpha }: LowRank): Tensor {
  const rows = tf.reshape(A, [A.size / rank, rank]);
  return tf.mul(tf.reshape(tf.matMul(rows, B as tf.Tensor2D), kernel.shape), alpha / rank);
}

/**
 * LoRA (Hu et al. 2022) of every kernel: ψ(z) + α / r B A(z), where A has the width, stride, dilation and padding of its kernel and B
 * is pointwise.
 */
export const lora: PatchForm<LowRank> = {
  ...described({
    about: 'a low-rank difference of each kernel',
    choices,
    cites:
      '@inproceedings{LoRA, author = {Hu, Edward J. and Shen, Yelong and Wallis, Phillip and Allen-Zhu, Zeyuan and Li, Yuanzhi and Wang, Shean and Wang, Lu and Chen, Weizhu}, title = {{LoRA}: Low-Rank Adaptation of Large Language Models}, booktitle = {ICLR}, year = {2022}}',
    example,
  }),
  ...kernelForm<LowRank>({
    sites: ({ sites }) => sites,
    fresh: (kernel, { rank }, stream) => fresh(kernel, rank, stream),
    merged: ({ kernel, bias }, patch, choices) => ({
      kernel: tf.add(kernel, difference(kernel, patch, choices)),
      bias,
    }),
    product: ({ psi, product }, { A, B }, { rank, alpha }) =>
      pointwise(tf.mul(product(A), alpha / rank), B, undefined, psi),
  }),
};

/** The norm of each output channel of a kernel: [.., k, d] -> [d] */
function magnitudes(kernel: Tensor): Tensor {
  const d = lastOf(kernel.shape);
  return tf.sqrt(tf.sum(tf.square(tf.reshape(kernel, [kernel.size / d, d])), 0));
}

/** x, which to gradients is a constant. */
const detached = (x: Tensor): Tensor =>
  tf.customGrad(() => ({ value: tf.clone(x), gradFunc: () => tf.zerosLike(x) }))(x);

/** The norms of a weight's output channels. */
function magnitudesOf({ shape, values }: Weight): Weight {
  const d = lastOf(shape);
  const squares = new Float64Array(d);
  for (const [i, value] of values.entries()) squares[i % d] += value ** 2;
  return { shape: [d], values: Float32Array.from(squares, Math.sqrt) };
}

/**
 * DoRA (Liu et al. 2024) of every kernel: (K + α / r A B) with the magnitude m of each output channel learnt, from that of K. As in peft
 * its norm is a constant to the gradient.
 */
export const dora: PatchForm<LowRank> = {
  ...described({
    about: 'such a difference, with the magnitude of each channel learnt apart',
    choices,
    cites:
      '@inproceedings{DoRA, author = {Liu, Shih-Yang and Wang, Chien-Yi and Yin, Hongxu and Molchanov, Pavlo and Wang, Yu-Chiang Frank and Cheng, Kwang-Ting and Chen, Min-Hung}, title = {{DoRA}: Weight-Decomposed Low-Rank Adaptation}, booktitle = {ICML}, year = {2024}}',
    example,
  }),
  ...kernelForm<LowRank>({
    sites: ({ sites }) => sites,
    fresh: (kernel, { rank }, stream) => ({ ...fresh(kernel, rank, stream), m: magnitudesOf(kernel) }),
    merged: ({ kernel, bias }, patch, choices) => {
      const whole = tf.add(kernel, difference(kernel, patch, choices));
      return { kernel: tf.mul(whole, tf.div(patch.m, detached(magnitudes(whole)))), bias };
    },
  }),
};
