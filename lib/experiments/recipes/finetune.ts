/**
 * Fine-tuning of one task, Eqs. 5 and 8.
 * Letters: U users and B labels of a batch, T length with [TCL], |Y| labels, E rows scored at once.
 */

import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { byChoice } from '../../base/choice';
import { random } from '../../base/random';
import { type Forward, int32, type Optimizer, type Training } from '../../engine/graph/signature';
import { tf } from '../../engine/native';
import { gatherRows } from '../../engine/ops/rows';
import { NoGradient } from '../../engine/program/builder';
import { Program } from '../../engine/program/program';
import { leaves, leavesIn, type Tree, type Weight } from '../../engine/weights';
import { freshHead, scores } from '../../model/heads';
import type { On } from '../../model/patches/form';
import type { Fusion } from '../../model/patches/fusion';
import { freshItemPatch } from '../../model/patches/itemPatch';
import { type AnyInsertion, freshPatches } from '../../model/patches/patches';
import { type TrunkShape, type TrunkWeights, tclId } from '../../model/trunks/trunk';
import type { UserModelWeights } from '../../model/userModel';
import { SCORED_ROWS, scoreUsers, scoringOn } from '../../training/evaluate';
import type { Watch } from '../../training/fit';
import { type Fitted, fitTask } from '../../training/fitTask';
import { looksOf, masked } from '../../training/inputs';
import { pointwise, softmaxLoss, targetLoss } from '../../training/losses';
import { adam } from '../../training/optimizer';
import type { TaskModel } from '../../training/taskInputs';
import { type FineTuning, type Fused, fusedTasks, type Loss } from '../methods/experiment';
import { isOwn, refusal } from '../methods/own/own';
import { fineTuningSteps, trainings, tuningInputs } from './batches';
import { cacheSignatures, idsIn, knownUsers, reading, selectionOf, type Target } from './frozen';
import { ownLoss, type Selected, type TaskLoss } from './ownFunctions';
import { freshPretraining } from './pretrain';
import { type From, itemRankOf, type Recipe, sizeOf, type TuningSetting } from './settings';

type Weights = UserModelWeights<Weight>;
export type FineTuned = Omit<Fitted<Weights>, 'state'> & { readonly weights: Weights };

/** A task's own embedding of [TCL]: starts from the trunk's. */
function ownToken(shape: TrunkShape, { embedding }: TrunkWeights<Weight>): Weight {
  const [row, k] = [tclId(shape), shape.channels];
  return { shape: [k], values: embedding.values.slice(row * k, (row + 1) * k) };
}

/** ν */
export const freshClassifier = ({ task, model }: TaskModel, seed: number): Weights['head'] =>
  freshHead(task.labels.length, model.shape.channels, random(seed, 'classifier', task.name));

/** Fresh patches in the place of other tasks', for what is counted and not trained. */
const untrained = (fused: Fused, on: On, insertion?: AnyInsertion) =>
  fusedTasks(fused).map((task) => freshPatches(on, (insertion as Fusion).base, random(0, 'patches', task)));

/** The model before fine-tuning: the pre-trained trunk, or the random one that pre-training starts from, and fresh ϑ and ν. */
export function startModel(
  tuning: TuningSetting,
  seed: number,
  pretrained?: TrunkWeights<Weight>,
  others?: From['others'],
): Weights {
  const { task, experiment, model, pretraining } = tuning;
  if (experiment.start === 'pre-trained' && !pretrained) throw new Error(`${experiment.id} needs a trunk`);
  const { shape, insertion } = model;
  const trunk = pretrained ?? freshPretraining(pretraining, seed).trunk;
  const stream = random(seed, 'patches', task.name);
  const itemRank = itemRankOf(experiment, shape);
  return {
    trunk,
    patches: insertion ? freshPatches({ trunk, shape }, insertion, stream) : [],
    head: freshClassifier(tuning, seed),
    ...(experiment.tcl === 'trained' ? { tcl: ownToken(shape, trunk) } : {}),
    ...(experiment.fused
      ? { others: others ?? untrained(experiment.fused, { trunk, shape }, insertion) }
      : {}),
    ...(itemRank ? { items: freshItemPatch(shape, itemRank, stream) } : {}),
  };
}

const losses: Readonly<Record<Loss, TaskLoss>> = byChoice({
  paper: targetLoss,
  authors: (h, head, { labels, negatives, weights }) => pointwise(h, head, { labels, negatives, weights }),
  'cross-entropy': softmaxLoss,
});

const lossOf = ({ loss }: FineTuning): TaskLoss => (isOwn(loss) ? ownLoss(loss) : losses[loss]);

/** The loss of a task on source sequences of one length, with L2; encodes each user once for all his labels. */
function training(tuning: TuningSetting, length: number, optimizer: Optimizer): Training<Weights> {
  const { experiment, budget } = tuning;
  const lossOfTask = lossOf(experiment);
  const { decay = 0 } = budget;
  const users = reading(tuning, sizeOf(tuning, length).users, idsIn(tuning, length));
  return {
    inputs: { ...looksOf(tuningInputs(tuning, length)), ...users.inputs },
    loss: (model, { owner, vectorMask, ...batch }) => {
      const h = masked(gatherRows(users.vector(model, batch), owner), vectorMask); // [B, k]
      const loss = lossOfTask(h, model.head, batch);
      return decay === 0 ? loss : tf.add(loss, tf.mul(tf.sum(tf.square(model.head.table)), decay / 2));
    },
    tuned: selectionOf(experiment)<Tensor>,
    optimizer,
  };
}

/** Scores of the labels from sequences of each length: ids [E, T] -> [E, |Y|]. */
export function scorings(target: Target): Record<string, Forward<Weights>> {
  const scoring = (length: number): Forward<Weights> => {
    const T = idsIn(target, length);
    const users = reading(target, SCORED_ROWS, T);
    return {
      inputs: { ids: int32(SCORED_ROWS, T), ...users.inputs },
      outputs: (model, batch) => ({ scores: scores(users.vector(model, batch), model.head) }),
    };
  };
  return Object.fromEntries(target.lengths.map((length) => [scoringOn(length), scoring(length)]));
}

/** Names the researcher's own functions in an error of compilation that they may have caused. */
function blamed(error: unknown, { loss, tuned, patches }: FineTuning): unknown {
  const own = [loss, tuned, patches?.place, patches?.patch].filter(isOwn);
  return error instanceof NoGradient && own.length > 0 ? refusal(own, error.why, error) : error;
}

/** Compiles one program for all seeds. Throws a UserError that names the researcher's own functions if something has no gradient. */
export function compileFineTuning(tuning: TuningSetting, start: Weights): Program<Weights> {
  const optimizer = adam(tuning.rate);
  const signatures = {
    ...trainings(tuning.lengths, (length) => training(tuning, length, optimizer)),
    ...cacheSignatures(tuning),
    ...scorings(tuning),
  };
  try {
    return Program.compile(start, signatures, tuning.pretraining.precision);
  } catch (error) {
    throw blamed(error, tuning.experiment);
  }
}

const bytesOf = ({ values: { buffer, byteOffset, byteLength } }: Weight) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** The weights of a model that have changed, by their paths and as they were. */
function changedIn(start: Weights, weights: Weights): [path: string, before: Weight][] {
  const now = new Map(leaves<Weight>(weights as Tree<Weight>));
  return leaves<Weight>(start as Tree<Weight>).filter(
    ([path, leaf]) => !bytesOf(leaf).equals(bytesOf(now.get(path) as Weight)),
  );
}

/** Throws an Error that names a frozen weight which has changed. */
export function requireFrozen(start: Weights, weights: Weights, select: Selected): void {
  const tuned = leavesIn<Weight>(select<Weight>(start));
  const changed = changedIn(start, weights).find(([, leaf]) => !tuned.has(leaf));
  if (changed) throw new Error(`${changed[0]} was to stay as it is, and has changed`);
}

/** Throws a UserError that names a researcher's own loss by which no weight has changed. */
function requireLearnt(start: Weights, weights: Weights, { loss }: FineTuning): void {
  if (isOwn(loss) && changedIn(start, weights).length === 0)
    throw refusal(loss, 'no tuned weight has changed; expected a gradient that is not 0 everywhere');
}

/** Fine-tunes and evaluates; keeps the state that `fitTask` chooses. Checks that frozen weights stay bit for bit. */
export async function finetune(
  program: Program<Weights>,
  tuning: TuningSetting,
  { seed, start }: Start<Weights>,
  watch: Watch = {},
): Promise<FineTuned> {
  const { task, course, experiment } = tuning;
  program.initialise(start);
  const known = knownUsers(program, tuning);
  const { state: weights, ...fitted } = await fitTask(program, task, seed, {
    ...course,
    taken: (from) => {
      const steps = fineTuningSteps(tuning, seed, from);
      return { ...steps, next: () => known.step(steps.next()) };
    },
    scoresOf: (users) => scoreUsers(program, tuning, users, known.scored),
    ...watch,
    state: () => program.read(),
  });
  requireFrozen(start, weights, selectionOf(experiment));
  requireLearnt(start, weights, experiment);
  return { weights, ...fitted };
}

/** A seed, and the weights that it starts from. */
export type Start<W> = { readonly seed: number; readonly start: W };

/** How a method makes its weights and its program, and trains them. */
export type Method<W, R> = {
  readonly steps: number;
  readonly fresh: (seed: number, from: From) => W;
  readonly compile: (start: W) => Program<W>;
  readonly train: (program: Program<W>, from: Start<W>, watch: Watch) => Promise<R>;
};

/** Compiles at the first seed and serves all. */
export function recipeOf<W, R>({ steps, fresh, compile, train }: Method<W, R>): Recipe<R> {
  let program: Program<W> | undefined;
  const run = async (seed: number, watch: Watch = {}, from: From = {}) => {
    const start = fresh(seed, from);
    program ??= compile(start);
    return train(program, { seed, start }, watch);
  };
  return { steps, run, dispose: () => program?.dispose() };
}

/** Fine-tuning as a recipe; `start` is the model before it. */
export const fineTuningRecipe = (tuning: TuningSetting): Recipe<FineTuned & { readonly start: Weights }> =>
  recipeOf({
    steps: tuning.course.steps,
    fresh: (seed, { trunk, others }) => {
      if (tuning.experiment.fused && !others) throw new Error(`${tuning.experiment.id} needs patches`);
      return startModel(tuning, seed, trunk, others);
    },
    compile: (start) => compileFineTuning(tuning, start),
    train: async (program, from, watch) => ({
      ...(await finetune(program, tuning, from, watch)),
      start: from.start,
    }),
  });
