/** Training runs of the authors' code, step by step: pre-training on both trunks and fine-tuning by both insertions. */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../lib/engine/native';
import { relu } from '../../lib/engine/ops/activations';
import type { Direction } from '../../lib/engine/ops/convolution';
import { type Tensors, type Weight, zeros } from '../../lib/engine/weights';
import type { PretrainingWeights } from '../../lib/experiments/recipes/pretrain';
import type { Insertion } from '../../lib/model/patches/bottleneck';
import type { BlockPatches } from '../../lib/model/patches/form';
import { selections } from '../../lib/model/selections/selections';
import { encode, layersOf, type TrunkShape } from '../../lib/model/trunks/trunk';
import { type UserModelWeights, userVector } from '../../lib/model/userModel';
import { authorsLoss, fullSoftmax, maskedStates } from '../../lib/training/losses';
import { insertionAt, shapeOf as tinyShape } from '../model/tinyModel';
import { withL2 } from './authors';
import { follow, type Trajectory } from './follow';
import { golden } from './golden';

const k = 16;
const shapeOf = (direction: Direction, dilations: number[]): TrunkShape => ({
  ...tinyShape(direction),
  ...{ items: 58, channels: k, dilations },
});
const int = (...shape: number[]) => ({ dtype: 'int32', shape }) as const;

type Pretraining = PretrainingWeights<Weight>;
type PretrainingRun<Feed> = Trajectory & {
  readonly dilations: number[];
  readonly initial: Pretraining;
  readonly feeds: Feed[];
};
const everything = ({ trunk, softmax }: Tensors<Pretraining>) => [trunk, softmax];

/** The authors put a ReLU before the output layer and count padding, which to them is an item. */
const rectified = (h: Tensor, softmax: Tensors<Pretraining>['softmax'], labels: Tensor): Scalar =>
  fullSoftmax(relu(h), softmax, { labels, weights: tf.ones([labels.size]) });

/** Batches of eight sequences of ten ids, flat. */
const [B, L] = [8, 10];
const causal = golden<PretrainingRun<number[]>>('trajectory');
const causalShape = shapeOf('causal', causal.dilations);
follow<Pretraining>(
  'pre-training of a causal trunk',
  causal,
  causal.initial,
  {
    inputs: { ids: int(B, L - 1), labels: int(B * (L - 1)) },
    tuned: everything,
    loss: ({ trunk, softmax }, { ids, labels }) =>
      rectified(tf.reshape(encode(trunk, causalShape, ids), [B * (L - 1), k]), softmax, labels),
  },
  causal.feeds.map((feed) => {
    const rows = Array.from({ length: B }, (_, i) => feed.slice(i * L, (i + 1) * L));
    return {
      ids: Int32Array.from(rows.flatMap((row) => row.slice(0, -1))),
      labels: Int32Array.from(rows.flatMap((row) => row.slice(1))),
    };
  }),
);

type Feed<Names extends string> = Readonly<Record<Names, number[]>>;
const batchOf = (feed: Feed<string>) =>
  Object.fromEntries(Object.entries(feed).map(([name, values]) => [name, Int32Array.from(values)]));

/** Three masked items of each sequence. */
const M = 3;
const masked = golden<PretrainingRun<Feed<'ids' | 'positions' | 'labels'>>>('masked');
const maskedShape = shapeOf('non-causal', masked.dilations);
follow<Pretraining>(
  'pre-training of a non-causal trunk',
  masked,
  masked.initial,
  {
    inputs: { ids: int(B, L), positions: int(B, M), labels: int(B * M) },
    tuned: everything,
    loss: ({ trunk, softmax }, { ids, positions, labels }) =>
      rectified(maskedStates(encode(trunk, maskedShape, ids), positions), softmax, labels),
  },
  masked.feeds.map(batchOf),
);

/** Four users of nine items, [TCL], which is id 0 to the authors, and the target. */
const USERS = 4;
type Model = UserModelWeights<Weight>;
type FineTuning = Trajectory & {
  readonly patches: BlockPatches<Weight>[];
  readonly table: Weight;
  readonly feeds: Feed<'ids' | 'labels' | 'negatives'>[];
};
const { dilations, trunk, cases } = golden<{
  readonly dilations: number[];
  readonly trunk: Model['trunk'];
  readonly cases: Readonly<Record<'serial' | 'parallel', FineTuning>>;
}>('finetuning');

/** The target table without its bias, the patches, and the second layer norm of each block. */
const authorsTuned = (model: Tensors<Model>) => [
  ...selections['patches, second layer norms and classifier']
    .weights<Tensor>(model, layersOf<Tensor>(model.trunk, { trunk: 'causal' }))
    .filter((tree) => tree !== model.head),
  model.head.table,
];

for (const place of ['serial', 'parallel'] as const) {
  const { patches, table, feeds, ...run } = cases[place];
  const insertion: Insertion = { ...insertionAt(place), bottleneck: k / 4, activation: 'gelu' };
  const loss = (model: Tensors<Model>, { ids, labels, negatives }: NamedTensorMap): Scalar => {
    const h = userVector(model, { shape: shapeOf('causal', dilations), insertion }, ids);
    return withL2(authorsLoss(h, model.head, { labels, negatives }), model.head.table);
  };
  follow<Model>(
    `fine-tuning with ${place} patches`,
    run,
    { trunk, patches, head: { table, bias: zeros([table.shape[0]]) } },
    { inputs: { ids: int(USERS, 10), labels: int(USERS), negatives: int(USERS) }, tuned: authorsTuned, loss },
    feeds.map(({ ids, ...rest }) => batchOf({ ...rest, ids: ids.filter((_, i) => i % 11 < 10) })),
  );
}
