/** A prompt of learnt vectors. Letters: B batch, P positions, p vectors, k channels. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { described } from '../../base/choice';
import { tf } from '../../engine/native';
import { gatherRows } from '../../engine/ops/rows';
import { normal } from '../../engine/weights';
import { addedIds, MOST_ADDED, type PatchForm } from './form';

/** Prompt tuning (Lester et al. 2021): p learnt vectors among the embeddings, at the ids of the prompt. */
export const prompt: PatchForm<{ readonly length: number }> = {
  ...described({
    about: 'learnt vectors before the items, within what the last state reads',
    choices: { length: z.number().int().min(1).max(MOST_ADDED) },
    cites:
      '@inproceedings{Prompt, author = {Lester, Brian and Al-Rfou, Rami and Constant, Noah}, title = {The Power of Scale for Parameter-Efficient Prompt Tuning}, booktitle = {EMNLP}, year = {2021}, doi = {10.18653/v1/2021.emnlp-main.243}}',
    example: { length: 8 },
  }),
  added: ({ length }) => length,
  fresh: ({ shape: { channels } }, { length }, stream) => [
    { prompt: { vectors: normal([length, channels], 0.02, stream) } },
  ],
  additions: ([{ prompt: own }], { length }, shape) => ({
    embedding: (table, ids) => {
      const [[first], last] = [addedIds(shape, length), (table.shape[0] as number) - 1];
      const isOwn = tf.expandDims(tf.cast(tf.greaterEqual(ids, first), 'float32'), 2); // [B, P, 1]
      const rowIn = (rows: Tensor, at: Tensor) => gatherRows(rows, tf.cast(at, 'int32')); // [B, P, k]
      const items = rowIn(table, tf.minimum(ids, last));
      const learnt = rowIn(own.vectors as Tensor, tf.clipByValue(tf.sub(ids, first), 0, length - 1));
      return tf.add(tf.mul(items, tf.sub(1, isOwn)), tf.mul(learnt, isOwn));
    },
  }),
};
