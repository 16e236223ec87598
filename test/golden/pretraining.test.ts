/** The pre-training losses at scale against the authors': TensorFlow's sampled_softmax_loss, and masked items. */
import { test } from 'node:test';
import type { InputSpec } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import { relu } from '../../lib/engine/ops/activations';
import { leaves, type Weight } from '../../lib/engine/weights';
import type { HeadWeights } from '../../lib/model/heads';
import { logExpectedCounts, logUniformSampler } from '../../lib/training/candidates';
import { fullSoftmax, maskedStates, sampledSoftmax } from '../../lib/training/losses';
import { assertClose, bothWays, lossAndGradients } from '../engine/bothWays';
import { golden } from './golden';

/** Float32 noise of the authors' own graph: 1.5e-7 in losses, 3e-8 in gradients. */
const TOLERANCE = 1e-6;

type Weights = { readonly h: Weight; readonly head: HeadWeights<Weight> };
type LossCase = { readonly weights: Weights; readonly loss: number; readonly gradients: Weights };
type Sampled = LossCase & {
  readonly case: string;
  readonly items: number;
  readonly tries: number;
  readonly labels: number[];
  readonly candidates: number[];
  readonly labelCounts: number[];
  readonly candidateCounts: number[];
};
const cases = golden<{ sampled: Sampled[]; masked: LossCase & { positions: Weight; labels: Weight } }>(
  'pretraining',
);

function assertCase(found: Record<string, Float32Array>, { loss, gradients }: LossCase): void {
  assertClose(found.loss, [loss], TOLERANCE, 'loss');
  for (const [at, { values }] of leaves<Weight>(gradients)) {
    assertClose(found[at], values, TOLERANCE, `gradient of ${at}`);
  }
}

const vector = (dtype: InputSpec['dtype'], values: ArrayLike<number>): InputSpec => ({
  dtype,
  shape: [values.length],
});

for (const golden of cases.sampled) {
  const { items, tries, weights } = golden;
  const [candidates, labels] = [Int32Array.from(golden.candidates), Int32Array.from(golden.labels)];
  const sampler = logUniformSampler(items);
  const [candidateLogCounts, labelLogCounts] = [candidates, labels].map((ids) =>
    logExpectedCounts(ids, { ids: candidates, tries }, sampler),
  );

  test(`the expected counts are TensorFlow's: ${golden.case}`, () => {
    assertClose(candidateLogCounts, golden.candidateCounts.map(Math.log), TOLERANCE, 'candidates');
    assertClose(labelLogCounts, golden.labelCounts.map(Math.log), TOLERANCE, 'labels');
  });

  const inputs = {
    labels: vector('int32', labels),
    candidates: vector('int32', candidates),
    candidateLogCounts: vector('float32', candidates),
    labelLogCounts: vector('float32', labels),
  };
  const forward = lossAndGradients<Weights>(({ h, head }, batch) => {
    const rows = tf.reshape(h, [-1, h.shape[2] as number]); // [N, k]
    const { candidates, candidateLogCounts, labelLogCounts } = batch;
    const sample = { candidates, candidateLogCounts, labelLogCounts };
    const labelled = { labels: batch.labels, weights: tf.ones([labels.length]) };
    return sampledSoftmax(rows, head, labelled, sample);
  }, inputs);
  for (const [mode, run] of bothWays) {
    test(`the sampled softmax is TensorFlow's, as the authors call it: ${golden.case}, ${mode}`, () => {
      assertCase(run(weights, forward, { labels, candidates, candidateLogCounts, labelLogCounts }), golden);
    });
  }
}

const { masked } = cases;
const inputs: Record<string, InputSpec> = {
  positions: { dtype: 'int32', shape: masked.positions.shape },
  labels: vector('int32', masked.labels.values),
};
/** The authors put a ReLU before the output layer and count every listed position. */
const forward = lossAndGradients<Weights>(({ h, head }, { positions, labels }) => {
  const states = relu(maskedStates(h, positions)); // [B M, k]
  return fullSoftmax(states, head, { labels, weights: tf.ones([labels.size]) });
}, inputs);
for (const [mode, run] of bothWays) {
  test(`the full softmax of masked items on ReLU(h) is the authors' loss, ${mode}`, () => {
    const [positions, labels] = [masked.positions, masked.labels].map(({ values }) =>
      Int32Array.from(values),
    );
    assertCase(run(masked.weights, forward, { positions, labels }), masked);
  });
}
