/** Trunks against PyTorch's own layers: loss, gradients and twenty steps. Written by torchTrunks.py. */
import { tf } from '../../lib/engine/native';
import type { Weight } from '../../lib/engine/weights';
import type { PretrainingWeights } from '../../lib/experiments/recipes/pretrain';
import { isCausal, type TrunkName } from '../../lib/model/trunks/names';
import { architectureOf, encode, type TrunkShape } from '../../lib/model/trunks/trunk';
import { fullSoftmax, maskedStates } from '../../lib/training/losses';
import { follow, type Trajectory } from './follow';
import { golden } from './golden';

type Pretraining = PretrainingWeights<Weight>;
type Run = Trajectory & {
  readonly initial: Pretraining;
  readonly feeds: readonly Readonly<Record<'ids' | 'labels' | 'weights' | 'positions', number[]>>[];
};

const {
  sizes: { items, channels, ...sizes },
  rows: B,
  length: T,
  masked: M,
  runs,
} = golden<{
  readonly sizes: Readonly<Record<'items' | 'channels' | 'heads' | 'blocks' | 'positions', number>>;
  readonly rows: number;
  readonly length: number;
  readonly masked: number;
  readonly runs: Readonly<Partial<Record<TrunkName, Run>>>;
}>('torchTrunks');

function shapeOf(trunk: TrunkName): TrunkShape {
  const own = Object.keys(architectureOf({ trunk }).sizes).map((size) => [size, sizes[size as 'heads']]);
  return { trunk, items, channels, padding: 'masked', ...Object.fromEntries(own) };
}

for (const [name, run] of Object.entries(runs)) {
  const shape = shapeOf(name as TrunkName);
  const N = B * (isCausal(shape) ? T : M);
  const positions = isCausal(shape) ? {} : { positions: { dtype: 'int32', shape: [B, M] } as const };
  follow<Pretraining>(
    `pre-training of ${name}`,
    run,
    run.initial,
    {
      inputs: {
        ids: { dtype: 'int32', shape: [B, T] },
        ...positions,
        labels: { dtype: 'int32', shape: [N] },
        weights: { dtype: 'float32', shape: [N] },
      },
      tuned: ({ trunk, softmax }) => [trunk, softmax],
      loss: ({ trunk, softmax }, { ids, labels, weights, ...rest }) => {
        const h = encode(trunk, shape, ids);
        const states = rest.positions ? maskedStates(h, rest.positions) : tf.reshape(h, [N, channels]);
        return fullSoftmax(states, softmax, { labels, weights });
      },
    },
    run.feeds.map(({ ids, labels, weights, ...rest }) => ({
      ids: Int32Array.from(ids),
      labels: Int32Array.from(labels),
      weights: Float32Array.from(weights),
      ...(rest.positions ? { positions: Int32Array.from(rest.positions) } : {}),
    })),
    { tolerance: 1e-5, but: /key\/bias/ }, // a softmax does not see what is added to all scores
  );
}
