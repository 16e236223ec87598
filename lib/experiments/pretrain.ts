/** Self-supervised pre-training, Eq. 1. Letters: B batch, L sequence length, k channels, |X| source items. */

import type { Source } from '../datasets/source';
import { splitSource } from '../datasets/split';
import { hitRate, reciprocalRank } from '../metrics/ranking';
import { freshHead, type HeadWeights, scores } from '../model/heads';
import { encode, freshTrunk, type TrunkShape, type TrunkWeights } from '../model/trunk';
import { random } from '../random';
import { tf } from '../tensorflow/native';
import { Program } from '../tensorflow/program';
import type { Weight } from '../tensorflow/weights';
import { nextItemBatch, shuffledBatches } from '../training/batches';
import { lastItemRank, lastItemRanks, SCORED_ROWS } from '../training/evaluate';
import { type CurvePoint, fit } from '../training/fit';
import { fullSoftmax } from '../training/losses';
import { adam } from '../training/optimizer';
import type { Preset } from './presets';

/** Θ: the trunk, and the softmax layer that is discarded afterwards. */
export type PretrainingWeights<L> = { readonly trunk: TrunkWeights<L>; readonly softmax: HeadWeights<L> };

/** Rank of each held-out user's last item, by the trunk and by item popularity. */
export type LastItem = { readonly user: number; readonly rank: number; readonly popularityRank: number };
export type Pretrained = {
  readonly weights: PretrainingWeights<Weight>;
  readonly curve: CurvePoint[];
  readonly lastItems: LastItem[];
};

export type Watch = {
  readonly onStep?: ((step: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

export function trunkShape(source: Source, { channels, kernel, dilations }: Preset): TrunkShape {
  return { direction: 'causal', items: source.items.length, channels, kernel, dilations };
}

/** The weights that both pre-training and the methods without it start from. */
export function freshPretraining(source: Source, preset: Preset, seed: number): PretrainingWeights<Weight> {
  const shape = trunkShape(source, preset);
  return {
    trunk: freshTrunk(shape, random(seed, 'trunk', source.name)),
    softmax: freshHead(shape.items, shape.channels, random(seed, 'softmax', source.name)),
  };
}

type PretrainingProgram = Program<PretrainingWeights<Weight>>;

export function compilePretraining(source: Source, preset: Preset): PretrainingProgram {
  const shape = trunkShape(source, preset);
  const { batch: B, rate } = preset.pretraining;
  const [T, k] = [source.length - 1, shape.channels];
  return Program.compile(freshPretraining(source, preset, 0), {
    train: {
      inputs: {
        ids: { dtype: 'int32', shape: [B, T] },
        labels: { dtype: 'int32', shape: [B * T] },
        weights: { dtype: 'float32', shape: [B * T] },
      },
      loss: ({ trunk, softmax }, { ids, labels, weights }) => {
        const h = tf.reshape(encode(trunk, shape, ids), [B * T, k]);
        return fullSoftmax(h, softmax, labels, weights);
      },
      tuned: ({ trunk, softmax }) => [trunk, softmax],
      optimizer: adam(rate),
    },
    nextItem: {
      inputs: { ids: { dtype: 'int32', shape: [SCORED_ROWS, T] } },
      outputs: ({ trunk, softmax }, { ids }) => {
        const h = encode(trunk, shape, ids); // [E, T, k]
        const last = tf.reshape(tf.slice(h, [0, T - 1, 0], [SCORED_ROWS, 1, k]), [SCORED_ROWS, k]);
        return { scores: scores(last, softmax) }; // [E, |X|]
      },
    },
  });
}

/** How often each item occurs in the sequences of the users, in the order of the vocabulary. */
function popularity({ items, sequences }: Source, users: readonly number[]): Float64Array {
  const counts = new Float64Array(items.length);
  for (const user of users) for (const item of sequences[user]) counts[item - 1]++;
  return counts;
}

/** Trains the trunk of one seed on 90 % of the source users and ranks the last item of the others. */
export async function pretrain(
  program: PretrainingProgram,
  source: Source,
  preset: Preset,
  seed: number,
  { onStep, signal }: Watch = {},
): Promise<Pretrained> {
  const { batch, steps, evaluations } = preset.pretraining;
  const { train, valid } = splitSource(source, seed);
  const chosen = shuffledBatches(train, batch, random(seed, 'pretraining order', source.name));
  let ranks: number[] = [];
  const evaluate = () => {
    ranks = lastItemRanks(program, source, valid);
    return { valid: { 'MRR@5': reciprocalRank(ranks, 5), 'HR@5': hitRate(ranks, 5) }, test: {} };
  };
  program.initialise(freshPretraining(source, preset, seed));
  const curve = await fit(program, {
    steps,
    evaluations,
    stepsPerEpoch: train.length / batch,
    next: () =>
      nextItemBatch(
        chosen.next().value.map((user) => source.sequences[user]),
        source.length,
      ),
    evaluate,
    onStep,
    signal,
  });
  const counts = popularity(source, train);
  const lastItems = valid.map((user, i) => ({
    user,
    rank: ranks[i],
    popularityRank: lastItemRank(counts, source.sequences[user]),
  }));
  return { weights: program.read(), curve, lastItems };
}
