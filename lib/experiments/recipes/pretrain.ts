/**
 * Self-supervised pre-training: of a causal trunk by the next item, Eq. 1, of a non-causal one by masked items, Eq. 2.
 * Letters: B batch, T ids of a sequence, k channels, N predicted items of a batch, E rows ranked at once.
 */

import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../base/random';
import { splitSource } from '../../data/tasks/split';
import { int32, type Training } from '../../engine/graph/signature';
import { tf } from '../../engine/native';
import { Program } from '../../engine/program/program';
import type { Weight } from '../../engine/weights';
import { hitRate, reciprocalRank } from '../../metrics/ranking';
import { freshHead, type HeadWeights, rankOf } from '../../model/heads';
import { encode, freshTrunk, lastState, type TrunkShape, type TrunkWeights } from '../../model/trunk';
import { SCORED_ROWS } from '../../training/evaluate';
import type { CurvePoint, Watch } from '../../training/fit';
import { type BestPlan, fitBest } from '../../training/fitBest';
import { drawn, looksOf, masked, streamsOf } from '../../training/inputs';
import {
  cooccurrenceRanks,
  lastItemRanks,
  lengthBeforeLast,
  popularityLogLoss,
  popularityRanks,
} from '../../training/lastItem';
import { fullSoftmax, maskedStates, softmaxLoss } from '../../training/losses';
import { adam, rowAdam } from '../../training/optimizer';
import type { Parts } from '../../training/parts';
import { itemInputs, pretrainingInputs, pretrainingSteps, trainings } from './batches';
import type { PretrainingSetting, Recipe } from './settings';

/** Θ: the trunk, and the softmax layer that is discarded afterwards. */
export type PretrainingWeights<L> = { readonly trunk: TrunkWeights<L>; readonly softmax: HeadWeights<L> };

/** Rank of each held-out user's last item, by the trunk, by item popularity, and by co-occurrence. */
export type LastItem = {
  readonly user: number;
  readonly rank: number;
  readonly popularityRank: number;
  readonly cooccurrenceRank: number;
};
export type Pretrained = {
  readonly weights: PretrainingWeights<Weight>;
  readonly curve: CurvePoint[];
  readonly stoppedAt: number;
  readonly lastItems: LastItem[];
  /** Log-loss of the items of held-out users by item popularity. */
  readonly popularityLogLoss: number;
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

/** Held-out users that a trunk is judged by. */
const HELD_OUT_AT_MOST = 5000;
/** Scores of all items that one held-out batch, and one evaluation, computes at most: memory and time at large catalogues. */
const SCORES_OF_A_BATCH = 1e8;
const SCORES_OF_AN_EVALUATION = 1e9;

/** Rows of a held-out batch, and batches of an evaluation at most. */
function heldOutSize({ source: { items, length } }: PretrainingSetting) {
  const scores = items.length * length;
  const rows = Math.max(1, Math.min(SCORED_ROWS, Math.floor(SCORES_OF_A_BATCH / scores)));
  return { rows, batches: Math.max(1, Math.floor(SCORES_OF_AN_EVALUATION / (rows * scores))) };
}

/** Mean log-loss of the items of held-out users' latest windows against all items, with the same masks at every evaluation. */
function* heldOutLogLoss(
  program: PretrainingProgram,
  setting: PretrainingSetting,
  users: readonly number[],
): Parts<number> {
  const { source } = setting;
  const { rows, batches } = heldOutSize(setting);
  const inputs = [itemInputs(setting, rows, source.length)];
  const streams = streamsOf(0, source.name);
  let [sum, count] = [0, 0];
  for (let start = 0; start < Math.min(users.length, rows * batches); start += rows) {
    const read = users.slice(start, start + rows).map((user) => source.sequences[user]);
    const padding = Array.from({ length: rows - read.length }, () => new Int32Array());
    const batch = drawn(inputs, [...read, ...padding], streams);
    const weight = (batch.weights as Float32Array).reduce((total, value) => total + value, 0);
    sum += weight * program.run('heldOut', batch).logLoss[0];
    count += weight;
    yield;
  }
  return sum / count;
}

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
    heldOut: {
      inputs: itemInputs(pretraining, heldOutSize(pretraining).rows, source.length).looks,
      outputs: (
        { trunk, softmax }: PretrainingWeights<Tensor>,
        { labels, weights, ...batch }: NamedTensorMap,
      ) => ({
        logLoss: fullSoftmax(predicting(shape, trunk, batch), softmax, { labels, weights }),
      }),
    },
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
 * Trains the trunk of one seed on its share of 90 % of the source users. Of its states the one is kept whose log-loss on the other users is
 * lowest; `fitBest` says when it ends.
 */
export async function pretrain(
  program: PretrainingProgram,
  setting: PretrainingSetting,
  seed: number,
  watch: Watch = {},
): Promise<Pretrained> {
  const { source, shape, share, steps, evaluations, budget } = setting;
  const { train, valid } = splitSource(source, seed, share);
  const heldOut = valid.slice(0, HELD_OUT_AT_MOST);
  function* evaluate(): ReturnType<BestPlan<unknown, number[]>['evaluate']> {
    const ranks = yield* lastItemRanks(program, source, shape, heldOut);
    const LogLoss = yield* heldOutLogLoss(program, setting, heldOut);
    const valid = { 'MRR@5': reciprocalRank(ranks, 5), 'HR@5': hitRate(ranks, 5), LogLoss };
    return {
      valid,
      test: {},
      found: ranks,
      judged: { metric: valid[PRETRAINING_METRIC], distance: LogLoss },
    };
  }
  program.initialise(freshPretraining(setting, seed));
  const { found, state, curve, stoppedAt } = await fitBest(program, {
    ...{ steps, evaluations, evaluate, patience: budget.patience },
    keptBy: 'distance',
    taken: (from) => pretrainingSteps(setting, train, seed, from),
    state: () => program.read(),
    ...watch,
  });
  const ranks = [popularityRanks, cooccurrenceRanks].map((by) => by(source, train));
  const lastItems = heldOut.map((user, i) => {
    const [popularityRank, cooccurrenceRank] = ranks.map((rank) => rank(source.sequences[user]));
    return { user, rank: found[i], popularityRank, cooccurrenceRank };
  });
  return {
    weights: state,
    curve,
    stoppedAt,
    lastItems,
    popularityLogLoss: popularityLogLoss(source, train, heldOut),
  };
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
