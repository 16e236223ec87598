import { test } from 'node:test';
import type { NamedTensorMap, Scalar } from '@tensorflow/tfjs-node-gpu';
import type { PretrainingWeights } from '../../lib/experiments/pretrain';
import { encode, type TrunkShape } from '../../lib/model/trunk';
import { tf } from '../../lib/tensorflow/native';
import { relu } from '../../lib/tensorflow/ops/activations';
import { Program } from '../../lib/tensorflow/program';
import { leaves, type Tensors, type Tree, type Weight } from '../../lib/tensorflow/weights';
import { fullSoftmax } from '../../lib/training/losses';
import { adam } from '../../lib/training/optimizer';
import { assertClose, bothWays, lossAndGradients } from '../tensorflow/bothWays';
import { golden } from './golden';

type Weights = PretrainingWeights<Weight>;
type Trajectory = {
  readonly dilations: number[];
  readonly rate: number;
  readonly initial: Weights;
  /** Twenty batches of eight sequences of ten ids, flat. */
  readonly feeds: number[][];
  readonly losses: number[];
  readonly gradients: Weights;
  readonly final: Weights;
};
const { dilations, rate, initial, feeds, losses, gradients, final } = golden<Trajectory>('trajectory');

const [B, L, k] = [8, 10, 16];
const shape: TrunkShape = {
  direction: 'causal',
  items: 58,
  channels: k,
  kernel: 3,
  dilations,
  padding: 'embedded',
};
const inputs = {
  ids: { dtype: 'int32', shape: [B, L - 1] },
  labels: { dtype: 'int32', shape: [B * (L - 1)] },
} as const;

/** The authors put a ReLU before the output layer and count padding, which to them is an item. */
function loss({ trunk, softmax }: Tensors<Weights>, { ids, labels }: NamedTensorMap): Scalar {
  const h = tf.reshape(encode(trunk, shape, ids), [B * (L - 1), k]);
  return fullSoftmax(relu(h), softmax, labels, tf.ones([B * (L - 1)]));
}

function batchOf(feed: number[]) {
  const rows = Array.from({ length: B }, (_, i) => feed.slice(i * L, (i + 1) * L));
  return {
    ids: Int32Array.from(rows.flatMap((row) => row.slice(0, -1))),
    labels: Int32Array.from(rows.flatMap((row) => row.slice(1))),
  };
}

for (const [mode, run] of bothWays) {
  test(`the first batch gives the authors' loss and gradients, ${mode}`, () => {
    const found = run(initial, lossAndGradients<Weights>(loss, inputs), batchOf(feeds[0]));
    assertClose(found.loss, [losses[0]], 1e-6, 'loss');
    for (const [at, { values }] of leaves<Weight>(gradients as Tree<Weight>)) {
      assertClose(found[at], values, 1e-6, at);
    }
  });
}

test("twenty steps of pre-training leave the authors' losses and weights", () => {
  const program = Program.compile(initial, {
    train: { inputs, loss, tuned: ({ trunk, softmax }) => [trunk, softmax], optimizer: adam(rate) },
  });
  const found = feeds.map((feed) => program.run('train', batchOf(feed)).loss[0]);
  const trained = new Map(leaves<Weight>(program.read() as Tree<Weight>));
  program.dispose();
  assertClose(found, losses, 1e-6, 'loss');
  for (const [at, { values }] of leaves<Weight>(final as Tree<Weight>)) {
    assertClose((trained.get(at) as Weight).values, values, 2e-6, at);
  }
});
