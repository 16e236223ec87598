/**
 * Fine-tuning of one task, Eqs. 5 and 8.
 * Letters: U users and B labels of a batch, T length with [TCL], |Y| labels, E rows scored at once.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { byChoice } from '../../base/choice';
import { random } from '../../base/random';
import { pretrainedOn } from '../../data/tasks/source';
import type { Task } from '../../data/tasks/tasks';
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
import { fitBest } from '../../training/fitBest';
import { type Fitted, planOfTask } from '../../training/fitTask';
import { masked, specsOf } from '../../training/inputs';
import { authorsLoss, softmaxLoss, targetLoss } from '../../training/losses';
import { adam } from '../../training/optimizer';
import type { TaskModel } from '../../training/taskInputs';
import type { Loss } from '../methods/experiment';
import { isOwn, type Own, refusal } from '../methods/own/own';
import type { FineTuningRecord } from '../records/record';
import { accountOf } from './accounts';
import { fineTuningSteps, trainings, tuningInputs } from './batches';
import { cacheSignatures, idsIn, knownUsers, reading, selectionOf, type Target } from './frozen';
import { ownLoss, type Selected, type TaskLoss } from './ownFunctions';
import { freshPretraining } from './pretrain';
import { compiledOnce, measuredBy, type Recipe, type Start } from './recipe';
import { type From, sizeOf, type TuningChoices, type TuningSetting, tuningIn } from './settings';

type Weights = UserModelWeights<Weight>;
/** A method after fine-tuning, and the model before it. */
export type FineTuned = Omit<Fitted<Weights>, 'state'> & Readonly<Record<'start' | 'weights', Weights>>;

/** A task's own embedding of [TCL]: starts from the trunk's. */
function ownToken(shape: TrunkShape, { embedding }: TrunkWeights<Weight>): Weight {
  const [row, k] = [tclId(shape), shape.channels];
  return { shape: [k], values: embedding.values.slice(row * k, (row + 1) * k) };
}

/** ν */
export const freshClassifier = ({ task, model }: TaskModel, seed: number): Weights['head'] =>
  freshHead(task.labels.length, model.shape.channels, random(seed, 'classifier', task.name));

/** Fresh patches in the place of other tasks', for what is counted and not trained. */
const untrained = (fused: readonly string[], on: On, insertion?: AnyInsertion) =>
  fused.map((task) => freshPatches(on, (insertion as Fusion).base, random(0, 'patches', task)));

/** The model before fine-tuning: the pre-trained trunk, or the random one that pre-training starts from, and fresh ϑ and ν. */
export function startModel(
  tuning: TuningSetting,
  seed: number,
  pretrained?: TrunkWeights<Weight>,
  others?: From['others'],
): Weights {
  const { task, choices, model, fused } = tuning;
  const { start, tcl, itemRank, pastRank } = choices;
  if (start === 'pre-trained' && !pretrained) throw new Error(`${task.name}: expected a trunk to start from`);
  const { shape, insertion } = model;
  const source = pretrainedOn(task.source);
  const trunk = pretrained ?? freshPretraining({ source, shape }, seed).trunk;
  const stream = random(seed, 'patches', task.name);
  return {
    trunk,
    patches: insertion ? freshPatches({ trunk, shape }, insertion, stream) : [],
    head: freshClassifier(tuning, seed),
    ...(tcl === 'trained' ? { tcl: ownToken(shape, trunk) } : {}),
    ...(fused.length > 0 ? { others: others ?? untrained(fused, { trunk, shape }, insertion) } : {}),
    ...(itemRank ? { items: freshItemPatch(shape, itemRank, stream) } : {}),
    ...(pastRank ? { past: freshItemPatch(shape, pastRank, stream) } : {}),
  };
}

const losses: Readonly<Record<Loss, TaskLoss>> = byChoice({
  paper: targetLoss,
  authors: (h, head, { labels, negatives, weights }) => authorsLoss(h, head, { labels, negatives, weights }),
  'cross-entropy': softmaxLoss,
});

const lossOf = ({ loss }: TuningChoices): TaskLoss => (isOwn(loss) ? ownLoss(loss) : losses[loss]);

/** The loss of a task on source sequences of one length, with L2; encodes each user once for all their labels. */
function training(tuning: TuningSetting, length: number, optimizer: Optimizer): Training<Weights> {
  const { choices, decay } = tuning;
  const lossOfTask = lossOf(choices);
  const users = reading(tuning, sizeOf(tuning, length).users, idsIn(tuning, length));
  return {
    inputs: { ...specsOf(tuningInputs(tuning, length)), ...users.inputs },
    loss: (model, { owner, vectorMask, ...batch }) => {
      const h = masked(gatherRows(users.vector(model, batch), owner), vectorMask); // [B, k]
      const loss = lossOfTask(h, model.head, batch);
      return decay === 0 ? loss : tf.add(loss, tf.mul(tf.sum(tf.square(model.head.table)), decay / 2));
    },
    tuned: selectionOf(choices)<Tensor>,
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
function blamed(error: unknown, { loss, tuned, patches }: TuningChoices): unknown {
  const own = [loss, tuned, ...Object.values({ ...patches })].filter(isOwn) as Own[];
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
    return Program.compile(start, signatures, tuning.precision);
  } catch (error) {
    throw blamed(error, tuning.choices);
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
function requireLearnt(start: Weights, weights: Weights, { loss }: TuningChoices): void {
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
  const { task, steps, evaluations, patience, choices } = tuning;
  program.initialise(start);
  const known = knownUsers(program, tuning);
  const plan = planOfTask(task, seed, {
    ...{ steps, evaluations, patience },
    taken: (from) => {
      const steps = fineTuningSteps(tuning, seed, from);
      return { ...steps, next: () => known.step(steps.next()) };
    },
    scoresOf: (users) => scoreUsers(program, tuning, users, known.scored),
    ...watch,
    state: () => program.read(),
  });
  const { found, state: weights, ...fitted } = await fitBest(program, plan);
  requireFrozen(start, weights, selectionOf(choices));
  requireLearnt(start, weights, choices);
  return { ...found, weights, start, ...fitted };
}

/** A method on a task. */
export function fineTuningRecipe(record: FineTuningRecord, task: Task): Recipe<FineTuned> {
  const tuning = tuningIn(record, task);
  return compiledOnce({
    steps: tuning.steps,
    fresh: (seed, { trunk, others }) => startModel(tuning, seed, trunk, others),
    compile: (start) => compileFineTuning(tuning, start),
    train: (program, from, watch) => finetune(program, tuning, from, watch),
    measure: (found) => {
      const { start, weights, curve, stoppedAt } = found;
      const { seconds } = curve[curve.length - 1];
      const parameters = accountOf(start, tuning.choices);
      return {
        ...measuredBy(task, found),
        parameters,
        models: { start, tuned: weights },
        curve,
        stoppedAt,
        seconds,
      };
    },
  });
}
