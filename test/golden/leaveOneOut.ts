/**
 * What trunks predict of the last item in the protocol of most publications: leave-one-out, all items ranked but those seen.
 * `node --import tsx test/golden/leaveOneOut.ts SASRec movielens-1m` takes an hour or two. Letters: E users scored at once,
 * T length.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { UserError } from '../../lib/base/userError';
import { openDataset, tryTasks } from '../../lib/data/open';
import { padLeft } from '../../lib/data/tasks/sequences';
import type { Source } from '../../lib/data/tasks/source';
import { type Forward, int32, type Training } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import { Program } from '../../lib/engine/program/program';
import type { Weight } from '../../lib/engine/weights';
import { presets } from '../../lib/experiments/methods/presets';
import { pretrainingInputs, pretrainingSteps, trainings } from '../../lib/experiments/recipes/batches';
import { freshPretraining, itemLoss, type PretrainingWeights } from '../../lib/experiments/recipes/pretrain';
import { type PretrainingSetting, pretrainingIn } from '../../lib/experiments/recipes/settings';
import { trunkRecord } from '../../lib/experiments/records/trunks';
import { hitRate, ndcg } from '../../lib/metrics/ranking';
import { scores } from '../../lib/model/heads';
import { isCausal, objectiveOf, type TrunkName, trunkNames } from '../../lib/model/trunks/names';
import { lastState, maskId } from '../../lib/model/trunks/trunk';
import { stacked } from '../../lib/model/userModel';
import { fitBest } from '../../lib/training/fitBest';
import { specsOf } from '../../lib/training/inputs';
import { adam } from '../../lib/training/optimizer';
import { atOnce } from '../../lib/training/parts';

/** Items that are read at most. */
const LENGTH = 200;
const SCORED = 128;
/** Passes over nine tenths of the users between evaluations, how many evaluations without a gain end it, and such passes at most. */
const PASSES = 10;
const PATIENCE = 8;
const MOST_PASSES = 400;

type Weights = PretrainingWeights<Weight>;

/** Means over users of items left out by their ranks. */
type Found = { readonly ndcg: number; readonly hitRate: number };
const foundOf = (ranks: readonly number[]): Found => ({ ndcg: ndcg(ranks, 10), hitRate: hitRate(ranks, 10) });

/** Pre-training on the latest items of each user but the last two, with `default`'s dropout; all items are scored. */
function settingOf(whole: Source, trunk: TrunkName): PretrainingSetting {
  const [standard, objective] = [presets.default, objectiveOf({ trunk })];
  const { steps: _, ...budget } = standard.pretraining[objective];
  const own = {
    ...budget,
    rate: 0.001,
    batch: 128,
    windows: 'latest' as const,
    shuffled: 0,
    passes: MOST_PASSES,
  };
  const preset = {
    ...standard,
    channels: 64,
    softmax: { fullUpTo: whole.items.length, candidates: 1 },
    pretraining: { nextItem: own, maskedItems: own },
  };
  const sequences = whole.sequences.map((sequence) => sequence.subarray(0, -2));
  const source = { ...whole, sequences, length: LENGTH };
  const setting = pretrainingIn(trunkRecord(source, preset, trunk).record, source);
  return { ...setting, evaluations: MOST_PASSES / PASSES };
}

/**
 * The softmax over the item embedding itself, as Kang and McAuley have it: a table of its own learns sooner and predicts the last item
 * worse in the end (SASRec .159 against .172).
 */
const tied = ({ trunk, softmax: { bias } }: PretrainingWeights<Tensor>): PretrainingWeights<Tensor> => {
  const [items] = bias.shape;
  return { trunk, softmax: { table: tf.slice(trunk.embedding, [1, 0], [items, -1]), bias } };
};

function compile(setting: PretrainingSetting): Program<Weights> {
  const { shape, lengths, rate } = setting;
  const optimizer = adam(rate);
  const training = (length: number): Training<Weights> => ({
    inputs: specsOf(pretrainingInputs(setting, length)),
    loss: (model, batch) => itemLoss(tied(model), shape, batch),
    tuned: ({ trunk, softmax }) => [trunk, softmax.bias],
    optimizer,
  });
  const scoring: Forward<Weights> = {
    inputs: { ids: int32(SCORED, LENGTH) },
    outputs: (model, { ids }) => ({
      scores: scores(lastState(model.trunk, shape, ids), tied(model).softmax),
    }), // [E, |X|]
  };
  return Program.compile(
    freshPretraining(setting, 1),
    { ...trainings(lengths, training), scoring },
    'float32',
  );
}

/** Rank of each user's item `left` from the end among all but those that he has seen before it. */
function* ranksOf(program: Program<Weights>, { shape }: PretrainingSetting, whole: Source, left: number) {
  const ranks: number[] = [];
  const inputOf = (before: Int32Array) =>
    isCausal(shape) ? padLeft(before, LENGTH) : Int32Array.of(...padLeft(before, LENGTH - 1), maskId(shape));
  for (let first = 0; first < whole.users.length; first += SCORED) {
    const rows = Array.from({ length: SCORED }, (_, i) => whole.sequences[first + i] ?? new Int32Array(left));
    const batch = { ids: stacked(rows.map((row) => inputOf(row.subarray(0, row.length - left)))) };
    const { scores: all } = program.run<Float32Array>('scoring', batch);
    for (const [i, row] of rows.slice(0, whole.users.length - first).entries()) {
      const own = all.subarray(i * whole.items.length, (i + 1) * whole.items.length);
      const seen = new Set([...whole.preceding[first + i], ...row.subarray(0, row.length - left)]);
      const target = row[row.length - left] - 1;
      const isAhead = (score: number, x: number) => x !== target && score >= own[target] && !seen.has(x + 1);
      ranks.push(1 + own.reduce((ahead, score, x) => ahead + (isAhead(score, x) ? 1 : 0), 0));
    }
    yield;
  }
  return ranks;
}

/** Trains until the items before the last are predicted no better, and tells of the last ones. */
export async function leaveOneOut(
  whole: Source,
  trunk: TrunkName,
  say: (line: string) => void,
): Promise<Found> {
  const setting = settingOf(whole, trunk);
  const program = compile(setting);
  const { curve, stoppedAt, state } = await fitBest<
    Weights,
    Weights & Readonly<Record<string, never>>,
    undefined
  >(program, {
    ...{ steps: setting.steps, evaluations: setting.evaluations, patience: PATIENCE, keptBy: 'metric' },
    *evaluate() {
      const { ndcg, hitRate } = foundOf(yield* ranksOf(program, setting, whole, 2));
      say(`NDCG@10 ${ndcg.toFixed(4)}, HR@10 ${hitRate.toFixed(4)} of the items before the last`);
      const valid = { 'NDCG@10': ndcg, 'HR@10': hitRate };
      return { valid, test: {}, found: undefined, judged: { metric: ndcg, distance: -ndcg } };
    },
    taken: (from) => pretrainingSteps(setting, [...whole.users.keys()], 1, from),
    state: () => program.read() as never,
  });
  program.initialise(state);
  const ranks = atOnce(ranksOf(program, setting, whole, 1));
  program.dispose();
  say(`stopped after ${curve.length * PASSES} passes, kept step ${stoppedAt}`);
  return foundOf(ranks);
}

/** A source of all items and users, each with his latest items. */
export function allItemsOf(data: string): Source {
  const dataset = openDataset(data).dataset;
  const [{ source }] = tryTasks(dataset, { All: { kind: 'classify', label: 'gender', length: LENGTH + 2 } });
  return source;
}

if (require.main === module) {
  const [trunk = 'SASRec', data = 'movielens-1m'] = process.argv.slice(2);
  if (!trunkNames.includes(trunk as TrunkName))
    throw new UserError(`${trunk}: expected ${trunkNames.join(', ')}`);
  void leaveOneOut(allItemsOf(data), trunk as TrunkName, console.log).then(({ ndcg, hitRate }) =>
    console.log(`${trunk}: NDCG@10 ${ndcg.toFixed(4)}, HR@10 ${hitRate.toFixed(4)} of the last items`),
  );
}
