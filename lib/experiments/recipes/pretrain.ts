/**
 * Self-supervised pre-training: of a causal trunk by the next item, Eq. 1, of a non-causal one by masked items, Eq. 2.
 * Letters: B batch, T ids of a sequence, k channels, N predicted items of a batch, E rows ranked at once.
 */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../base/random';
import { userNumbers } from '../../data/tasks/numbers';
import type { Source } from '../../data/tasks/source';
import { splitSource } from '../../data/tasks/split';
import { int32, type Training } from '../../engine/graph/signature';
import { tf } from '../../engine/native';
import { type Batch, Program } from '../../engine/program/program';
import type { Weight } from '../../engine/weights';
import type { Metrics } from '../../metrics/metrics';
import { hitRate, reciprocalRank } from '../../metrics/ranking';
import { freshHead, type HeadWeights, rankOf } from '../../model/heads';
import { encode, freshTrunk, lastState, type TrunkShape, type TrunkWeights } from '../../model/trunks/trunk';
import { userVector } from '../../model/userModel';
import { SCORED_ROWS } from '../../training/evaluate';
import type { CurvePoint, Watch } from '../../training/fit';
import { type BestPlan, fitBest } from '../../training/fitBest';
import { drawn, masked, specsOf, streamsOf, within } from '../../training/inputs';
import {
  cooccurrenceRanks,
  lastItemRanks,
  lengthBeforeLast,
  popularityLogLosses,
  popularityRanks,
} from '../../training/lastItem';
import { fullSoftmax, maskedStates, softmaxLoss } from '../../training/losses';
import { adam, rowAdam } from '../../training/optimizer';
import { atOnce, type Parts, paced } from '../../training/parts';
import { PRETRAINING_METRIC, type TrunkRecord } from '../records/record';
import { accountOfPretraining } from './accounts';
import { HALF, itemInputs, pretrainingInputs, pretrainingSteps, trainings } from './batches';
import { compiledOnce, type Found, type Recipe } from './recipe';
import { type PretrainingSetting, pretrainingIn, type SourceSetting } from './settings';

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
  /** Log-loss of what is predicted of held-out users, by item popularity. */
  readonly popularityLogLoss: number;
};

/** The weights that pre-training and the methods without it start from. */
export const freshPretraining = (
  { source, shape }: Pick<SourceSetting, 'source' | 'shape'>,
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
  { ids, positions, embeddingMask, layerMasks, stateMask }: NamedTensorMap,
): Tensor {
  const h = encode(trunk, shape, ids, { dropout: embeddingMask, layerMasks }); // [B, T, k]
  const states = positions ? maskedStates(h, positions) : tf.reshape(h, [ids.size, shape.channels]); // [N, k]
  return masked(states, stateMask);
}

/** Eq. 1 or 2 on a batch of windows -> scalar */
export const itemLoss = (
  { trunk, softmax }: PretrainingWeights<Tensor>,
  shape: TrunkShape,
  batch: NamedTensorMap,
): Scalar => softmaxLoss(predicting(shape, trunk, batch), softmax, batch);

/**
 * The mean state over a random half of a history predicts each item of the other half: a trunk learns the vector that a classifier of
 * means reads. ids [B, H], labels and weights [B M] -> scalar.
 */
export function halvesLoss(
  { trunk, softmax }: PretrainingWeights<Tensor>,
  shape: TrunkShape,
  batch: NamedTensorMap,
): Scalar {
  const { ids, labels } = batch;
  const model = { trunk, patches: [], head: softmax };
  const user = userVector(model, { shape, representation: 'mean' }, ids); // [B, k]
  const each = tf.zeros([ids.shape[0], labels.size / ids.shape[0]], 'int32'); // [B, M]
  return softmaxLoss(maskedStates(tf.expandDims(user, 1), each), softmax, batch);
}

type Optimizers = Pick<PretrainingTraining, 'optimizer' | 'rows'>;

/** Adam, row by row on the tables of items if only a sample of them is scored; shared by all lengths. */
export function itemOptimizers({ sampledItems }: SourceSetting, rate: number): Optimizers {
  const optimizer = adam(rate);
  if (sampledItems === null) return { optimizer };
  const tables: NonNullable<Optimizers['rows']>['tables'] = ({ trunk, softmax }) => [
    trunk.embedding,
    softmax,
  ];
  return { optimizer, rows: { tables, optimizer: rowAdam(rate) } };
}

/** Held-out users that a trunk is judged by at most. */
const HELD_OUT_AT_MOST = 5000;
/** Scores of all items that a held-out batch, and the log-loss or the ranks of an evaluation, take at most: memory and time. */
const SCORES_OF_A_BATCH = 1e8;
const SCORES_OF_AN_EVALUATION = 1e9;

/** Held-out users whose last items are ranked, and rows of a batch of their windows and batches at most. */
function heldOutSize({ source: { items, length } }: PretrainingSetting) {
  const scores = items.length * length;
  const rows = Math.max(1, Math.min(SCORED_ROWS, Math.floor(SCORES_OF_A_BATCH / scores)));
  const batches = Math.max(1, Math.floor(SCORES_OF_AN_EVALUATION / (rows * scores)));
  return {
    users: Math.min(HELD_OUT_AT_MOST, Math.ceil(SCORES_OF_AN_EVALUATION / items.length)),
    rows,
    batches,
  };
}

/** Batches of held-out users' latest windows, with the same masks each time. */
function* heldOutBatches(setting: PretrainingSetting, users: readonly number[]): Generator<Batch> {
  const { source } = setting;
  const { rows, batches } = heldOutSize(setting);
  const inputs = [itemInputs(setting, rows, source.length)];
  const streams = streamsOf(0, source.name);
  for (let start = 0; start < Math.min(users.length, rows * batches); start += rows) {
    const read = users.slice(start, start + rows).map((user) => source.sequences[user]);
    const padding = Array.from({ length: rows - read.length }, () => new Int32Array());
    yield drawn(inputs, [...read, ...padding], streams);
  }
}

/** Mean log-loss of what is to be predicted of held-out users, from the sum of each batch; 0 where that is nothing. */
function* heldOutLogLoss(
  setting: PretrainingSetting,
  users: readonly number[],
  lossesOf: (batch: Batch, count: number) => number,
): Parts<number> {
  let [sum, predicted] = [0, 0];
  for (const batch of heldOutBatches(setting, users)) {
    const count = (batch.weights as Float32Array).reduce((total, weight) => total + weight, 0);
    sum += lossesOf(batch, count);
    predicted += count;
    yield;
  }
  return predicted === 0 ? 0 : sum / predicted;
}

/** Sum of the log-losses of a batch, given that of each item [|X|]. */
const lossesByItem = ({ labels, weights }: Batch, losses: Float64Array): number =>
  (weights as Float32Array).reduce((sum, weight, i) => sum + weight * losses[labels[i]], 0);

/** The signatures that train a trunk with its softmax layer, one for each length. */
export function itemTrainings(pretraining: PretrainingSetting) {
  const { shape, rate, lengths, halves } = pretraining;
  const optimizers = itemOptimizers(pretraining, rate);
  return trainings(
    lengths,
    (length): PretrainingTraining => ({
      inputs: specsOf(pretrainingInputs(pretraining, length)),
      loss: (model, batch) => {
        const loss = itemLoss(model, shape, batch);
        return halves ? tf.add(loss, tf.mul(halvesLoss(model, shape, within(HALF, batch)), halves)) : loss;
      },
      tuned: ({ trunk, softmax }) => [trunk, softmax],
      ...optimizers,
    }),
  );
}

/** Compiles one program for all seeds. */
export function compilePretraining(pretraining: PretrainingSetting): PretrainingProgram {
  const { source, shape, precision } = pretraining;
  const signatures = {
    ...itemTrainings(pretraining),
    heldOut: {
      inputs: itemInputs(pretraining, heldOutSize(pretraining).rows, source.length).specs,
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
  const { source, shape, users, steps, evaluations, patience } = setting;
  const { train, valid } = splitSource(source, seed, users);
  const heldOut = valid.slice(0, heldOutSize(setting).users);
  const lossesOf = (batch: Batch, count: number) => count * program.run('heldOut', batch).logLoss[0];
  function* evaluate(): ReturnType<BestPlan<unknown, number[]>['evaluate']> {
    const ranks = yield* lastItemRanks(program, source, shape, heldOut);
    const LogLoss = yield* heldOutLogLoss(setting, heldOut, lossesOf);
    const metrics = { 'MRR@5': reciprocalRank(ranks, 5), 'HR@5': hitRate(ranks, 5), LogLoss };
    const judged = { metric: metrics[PRETRAINING_METRIC], distance: LogLoss };
    return { valid: metrics, test: {}, found: ranks, judged };
  }
  program.initialise(freshPretraining(setting, seed));
  const { found, state, curve, stoppedAt } = await fitBest(program, {
    ...{ steps, evaluations, evaluate, patience },
    keptBy: 'distance',
    taken: (from) => pretrainingSteps(setting, train, seed, from),
    state: () => program.read(),
    ...watch,
  });
  const byPopularity = popularityRanks(source, train);
  const losses = popularityLogLosses(source, train);
  const cooccurrence = await paced(cooccurrenceRanks(source, train, heldOut), watch.signal);
  const lastItems = heldOut.map((user, i) => ({
    ...{ user, rank: found[i], popularityRank: byPopularity(source.sequences[user]) },
    cooccurrenceRank: cooccurrence[i],
  }));
  const counted = atOnce(heldOutLogLoss(setting, heldOut, (batch) => lossesByItem(batch, losses)));
  return { weights: state, curve, stoppedAt, lastItems, popularityLogLoss: counted };
}

/** A trunk, with a row for each held-out user. */
export function pretrainingRecipe(record: TrunkRecord, given: Source): Recipe<Pretrained> {
  const setting = pretrainingIn(record, given);
  return compiledOnce({
    steps: setting.steps,
    fresh: (seed) => freshPretraining(setting, seed),
    compile: () => compilePretraining(setting),
    train: (program, { seed }, watch) => pretrain(program, setting, seed, watch),
    measure: (found) => measurePretraining(found, setting.source),
  });
}

function measurePretraining(
  { weights, curve, stoppedAt, lastItems, popularityLogLoss }: Pretrained,
  source: Source,
): Found {
  const best = curve.find(({ step }) => step === stoppedAt) as CurvePoint;
  const by = (rank: 'popularityRank' | 'cooccurrenceRank') =>
    reciprocalRank(
      lastItems.map((item) => item[rank]),
      5,
    );
  const valid: Metrics = {
    ...best.valid,
    'MRR@5/popularity': by('popularityRank'),
    'MRR@5/co-occurrence': by('cooccurrenceRank'),
    'LogLoss/popularity': popularityLogLoss,
  };
  const numbers = userNumbers(source);
  const ordered = [...lastItems].sort((a, b) => numbers[a.user] - numbers[b.user]);
  const rows = ordered.map(({ user, rank, popularityRank, cooccurrenceRank }) => ({
    ...{ row: user, user_id: source.users[user], instance: numbers[user], user: numbers[user], rank },
    ...{ popularity_rank: popularityRank, cooccurrence_rank: cooccurrenceRank },
  }));
  const about = { rows, parameters: accountOfPretraining(weights), trunk: weights.trunk };
  const { seconds } = curve[curve.length - 1];
  return { ...about, metrics: { test: {}, valid }, curve, stoppedAt, seconds };
}
