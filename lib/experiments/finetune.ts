/**
 * Fine-tuning of one task, Eqs. 5 and 8.
 * Letters: U users and B labels of a batch, T length with [TCL], |Y| labels, E rows scored at once.
 */
import { splitInstances } from '../datasets/split';
import type { Task } from '../datasets/tasks';
import { freshHead, scores } from '../model/heads';
import type { TrunkWeights } from '../model/trunk';
import { tokens, type UserModelWeights, userVector } from '../model/userModel';
import { freshPatches, type Insertion } from '../patches/insertion';
import { random } from '../random';
import { gatherRows } from '../tensorflow/ops/rows';
import { Program } from '../tensorflow/program';
import type { InputSpec, Optimizer, Training } from '../tensorflow/signature';
import type { Weight } from '../tensorflow/weights';
import { metricsOf, type Outcome, outcomes, SCORED_ROWS, scoreUsers } from '../training/evaluate';
import { type CurvePoint, fit } from '../training/fit';
import { bpr, fullSoftmax } from '../training/losses';
import { adam } from '../training/optimizer';
import { lengthsOf, trainings } from './buckets';
import { type FineTuning, selections } from './experiment';
import type { Preset } from './presets';
import { freshPretraining, trunkShape, type Watch } from './pretrain';
import { roomOf, tuningSteps } from './tuningBatches';

type Weights = UserModelWeights<Weight>;
export type FineTuned = {
  readonly weights: Weights;
  readonly curve: CurvePoint[];
  readonly test: Outcome[];
  readonly valid: Outcome[];
};

function insertionOf({ patches }: FineTuning, { channels }: Preset): Insertion | undefined {
  return patches
    ? { ...patches, bottleneck: Math.max(1, Math.floor(channels / patches.squeeze)) }
    : undefined;
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
  const shape = trunkShape(task.source, preset);
  const insertion = insertionOf(experiment, preset);
  const { channels, dilations } = shape;
  return {
    trunk: pretrained ?? freshPretraining(task.source, preset, seed).trunk,
    patches: insertion
      ? freshPatches(channels, dilations.length, insertion, random(seed, 'patches', task.name))
      : [],
    head: freshHead(task.labels.length, channels, random(seed, 'classifier', task.name)),
  };
}

/**
 * The loss of a task's kind on source sequences of one length, each user encoded once for all his labels:
 * BPR for recommendation, softmax cross-entropy for profiles.
 */
function training(
  task: Task,
  experiment: FineTuning,
  preset: Preset,
  length: number,
  optimizer: Optimizer,
): Training<Weights> {
  const shape = trunkShape(task.source, preset);
  const insertion = insertionOf(experiment, preset);
  const { users: U, labels: B } = roomOf(task, preset, length);
  const row: InputSpec = { dtype: 'int32', shape: [B] };
  const inputs = {
    ids: { dtype: 'int32', shape: [U, length + tokens(shape)] },
    owner: row,
    labels: row,
    weights: { dtype: 'float32', shape: [B] },
  } as const;
  return {
    inputs: task.kind === 'recommend' ? { ...inputs, negatives: row } : inputs,
    loss: (model, { ids, owner, labels, negatives, weights }) => {
      const h = gatherRows(userVector(model, shape, ids, insertion), owner); // [B, k]
      return task.kind === 'recommend'
        ? bpr(h, model.head, labels, negatives, weights)
        : fullSoftmax(h, model.head, labels, weights);
    },
    tuned: selections[experiment.tuned],
    optimizer,
  };
}

export function compileFineTuning(
  task: Task,
  experiment: FineTuning,
  preset: Preset,
  start: Weights,
): Program<Weights> {
  const shape = trunkShape(task.source, preset);
  const insertion = insertionOf(experiment, preset);
  const optimizer = adam(preset[task.kind].rate);
  const ids: InputSpec = { dtype: 'int32', shape: [SCORED_ROWS, task.source.length + tokens(shape)] };
  return Program.compile(start, {
    ...trainings(lengthsOf(task.source, preset), (length) =>
      training(task, experiment, preset, length, optimizer),
    ),
    score: {
      inputs: { ids },
      outputs: (model, { ids }) => ({ scores: scores(userVector(model, shape, ids, insertion), model.head) }), // [E, |Y|]
    },
  });
}

/** Fine-tunes from `start` and evaluates along the way; the numbers reported are those after the last step. */
export async function finetune(
  program: Program<Weights>,
  task: Task,
  preset: Preset,
  seed: number,
  start: Weights,
  { onStep, signal }: Watch = {},
): Promise<FineTuned> {
  const { steps, evaluations } = preset[task.kind];
  const shape = trunkShape(task.source, preset);
  const split = splitInstances(task, seed);
  const taken = tuningSteps(task, preset, seed);
  const users = [...split.valid, ...split.test].map((i) => task.instances[i].user);
  let found: Pick<FineTuned, 'valid' | 'test'> = { valid: [], test: [] };
  program.initialise(start);
  const curve = await fit(program, {
    steps,
    evaluations,
    passSize: split.train.length,
    next: () => taken.next().value,
    evaluate: () => {
      const scored = scoreUsers(program, task, shape, users);
      found = {
        valid: outcomes(task, split.valid, scored, seed),
        test: outcomes(task, split.test, scored, seed),
      };
      return { valid: metricsOf(task, found.valid), test: metricsOf(task, found.test) };
    },
    onStep,
    signal,
  });
  return { weights: program.read(), curve, ...found };
}
