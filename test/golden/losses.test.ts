import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../lib/engine/native';
import { relu } from '../../lib/engine/ops/activations';
import type { Weight } from '../../lib/engine/weights';
import type { HeadWeights } from '../../lib/model/heads';
import { authorsLoss, bpr, fullSoftmax } from '../../lib/training/losses';
import { assertClose } from '../engine/bothWays';
import { unbiased, withL2 } from './authors';
import { agrees, golden, type LossCase, TOLERANCE } from './golden';

/** With the batch: labels and, where the loss takes them, negatives. */
type Case<W> = LossCase<W> & { readonly labels: Weight; readonly negatives?: Weight };
type OnTable = Case<{ readonly h: Weight; readonly table: Weight }>;
type Cases = {
  readonly fullSoftmax: Case<{ readonly h: Weight; readonly head: HeadWeights<Weight> }>;
  readonly bpr: OnTable;
  readonly softmax: OnTable;
};
const cases = golden<Cases>('losses');
const batchOf = ({ labels, negatives = labels }: Case<unknown>) => ({
  labels: Int32Array.from(labels.values),
  negatives: Int32Array.from(negatives.values),
});

const softmaxOf = (h: Tensor, head: HeadWeights<Tensor>, labels: Tensor) =>
  fullSoftmax(h, head, { labels, weights: tf.ones([labels.size]) });

agrees(
  "the full softmax on ReLU(h) is the authors' pre-training loss",
  cases.fullSoftmax,
  batchOf(cases.fullSoftmax),
  ({ h, head }, { labels }) => softmaxOf(relu(tf.reshape(h, [-1, h.shape[2] as number])), head, labels),
);

agrees(
  "BPR plus the authors' L2 term is the loss of their lambdafm script",
  cases.bpr,
  batchOf(cases.bpr),
  ({ h, table }, batch) => {
    const last = at(h, (h.shape[1] as number) - 1);
    return withL2(bpr(last, unbiased(table), batch as Pairs), table);
  },
);

agrees(
  'softmax cross-entropy over classes is the reference one',
  cases.softmax,
  batchOf(cases.softmax),
  ({ h, table }, { labels }) => softmaxOf(h, unbiased(table), labels),
);

type Pairs = { readonly labels: Tensor; readonly negatives: Tensor };
type Pointwise = OnTable & {
  readonly case: string;
  /** What of h [B, T, k] is the user. */
  readonly user: 'last' | 'both ends' | 'mean';
};
const { cases: pointwiseCases, terms } = golden<{
  readonly cases: Pointwise[];
  readonly terms: { readonly x: number; readonly right: number; readonly wrong: number }[];
}>('pointwise');

const users: Readonly<Record<Pointwise['user'], (h: Tensor) => Tensor>> = {
  last: (h) => at(h, (h.shape[1] as number) - 1),
  'both ends': (h) => tf.add(at(h, 0), at(h, (h.shape[1] as number) - 1)),
  mean: (h) => tf.mean(h, 1),
};
function at(h: Tensor, position: number): Tensor {
  const [B, , k] = h.shape as [number, number, number];
  return tf.reshape(tf.slice(h, [0, position, 0], [B, 1, k]), [B, k]);
}

for (const one of pointwiseCases) {
  const name = `the pointwise loss plus L2 is the authors': ${one.case}`;
  agrees(name, one, batchOf(one), ({ h, table }, batch) =>
    withL2(authorsLoss(users[one.user](h), unbiased(table), batch as Pairs), table),
  );
}

test('each half of the pointwise loss is the authors’ term, short of where theirs saturates', () => {
  const score = (x: number) => ({ h: tf.tensor2d([[x]]), head: unbiased(tf.tensor2d([[1], [0]])) });
  const [first, second] = [0, 1].map((label) => tf.tensor1d([label], 'int32'));
  for (const { x, right, wrong } of terms) {
    const { h, head } = score(x);
    const of = (labels: Tensor, negatives: Tensor) => authorsLoss(h, head, { labels, negatives }).dataSync();
    assertClose(of(first, second), [right + Math.LN2], TOLERANCE, `right at ${x}`);
    assertClose(of(second, first), [wrong + Math.LN2], TOLERANCE, `wrong at ${x}`);
  }
});
