import { test } from 'node:test';
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { InputSpec } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import { relu } from '../../lib/engine/ops/activations';
import { leaves, type Tensors, type Tree, type Weight } from '../../lib/engine/weights';
import type { HeadWeights } from '../../lib/model/heads';
import { bpr, fullSoftmax, pointwise } from '../../lib/training/losses';
import { assertClose, bothWays, lossAndGradients } from '../engine/bothWays';
import { unbiased, withL2 } from './authors';
import { golden } from './golden';

/** Float32 noise of the authors' own graph: 2.1e-7 in losses, 1.6e-7 in gradients. */
const TOLERANCE = 1e-6;

type LossCase<W> = {
  readonly weights: W;
  readonly labels: Weight;
  readonly negatives?: Weight;
  readonly loss: number;
  readonly gradients: Tree<Weight>;
};
type Cases = {
  readonly fullSoftmax: LossCase<{ readonly h: Weight; readonly head: HeadWeights<Weight> }>;
  readonly bpr: LossCase<{ readonly h: Weight; readonly table: Weight }>;
  readonly softmax: LossCase<{ readonly h: Weight; readonly table: Weight }>;
};
const cases = golden<Cases>('losses');

const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
const specOf = ({ values }: Weight): InputSpec => ({ dtype: 'int32', shape: [values.length] });
const ids = ({ values }: Weight) => Int32Array.from(values);

function agrees<W>(
  name: string,
  { weights, labels, negatives, loss, gradients }: LossCase<W>,
  lossOf: (weights: Tensors<W>, labels: Tensor, negatives: Tensor) => Scalar,
): void {
  const given = negatives ? { labels, negatives } : { labels };
  const inputs = mapValues(given, specOf);
  const forward = lossAndGradients<W>((w, batch) => lossOf(w, batch.labels, batch.negatives), inputs);
  for (const [mode, run] of bothWays) {
    test(`${name}, ${mode}`, () => {
      const found = run(weights, forward, mapValues(given, ids));
      assertClose(found.loss, [loss], TOLERANCE, 'loss');
      for (const [at, { values }] of leaves<Weight>(gradients)) {
        assertClose(found[at], values, TOLERANCE, `gradient of ${at}`);
      }
    });
  }
}

agrees(
  "the full softmax on ReLU(h) is the authors' pre-training loss",
  cases.fullSoftmax,
  ({ h, head }, labels) => {
    const rows = tf.reshape(h, [-1, h.shape[2] as number]);
    return fullSoftmax(relu(rows), head, { labels, weights: tf.ones([labels.size]) });
  },
);

agrees(
  "BPR plus the authors' L2 term is the loss of their lambdafm script",
  cases.bpr,
  ({ h, table }, y, no) => {
    const [B, T, k] = h.shape as [number, number, number];
    const user = tf.reshape(tf.slice(h, [0, T - 1, 0], [B, 1, k]), [B, k]);
    return withL2(bpr(user, unbiased(table), { labels: y, negatives: no }), table);
  },
);

agrees('softmax cross-entropy over classes is the reference one', cases.softmax, ({ h, table }, labels) =>
  fullSoftmax(h, unbiased(table), { labels, weights: tf.ones([labels.size]) }),
);

type Pointwise = LossCase<{ readonly h: Weight; readonly table: Weight }> & {
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
  agrees(`the pointwise loss plus L2 is the authors': ${one.case}`, one, ({ h, table }, y, no) =>
    withL2(pointwise(users[one.user](h), unbiased(table), { labels: y, negatives: no }), table),
  );
}

test('each half of the pointwise loss is the authors’ term, short of where theirs saturates', () => {
  const score = (x: number) => ({ h: tf.tensor2d([[x]]), head: unbiased(tf.tensor2d([[1], [0]])) });
  const [first, second] = [0, 1].map((label) => tf.tensor1d([label], 'int32'));
  for (const { x, right, wrong } of terms) {
    const { h, head } = score(x);
    const of = (labels: Tensor, negatives: Tensor) => pointwise(h, head, { labels, negatives }).dataSync();
    assertClose(of(first, second), [right + Math.LN2], TOLERANCE, `right at ${x}`);
    assertClose(of(second, first), [wrong + Math.LN2], TOLERANCE, `wrong at ${x}`);
  }
});
