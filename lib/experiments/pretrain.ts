/** Self-supervised pre-training, Eq. 1. Letters: B batch, T sequence length without its last item, k channels, |X| source items. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { bucketOf } from '../datasets/sequences';
import type { Source } from '../datasets/source';
import { splitSource } from '../datasets/split';
import { hitRate, reciprocalRank } from '../metrics/ranking';
import { freshHead, type HeadWeights, scores } from '../model/heads';
import { encode, freshTrunk, lastState, type TrunkShape, type TrunkWeights } from '../model/trunk';
import { random } from '../random';
import { tf } from '../tensorflow/native';
import { rankOfLabel } from '../tensorflow/ops/rank';
import { Program } from '../tensorflow/program';
import type { Training } from '../tensorflow/signature';
import type { Weight } from '../tensorflow/weights';
import { nextItemBatch } from '../training/batches';
import { candidateBatch, logUniformSampler } from '../training/candidates';
import { lastItemRank, lastItemRanks, SCORED_ROWS } from '../training/evaluate';
import { type CurvePoint, fit, type Step } from '../training/fit';
import { fullSoftmax, type Sample, sampledSoftmax, sampleInputs } from '../training/losses';
import { adam, rowAdam } from '../training/optimizer';
import { packedBatches } from '../training/packing';
import { lengthsOf, trainingOn, trainings } from './buckets';
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

export function trunkShape(source: Source, { channels, kernel, dilations, padding }: Preset): TrunkShape {
  return { direction: 'causal', items: source.items.length, channels, kernel, dilations, padding };
}

/** The weights that both pre-training and the methods without it start from. */
export function freshPretraining(source: Source, preset: Preset, seed: number): PretrainingWeights<Weight> {
  const shape = trunkShape(source, preset);
  return {
    trunk: freshTrunk(shape, random(seed, 'trunk', source.name)),
    softmax: freshHead(shape.items, shape.channels, random(seed, 'softmax', source.name)),
  };
}

type PretrainingTraining = Training<PretrainingWeights<Weight>>;
type Loss = PretrainingTraining['loss'];
type PretrainingProgram = Program<PretrainingWeights<Weight>>;

/** Candidates of the sampled softmax; none where the catalogue is small enough for the full one. */
export function candidatesOf(source: Source, { softmax }: Preset): number | undefined {
  return source.items.length > softmax.fullUpTo ? softmax.candidates : undefined;
}

/** Next-item prediction on source sequences of one length, for each length, over the items or a sample of them. */
function nextItemTrainings(source: Source, preset: Preset): Record<string, PretrainingTraining> {
  const shape = trunkShape(source, preset);
  const S = candidatesOf(source, preset);
  const { batch: B, rate } = preset.pretraining;
  const [dense, byRow] = [adam(rate), rowAdam(rate)];
  const hidden = ({ trunk }: PretrainingWeights<Tensor>, ids: Tensor) =>
    tf.reshape(encode(trunk, shape, ids), [ids.size, shape.channels]);
  const full: Loss = (model, { ids, labels, weights }) =>
    fullSoftmax(hidden(model, ids), model.softmax, labels, weights);
  const sampled: Loss = (model, { ids, labels, weights, ...sample }) =>
    sampledSoftmax(hidden(model, ids), model.softmax, labels, sample as Sample, weights);
  return trainings(lengthsOf(source, preset), (length): PretrainingTraining => {
    const N = B * (length - 1);
    const inputs = {
      ids: { dtype: 'int32', shape: [B, length - 1] },
      labels: { dtype: 'int32', shape: [N] },
      weights: { dtype: 'float32', shape: [N] },
    } as const;
    const tuned: PretrainingTraining['tuned'] = ({ trunk, softmax }) => [trunk, softmax];
    if (S === undefined) return { inputs, loss: full, tuned, optimizer: dense };
    return {
      inputs: { ...inputs, ...sampleInputs(S, N) },
      loss: sampled,
      tuned,
      optimizer: dense,
      rows: { tables: ({ trunk, softmax }) => [trunk.embedding, softmax], optimizer: byRow },
    };
  });
}

export function compilePretraining(source: Source, preset: Preset): PretrainingProgram {
  const shape = trunkShape(source, preset);
  return Program.compile(freshPretraining(source, preset, 0), {
    ...nextItemTrainings(source, preset),
    nextItem: {
      inputs: {
        ids: { dtype: 'int32', shape: [SCORED_ROWS, source.length - 1] },
        labels: { dtype: 'int32', shape: [SCORED_ROWS] },
      },
      outputs: ({ trunk, softmax }, { ids, labels }) => ({
        ranks: rankOfLabel(scores(lastState(trunk, shape, ids), softmax), labels), // [E]
      }),
    },
  });
}

/** Batches of users of one length; all of a pass are seen once, in a new random order. */
function* stepsOf(
  source: Source,
  preset: Preset,
  users: readonly number[],
  seed: number,
): Generator<Step, never> {
  const { batch } = preset.pretraining;
  const lengths = lengthsOf(source, preset);
  const { sequences } = source;
  const groups = users.map((user) => ({ user, instances: [user] }));
  const chosen = packedBatches(
    groups,
    (user) => bucketOf(sequences[user], lengths),
    () => ({ users: batch, labels: batch }),
    random(seed, 'pretraining order', source.name),
  );
  const S = candidatesOf(source, preset);
  const sampler = logUniformSampler(source.items.length);
  const draws = random(seed, 'candidates', source.name);
  for (;;) {
    const { length, groups } = chosen.next().value;
    const rows = groups.map(({ user }) => sequences[user]);
    const pairs = nextItemBatch(rows, length);
    const sample = S === undefined ? {} : candidateBatch(sampler, S, pairs.labels as Int32Array, draws);
    yield { signature: trainingOn(length), batch: { ...pairs, ...sample }, instances: rows.length };
  }
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
  const { steps, evaluations } = preset.pretraining;
  const { train, valid } = splitSource(source, seed);
  const chosen = stepsOf(source, preset, train, seed);
  let ranks: number[] = [];
  const evaluate = () => {
    ranks = lastItemRanks(program, source, valid);
    return { valid: { 'MRR@5': reciprocalRank(ranks, 5), 'HR@5': hitRate(ranks, 5) }, test: {} };
  };
  program.initialise(freshPretraining(source, preset, seed));
  const curve = await fit(program, {
    steps,
    evaluations,
    passSize: train.length,
    next: () => chosen.next().value,
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
