/**
 * Self-supervised pre-training: of a causal trunk by the next item, Eq. 1, of a non-causal one by masked items, Eq. 2.
 * Letters: B batch, T ids of a sequence, k channels, M masked items, N predicted items of a batch, E rows ranked at once.
 */
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Source } from '../datasets/tasks/source';
import { splitSource } from '../datasets/tasks/split';
import type { Preset } from '../methods/presets';
import { hitRate, reciprocalRank } from '../metrics/ranking';
import { freshHead, type HeadWeights, scores } from '../model/heads';
import { encode, freshTrunk, lastState, type TrunkShape, type TrunkWeights } from '../model/trunk';
import { random } from '../random';
import { float32, int32, type Training } from '../tensorflow/graph/signature';
import { tf } from '../tensorflow/native';
import type { Direction } from '../tensorflow/ops/convolution';
import { rankOfLabel } from '../tensorflow/ops/rank';
import { Program } from '../tensorflow/program/program';
import type { Weight } from '../tensorflow/weights';
import { lastItemRank, lastItemRanks, lengthBeforeLast, SCORED_ROWS } from '../training/evaluate';
import { type CurvePoint, fit } from '../training/fit';
import { fullSoftmax, maskedStates, type Sample, sampledSoftmax, sampleInputs } from '../training/losses';
import { maskedAtMost } from '../training/masking';
import { adam, rowAdam } from '../training/optimizer';
import { lengthsOf, trainings } from './buckets';
import { pretrainingSteps } from './pretrainingBatches';
import { candidatesOf, trunkShape } from './trunkShape';

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

/** The weights that both pre-training and the methods without it start from. */
export function freshPretraining(
  source: Source,
  preset: Preset,
  direction: Direction,
  seed: number,
): PretrainingWeights<Weight> {
  const shape = trunkShape(source, preset, direction);
  return {
    trunk: freshTrunk(shape, random(seed, 'trunk', source.name)),
    softmax: freshHead(shape.items, shape.channels, random(seed, 'softmax', source.name)),
  };
}

type PretrainingTraining = Training<PretrainingWeights<Weight>>;
type Loss = PretrainingTraining['loss'];
type PretrainingProgram = Program<PretrainingWeights<Weight>>;

/** Hidden states that an item is predicted from: all of them, or those at masked positions: [N, k]. */
function predicting(
  shape: TrunkShape,
  trunk: TrunkWeights<Tensor>,
  { ids, positions, embeddingMask, stateMask }: NamedTensorMap,
): Tensor {
  const h = encode(trunk, shape, ids, { dropout: embeddingMask }); // [B, T, k]
  const states = positions ? maskedStates(h, positions) : tf.reshape(h, [ids.size, shape.channels]); // [N, k]
  return stateMask ? tf.mul(states, stateMask) : states;
}

/** What a training step on source sequences of one length takes, a sample aside. */
function inputsOf({ direction, channels: k }: TrunkShape, { masking, pretraining }: Preset, length: number) {
  const { batch: B, dropout } = pretraining[direction];
  const causal = direction === 'causal';
  const M = maskedAtMost(masking, length);
  const T = causal ? length - 1 : length;
  const N = B * (causal ? T : M);
  return {
    ids: int32(B, T),
    ...(causal ? {} : { positions: int32(B, M) }),
    labels: int32(N),
    weights: float32(N),
    ...(dropout > 0 ? { embeddingMask: float32(B, T, k), stateMask: float32(N, k) } : {}),
  };
}

/** Prediction of items on source sequences of one length, for each length, over the items or a sample of them. */
function itemTrainings(
  source: Source,
  preset: Preset,
  shape: TrunkShape,
): Record<string, PretrainingTraining> {
  const S = candidatesOf(source, preset);
  const { rate } = preset.pretraining[shape.direction];
  const [dense, byRow] = [adam(rate), rowAdam(rate)];
  const full: Loss = ({ trunk, softmax }, batch) =>
    fullSoftmax(predicting(shape, trunk, batch), softmax, batch.labels, batch.weights);
  const sampled: Loss = ({ trunk, softmax }, { labels, weights, ...rest }) =>
    sampledSoftmax(predicting(shape, trunk, rest), softmax, labels, rest as Sample, weights);
  return trainings(lengthsOf(source, preset), (length): PretrainingTraining => {
    const inputs = inputsOf(shape, preset, length);
    const tuned: PretrainingTraining['tuned'] = ({ trunk, softmax }) => [trunk, softmax];
    if (S === undefined) return { inputs, loss: full, tuned, optimizer: dense };
    return {
      inputs: { ...inputs, ...sampleInputs(S, inputs.labels.shape[0]) },
      loss: sampled,
      tuned,
      optimizer: dense,
      rows: { tables: ({ trunk, softmax }) => [trunk.embedding, softmax], optimizer: byRow },
    };
  });
}

export function compilePretraining(source: Source, preset: Preset, direction: Direction): PretrainingProgram {
  const shape = trunkShape(source, preset, direction);
  return Program.compile(freshPretraining(source, preset, direction, 0), {
    ...itemTrainings(source, preset, shape),
    lastItem: {
      inputs: {
        ids: int32(SCORED_ROWS, lengthBeforeLast(source, shape)),
        labels: int32(SCORED_ROWS),
      },
      outputs: ({ trunk, softmax }, { ids, labels }) => ({
        ranks: rankOfLabel(scores(lastState(trunk, shape, ids), softmax), labels), // [E]
      }),
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
  direction: Direction,
  seed: number,
  { onStep, signal }: Watch = {},
): Promise<Pretrained> {
  const { steps, evaluations } = preset.pretraining[direction];
  const shape = trunkShape(source, preset, direction);
  const { train, valid } = splitSource(source, seed);
  const { passSize, next } = pretrainingSteps(source, preset, direction, train, seed);
  let ranks: number[] = [];
  const evaluate = () => {
    ranks = lastItemRanks(program, source, shape, valid);
    return { valid: { 'MRR@5': reciprocalRank(ranks, 5), 'HR@5': hitRate(ranks, 5) }, test: {} };
  };
  program.initialise(freshPretraining(source, preset, direction, seed));
  const curve = await fit(program, {
    steps,
    evaluations,
    passSize,
    next,
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
