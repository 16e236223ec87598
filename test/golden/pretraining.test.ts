/** The pre-training losses at scale against the authors': TensorFlow's sampled_softmax_loss, and masked items. */
import { test } from 'node:test';
import { tf } from '../../lib/engine/native';
import { relu } from '../../lib/engine/ops/activations';
import type { Weight } from '../../lib/engine/weights';
import type { HeadWeights } from '../../lib/model/heads';
import { logExpectedCounts, logUniformSampler } from '../../lib/training/inputs';
import { fullSoftmax, maskedStates, sampledSoftmax } from '../../lib/training/losses';
import { assertClose } from '../engine/bothWays';
import { agrees, golden, type LossCase, TOLERANCE } from './golden';

type Case = LossCase<{ readonly h: Weight; readonly head: HeadWeights<Weight> }>;
type Sampled = Case & {
  readonly case: string;
  readonly items: number;
  readonly tries: number;
  readonly labels: number[];
  readonly candidates: number[];
  readonly labelCounts: number[];
  readonly candidateCounts: number[];
};
const { sampled, masked } = golden<{
  sampled: Sampled[];
  masked: Case & { positions: Weight; labels: Weight };
}>('pretraining');

for (const one of sampled) {
  const { items, tries } = one;
  const [candidates, labels] = [Int32Array.from(one.candidates), Int32Array.from(one.labels)];
  const sampler = logUniformSampler(items);
  const [candidateLogCounts, labelLogCounts] = [candidates, labels].map((ids) =>
    logExpectedCounts(ids, { ids: candidates, tries }, sampler),
  );

  test(`the expected counts are TensorFlow's: ${one.case}`, () => {
    assertClose(candidateLogCounts, one.candidateCounts.map(Math.log), TOLERANCE, 'candidates');
    assertClose(labelLogCounts, one.labelCounts.map(Math.log), TOLERANCE, 'labels');
  });

  agrees(
    `the sampled softmax is TensorFlow's, as the authors call it: ${one.case}`,
    one,
    { labels, candidates, candidateLogCounts, labelLogCounts },
    ({ h, head }, batch) => {
      const rows = tf.reshape(h, [-1, h.shape[2] as number]); // [N, k]
      const { candidates, candidateLogCounts, labelLogCounts } = batch;
      const labelled = { labels: batch.labels, weights: tf.ones([labels.length]) };
      return sampledSoftmax(rows, head, labelled, { candidates, candidateLogCounts, labelLogCounts });
    },
  );
}

const [positions, labels] = [masked.positions, masked.labels].map(({ values }) => Int32Array.from(values));
/** The authors put a ReLU before the output layer and count every listed position. */
agrees(
  "the full softmax of masked items on ReLU(h) is the authors' loss",
  masked,
  { positions, labels },
  ({ h, head }, batch) => {
    const states = relu(maskedStates(h, tf.reshape(batch.positions, masked.positions.shape as number[]))); // [B M, k]
    return fullSoftmax(states, head, { labels: batch.labels, weights: tf.ones([labels.length]) });
  },
);
