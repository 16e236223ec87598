/**
 * Self-supervised pre-training: of a causal trunk by the next item, Eq. 1, of a non-causal one by masked items, Eq. 2.
 * Letters: B batch, T ids of a sequence, k channels, N predicted items of a batch, E rows ranked at once.
 */

import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../base/random';
import type { Source } from '../../data/tasks/source';
import { splitSource } from '../../data/tasks/split';
import { int32, type Training } from '../../engine/graph/signature';
import { tf } from '../../engine/native';
import { Program } from '../../engine/program/program';
import type { Weight } from '../../engine/weights';
import { hitRate, reciprocalRank } from '../../metrics/ranking';
import { freshHead, type HeadWeights, rankOf } from '../../model/heads';
import { encode, freshTrunk, lastState, type TrunkShape, type TrunkWeights } from '../../model/trunk';
import { lastItemRank, lastItemRanks, lengthBeforeLast, SCORED_ROWS } from '../../training/evaluate';
import { type CurvePoint, fit, type Watch } from '../../training/fit';
import { looksOf, masked } from '../../training/inputs';
import { maskedStates, softmaxLoss } from '../../training/losses';
import { adam, rowAdam } from '../../training/optimizer';
import { pretrainingInputs, pretrainingSteps, trainings } from './batches';
import type { PretrainingSetting, Recipe } from './settings';

/** Θ: the trunk, and the softmax layer that is discarded afterwards. */
export type PretrainingWeights<L> = { readonly trunk: TrunkWeights<L>; readonly softmax: HeadWeights<L> };

/** Rank of each held-out user's last item, by the trunk and by item popularity. */
export type LastItem = { readonly user: number; readonly rank: number; readonly popularityRank: number };
export type Pretrained = {
  readonly weights: PretrainingWeights<Weight>;
  readonly curve: CurvePoint[];
  readonly lastItems: LastItem[];
};

/** The weights that pre-training and the methods without it start from. */
export const freshPretraining = (
  { source, shape }: PretrainingSetting,
  seed: number,
): PretrainingWeights<Weight> => ({
  trunk: freshTrunk(shape, random(seed, 'trunk', source.name)),
  softmax: freshHead(shape.items, shape.channels, random(seed, 'softmax', source.name)),
});

type PretrainingTraining = Training<PretrainingWeights<Weight>>;
type PretrainingProgram = Program<PretrainingWeights<Weight>>;

/** Hidden states that items are predicted from, all or those at masked positions: [N, k]. */
function predicting(
  shape: TrunkShape,
  trunk: TrunkWeights<Tensor>,
  { ids, positions, embeddingMask, stateMask }: NamedTensorMap,
): Tensor {
  const h = encode(trunk, shape, ids, { dropout: embeddingMask }); // [B, T, k]
  const states = positions ? maskedStates(h, positions) : tf.reshape(h, [ids.size, shape.channels]); // [N, k]
  return masked(states, stateMask);
}

/** Eq. 1 or 2 on a batch of windows -> scalar */
export const itemLoss = (
  { trunk, softmax }: PretrainingWeights<Tensor>,
  shape: TrunkShape,
  batch: NamedTensorMap,
): Scalar => softmaxLoss(predicting(shape, trunk, batch), softmax, batch);

type Optimizers = Pick<PretrainingTraining, 'optimizer' | 'rows'>;

/** Adam, row by row on the tables of items if only a sample of them is scored; shared by all lengths. */
export function itemOptimizers({ candidates }: PretrainingSetting, rate: number): Optimizers {
  const optimizer = adam(rate);
  if (candidates === undefined) return { optimizer };
  const tables: NonNullable<Optimizers['rows']>['tables'] = ({ trunk, softmax }) => [
    trunk.embedding,
    softmax,
  ];
  return { optimizer, rows: { tables, optimizer: rowAdam(rate) } };
}

/** The metric of a trunk that the paper reports. */
export const PRETRAINING_METRIC = 'MRR@5';

/** Compiles one program for all seeds. */
export function compilePretraining(pretraining: PretrainingSetting): PretrainingProgram {
  const { source, shape, budget, lengths, precision } = pretraining;
  const optimizers = itemOptimizers(pretraining, budget.rate);
  const training = (length: number): PretrainingTraining => ({
    inputs: looksOf(pretrainingInputs(pretraining, length)),
    loss: (model, batch) => itemLoss(model, shape, batch),
    tuned: ({ trunk, softmax }) => [trunk, softmax],
    ...optimizers,
  });
  const signatures = {
    ...trainings(lengths, training),
    lastItem: {
      inputs: {
        ids: int32(SCORED_ROWS, lengthBeforeLast(source, shape)),
        labels: int32(SCORED_ROWS),
      },
      outputs: ({ trunk, softmax }: PretrainingWeights<Tensor>, { ids, labels }: NamedTensorMap) => ({
        ranks: rankOf(lastState(trunk, shape, ids), softmax, labels), // [E]
      }),
    },
  };
  return Program.compile(freshPretraining(pretraining, 0), signatures, precision);
}

/**
 * Ranks a sequence's last item among all by how often each occurs in the users' sequences. If no user has an item twice, the
 * items before the last rank behind all others: a trunk learns that too.
 */
export function popularityRanks(
  { items, sequences }: Pick<Source, 'items' | 'sequences'>,
  users: readonly number[],
): (sequence: Int32Array) => number {
  const counts = new Float64Array(items.length);
  for (const user of users) for (const item of sequences[user]) counts[item - 1]++;
  if (users.some((user) => new Set(sequences[user]).size < sequences[user].length))
    return (sequence) => lastItemRank(counts, sequence);
  return (sequence) => {
    const last = sequence[sequence.length - 1];
    const before = new Set(sequence.subarray(0, -1));
    if (before.has(last)) return items.length;
    const passed = [...before].filter((item) => counts[item - 1] >= counts[last - 1]).length;
    return lastItemRank(counts, sequence) - passed;
  };
}

/** Trains the trunk of one seed on 90 % of the source users and ranks the last item of the others. */
export async function pretrain(
  program: PretrainingProgram,
  pretraining: PretrainingSetting,
  seed: number,
  watch: Watch = {},
): Promise<Pretrained> {
  const { source, shape, steps, evaluations } = pretraining;
  const { train, valid } = splitSource(source, seed);
  const from = watch.checkpoints?.last();
  const { passSize, ...taken } = pretrainingSteps(pretraining, train, seed, from?.steps);
  let ranks: number[] = [];
  function* evaluate() {
    ranks = yield* lastItemRanks(program, source, shape, valid);
    return { valid: { 'MRR@5': reciprocalRank(ranks, 5), 'HR@5': hitRate(ranks, 5) }, test: {} };
  }
  program.initialise(freshPretraining(pretraining, seed));
  const curve = await fit(program, { steps, evaluations, passSize, taken, evaluate, from, ...watch });
  const popularityRank = popularityRanks(source, train);
  const lastItems = valid.map((user, i) => ({
    user,
    rank: ranks[i],
    popularityRank: popularityRank(source.sequences[user]),
  }));
  return { weights: program.read(), curve, lastItems };
}

/** Pre-training as a recipe. */
export function pretrainingRecipe(pretraining: PretrainingSetting): Recipe<Pretrained> {
  let program: PretrainingProgram | undefined;
  const run = (seed: number, watch?: Watch) => {
    program ??= compilePretraining(pretraining);
    return pretrain(program, pretraining, seed, watch);
  };
  return { steps: pretraining.steps, run, dispose: () => program?.dispose() };
}
