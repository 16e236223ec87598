/**
 * Fine-tuning of one task, Eqs. 5 and 8.
 * Letters: U users and B labels of a batch, T length with [TCL], |Y| labels, E rows scored at once.
 */
import type { Task } from '../datasets/tasks/tasks';
import { drawsNegatives, extentOf, type FineTuning, selections } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { freshHead, scores } from '../model/heads';
import { type TrunkShape, type TrunkWeights, tclId } from '../model/trunk';
import { tokens, type UserModelWeights, userVector } from '../model/userModel';
import { freshPatches, type Insertion } from '../patches/insertion';
import { random } from '../random';
import { float32, int32, type Optimizer, type Training } from '../tensorflow/graph/signature';
import { tf } from '../tensorflow/native';
import { gatherRows } from '../tensorflow/ops/rows';
import { Program } from '../tensorflow/program/program';
import type { Weight } from '../tensorflow/weights';
import { SCORED_ROWS, scoreUsers } from '../training/evaluate';
import type { CurvePoint } from '../training/fit';
import { fitTask, type TaskOutcomes } from '../training/fitTask';
import { bpr, fullSoftmax, pointwise } from '../training/losses';
import { adam } from '../training/optimizer';
import { lengthsOf, trainings } from './buckets';
import { freshPretraining, type Watch } from './pretrain';
import { trunkShape } from './trunkShape';
import { fineTuningSteps, roomOf } from './tuningBatches';

type Weights = UserModelWeights<Weight>;
export type FineTuned = TaskOutcomes & { readonly weights: Weights; readonly curve: CurvePoint[] };

/** The patches of an experiment at the size of a trunk. */
export function insertionOf({ patches }: FineTuning, { channels }: Preset): Insertion | undefined {
  if (!patches) return undefined;
  const { squeeze, ...insertion } = patches;
  return { ...insertion, bottleneck: Math.max(1, Math.floor(channels / squeeze)) };
}

/** The embedding of [TCL] that a task trains, if it does: it starts from the trunk's. */
function ownToken({ tcl }: FineTuning, shape: TrunkShape, { embedding }: TrunkWeights<Weight>) {
  const [row, k] = [tclId(shape), shape.channels];
  return tcl === 'trained'
    ? { tcl: { shape: [k], values: embedding.values.slice(row * k, (row + 1) * k) } }
    : {};
}

/** The model before fine-tuning: the pre-trained trunk or the one that pre-training started from, and fresh ϑ and ν. */
export function startModel(
  task: Task,
  experiment: FineTuning,
  preset: Preset,
  seed: number,
  pretrained?: TrunkWeights<Weight>,
): Weights {
  if (experiment.start === 'pre-trained' && !pretrained) throw new Error(`${experiment.name} needs a trunk`);
  const shape = trunkShape(task.source, preset, experiment.trunk);
  const insertion = insertionOf(experiment, preset);
  const { channels, dilations } = shape;
  const trunk = pretrained ?? freshPretraining(task.source, preset, experiment.trunk, seed).trunk;
  return {
    trunk,
    patches: insertion
      ? freshPatches(channels, dilations.length, insertion, random(seed, 'patches', task.name))
      : [],
    head: freshHead(task.labels.length, channels, random(seed, 'classifier', task.name)),
    ...ownToken(experiment, shape, trunk),
  };
}

/** The loss of a task on source sequences of one length, each user encoded once for all his labels. */
function training(
  task: Task,
  experiment: FineTuning,
  preset: Preset,
  length: number,
  optimizer: Optimizer,
): Training<Weights> {
  const { trunk, representation, tuned } = experiment;
  const shape = trunkShape(task.source, preset, trunk);
  const insertion = insertionOf(experiment, preset);
  const { users: U, labels: B } = roomOf(task, preset, length);
  const paired = drawsNegatives(task, experiment);
  const pairLoss = experiment.loss === 'authors' ? pointwise : bpr;
  return {
    inputs: {
      ids: int32(U, length + tokens(shape, representation)),
      owner: int32(B),
      labels: int32(B),
      weights: float32(B),
      ...(paired ? { negatives: int32(B) } : {}),
      ...(preset[task.kind].dropout > 0 ? { vectorMask: float32(B, shape.channels) } : {}),
    },
    loss: (model, { ids, owner, labels, negatives, weights, vectorMask }) => {
      const vectors = gatherRows(userVector(model, shape, ids, insertion, representation), owner); // [B, k]
      const h = vectorMask ? tf.mul(vectors, vectorMask) : vectors; // [B, k]
      return paired
        ? pairLoss(h, model.head, labels, negatives, weights)
        : fullSoftmax(h, model.head, labels, weights);
    },
    tuned: selections[tuned],
    optimizer,
  };
}

export function compileFineTuning(
  task: Task,
  experiment: FineTuning,
  preset: Preset,
  start: Weights,
): Program<Weights> {
  const { trunk, representation } = experiment;
  const shape = trunkShape(task.source, preset, trunk);
  const insertion = insertionOf(experiment, preset);
  const optimizer = adam(preset[task.kind].rates[extentOf(experiment)]);
  const T = task.source.length + tokens(shape, representation);
  return Program.compile(start, {
    ...trainings(lengthsOf(task.source, preset), (length) =>
      training(task, experiment, preset, length, optimizer),
    ),
    score: {
      inputs: { ids: int32(SCORED_ROWS, T) },
      outputs: (model, { ids }) => ({
        scores: scores(userVector(model, shape, ids, insertion, representation), model.head), // [E, |Y|]
      }),
    },
  });
}

/** Fine-tunes from `start` and evaluates along the way; the numbers reported are those after the last step. */
export async function finetune(
  program: Program<Weights>,
  task: Task,
  experiment: FineTuning,
  preset: Preset,
  seed: number,
  start: Weights,
  { onStep, signal }: Watch = {},
): Promise<FineTuned> {
  const { steps, evaluations } = preset[task.kind];
  const shape = trunkShape(task.source, preset, experiment.trunk);
  const taken = fineTuningSteps(task, experiment, preset, seed);
  program.initialise(start);
  const fitted = await fitTask(program, task, seed, {
    steps,
    evaluations,
    next: () => taken.next().value,
    scoresOf: (users) => scoreUsers(program, task, shape, users, experiment.representation),
    onStep,
    signal,
  });
  return { weights: program.read(), ...fitted };
}
