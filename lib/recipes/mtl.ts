/**
 * MTL: one training from scratch on the users with training labels, by both losses.
 * Letters: U users and B labels of a batch, T length with [TCL], S candidates, |Y| labels, E rows scored at once.
 */
import { jointLoss, type MTLWeights } from '../baselines/mtl';
import type { Task } from '../datasets/tasks/tasks';
import { drawsNegatives } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { freshHead, scores } from '../model/heads';
import { tclId } from '../model/trunk';
import { tokens, userVector } from '../model/userModel';
import { random } from '../random';
import { float32, int32, type Training } from '../tensorflow/graph/signature';
import { type Batch, Program } from '../tensorflow/program/program';
import { countWeights, type Weight } from '../tensorflow/weights';
import { candidateBatch, logUniformSampler } from '../training/candidates';
import { SCORED_ROWS, scoreUsers } from '../training/evaluate';
import type { Step } from '../training/fit';
import { fitTask } from '../training/fitTask';
import { bpr, fullSoftmax, type Sample, sampleInputs } from '../training/losses';
import { adam, rowAdam } from '../training/optimizer';
import { lengthsOf, trainings } from './buckets';
import { freshPretraining, type Watch } from './pretrain';
import type { Runner } from './runner';
import { candidatesOf, trunkShape } from './trunkShape';
import { roomOf, tuningSteps } from './tuningBatches';

type Weights = MTLWeights<Weight>;

/** What a batch of fine-tuning with the paper's loss on a causal trunk is. */
const TARGET = { trunk: 'causal', representation: 'token', loss: 'paper' } as const;

function freshMTL({ name, source, labels }: Task, preset: Preset, seed: number): Weights {
  const head = freshHead(labels.length, preset.channels, random(seed, 'classifier', name));
  return { ...freshPretraining(source, preset, TARGET.trunk, seed), patches: [], head };
}

/** Next-item labels that a batch of ids [U, T] holds. */
const pairs = (U: number, T: number) => U * (T - 2);

/** Both losses on source sequences of one length. */
function training(
  task: Task,
  preset: Preset,
  length: number,
  lambda: number,
): Omit<Training<Weights>, 'optimizer'> {
  const shape = trunkShape(task.source, preset, TARGET.trunk);
  const S = candidatesOf(task.source, preset);
  const { users: U, labels: B } = roomOf(task, preset, length);
  const T = length + tokens(shape);
  const paired = drawsNegatives(task, TARGET);
  return {
    inputs: {
      ids: int32(U, T),
      owner: int32(B),
      labels: int32(B),
      weights: float32(B),
      ...(paired ? { negatives: int32(B) } : {}),
      ...(S === undefined ? {} : sampleInputs(S, pairs(U, T))),
    },
    loss: (model, { ids, owner, labels, negatives, weights, ...sample }) =>
      jointLoss(
        model,
        shape,
        { ids, owner },
        {
          lambda,
          target: (h) =>
            paired
              ? bpr(h, model.head, labels, negatives, weights)
              : fullSoftmax(h, model.head, labels, weights),
          sample: S === undefined ? undefined : (sample as unknown as Sample),
        },
      ),
    tuned: ({ trunk, head, softmax }) => [trunk, head, softmax],
  };
}

function compileMTL(task: Task, preset: Preset, start: Weights): Program<Weights> {
  const shape = trunkShape(task.source, preset, TARGET.trunk);
  const { lambda, rate } = preset.baselines.MTL[task.kind];
  const [optimizer, byRow] = [adam(rate), rowAdam(rate)];
  const sampled = candidatesOf(task.source, preset) !== undefined;
  const trained = (length: number): Training<Weights> => {
    const dense = { ...training(task, preset, length, lambda), optimizer };
    const tables: NonNullable<Training<Weights>['rows']>['tables'] = ({ trunk, softmax }) => [
      trunk.embedding,
      softmax,
    ];
    return sampled ? { ...dense, rows: { tables, optimizer: byRow } } : dense;
  };
  const T = task.source.length + tokens(shape);
  return Program.compile(start, {
    ...trainings(lengthsOf(task.source, preset), trained),
    score: {
      inputs: { ids: int32(SCORED_ROWS, T) },
      outputs: (model, { ids }) => ({ scores: scores(userVector(model, shape, ids), model.head) }), // [E, |Y|]
    },
  });
}

/** Rows of the softmax table that the next items of ids [U, T] have: every id of a row but its first and [TCL]. */
export function nextRows(ids: Int32Array, tcl: number): Int32Array {
  const isNext = (id: number, i: number) => id !== tcl && i > 0 && ids[i - 1] !== tcl;
  return ids.filter(isNext).map((item) => Math.max(0, item - 1));
}

/** Batches of fine-tuning, with candidates for the source loss where the catalogue is large. */
function* stepsOf(task: Task, preset: Preset, seed: number): Generator<Step, never> {
  const { items } = task.source;
  const S = candidatesOf(task.source, preset);
  const sampler = logUniformSampler(items.length);
  const draws = random(seed, 'candidates', task.name);
  const sampleFor = ({ ids }: Batch) =>
    S === undefined
      ? {}
      : candidateBatch(sampler, S, nextRows(ids as Int32Array, tclId({ items: items.length })), draws);
  const taken = tuningSteps(task, TARGET, preset, seed);
  for (;;) {
    const { batch, ...step } = taken.next().value;
    yield { ...step, batch: { ...batch, ...sampleFor(batch) } };
  }
}

/** Compiles at the first seed and serves all. The softmax layer over source items is no part of what is kept. */
export function mtlRunner(task: Task, given: Preset): Runner {
  const budget = given.baselines.MTL[task.kind];
  const preset = { ...given, [task.kind]: { ...given[task.kind], batch: budget.batch } };
  const shape = trunkShape(task.source, preset, TARGET.trunk);
  let program: Program<Weights> | undefined;
  const run = async (seed: number, watch: Watch = {}) => {
    const start = freshMTL(task, preset, seed);
    program ??= compileMTL(task, preset, start);
    const compiled = program;
    compiled.initialise(start);
    const taken = stepsOf(task, preset, seed);
    const fitted = await fitTask(compiled, task, seed, {
      steps: budget.steps,
      evaluations: budget.evaluations,
      next: () => taken.next().value,
      scoresOf: (users) => scoreUsers(compiled, task, shape, users),
      ...watch,
    });
    const kept = countWeights([start.trunk, start.head]);
    return { ...fitted, kept, tuned: kept };
  };
  return { steps: budget.steps, run, dispose: () => program?.dispose() };
}
