/** One trunk and one task at a time, with one seed, in a cell of its own. Nothing is left in OUT. */
import { UserError } from '../base/userError';
import type { Task } from '../data/tasks/tasks';
import type { Program } from '../engine/program/program';
import { countWeights, leaves, type Tree, type Weight } from '../engine/weights';
import type { Experiment, FineTuning } from '../experiments/methods/experiment';
import { mostFrequent } from '../experiments/recipes/counting';
import { compileFineTuning, type FineTuned, finetune, startModel } from '../experiments/recipes/finetune';
import { compilePretraining, type Pretrained, pretrain } from '../experiments/recipes/pretrain';
import { pretrainingIn, type TuningSetting, tuningIn } from '../experiments/recipes/settings';
import { PRETRAINING_METRIC } from '../experiments/records/record';
import { trunkRecord } from '../experiments/records/trunks';
import { requireDeclared } from '../experiments/resolve/declared';
import { fineTuningRecord } from '../experiments/resolve/tasks';
import { remedyFor } from '../experiments/runs/diverged';
import type { Workbench } from '../experiments/workbench/workbench';
import type { Metrics } from '../metrics/metrics';
import type { TrunkName } from '../model/trunks/names';
import { embeddingRows, shapesOf, type TrunkWeights, weightsOf } from '../model/trunks/trunk';
import type { UserModelWeights } from '../model/userModel';
import { metricsOf } from '../training/evaluate';
import { Diverged, type Watch } from '../training/fit';
import type { About } from './live/training';
import { watchTraining } from './live/watch';

type Trunk = TrunkWeights<Weight>;
type Model = UserModelWeights<Weight>;

/** Present if the user stopped the training early, or that of its trunk: it is not the declared one. */
type Steered = { readonly steered?: true };
const STEERED: Steered = { steered: true };

/** A method after fine-tuning: its weights and curve, and its metrics on the test part. */
type Tuned = FineTuned & Steered & { readonly label: string; readonly metrics: Metrics };

export type ByHand = {
  /** Pre-trains a trunk on the source of a task. */
  readonly pretrain: (task: Task, trunk: TrunkName) => Promise<Pretrained & Steered>;
  /**
   * The model before fine-tuning: the trunk, or a random one, with fresh patches and a fresh classifier. Throws a UserError for a
   * trunk that is missing, superfluous, or of another kind or size, and for an undeclared choice.
   */
  readonly graft: (task: Task, experiment: FineTuning, trunk?: Trunk) => Model;
  /** Fine-tunes a grafted model. Throws a UserError for one of another method or task, and where training diverges. */
  readonly tune: (task: Task, experiment: FineTuning, model: Model) => Promise<Tuned>;
  /** Metrics of the most frequent labels on the test part. */
  readonly count: (task: Task, experiment: Pick<Experiment, 'label'>) => Pick<Tuned, 'label' | 'metrics'>;
};

const SEED = 1;

/** Notes on weights: whether a trunk was stopped early, and the setting that a model was grafted for. */
type Marks = Steered & { readonly graftedFor?: string };

/** Key of the notes, which no file and no table shows and which an edit of this module keeps. */
const MARKS = Symbol.for('peterrec-workbench.marks');
const marksOf = (weights: Trunk | Model): Marks => (weights as { readonly [MARKS]?: Marks })[MARKS] ?? {};
const mark = (weights: Trunk | Model, value: Marks) =>
  Object.defineProperty(weights, MARKS, { value, configurable: true });

export function byHand(bench: Pick<Workbench, 'preset' | 'out'>): ByHand {
  const { preset } = bench;
  const settingOf = (task: Task, experiment: FineTuning) =>
    JSON.stringify([bench.out, preset, task.name, experiment]);
  const tuningOf = (task: Task, experiment: FineTuning): TuningSetting =>
    tuningIn(fineTuningRecord(task, experiment, preset).record, task);
  return {
    pretrain: async (task, trunk) => {
      const pretraining = pretrainingIn(trunkRecord(task.source, preset, trunk).record, task.source);
      const found = await trained(
        { label: 'pre-training', steps: pretraining.steps, metric: PRETRAINING_METRIC },
        () => compilePretraining(pretraining),
        (program, watch) => pretrain(program, pretraining, SEED, watch),
      );
      mark(found.weights.trunk, found.steered ? STEERED : {});
      return found;
    },
    graft: (task, experiment, trunk) => {
      requireDeclared(experiment);
      const tuning = tuningOf(task, experiment);
      if (experiment.fused)
        throw new UserError(
          `graft: ${experiment.label} fuses patches that are trained before; expected it in a run`,
        );
      requireTrunk(tuning, experiment.label, trunk);
      const model = startModel(tuning, SEED, trunk);
      mark(model, { graftedFor: settingOf(task, experiment) });
      return model;
    },
    tune: async (task, experiment, start) => {
      requireDeclared(experiment);
      const { graftedFor } = marksOf(start);
      if (graftedFor !== settingOf(task, experiment))
        throw new UserError(
          `tune: ${experiment.label} on ${task.name}: expected a model that graft made for it, found another; graft one`,
        );
      const tuning = tuningOf(task, experiment);
      const own = await trained(
        { label: experiment.label, steps: tuning.steps, metric: task.metric, loss: experiment.loss },
        () => compileFineTuning(tuning, start),
        (program, watch) => finetune(program, tuning, { seed: SEED, start }, watch),
      );
      const isSteered = own.steered || marksOf(start.trunk).steered;
      const steered = isSteered ? STEERED : {};
      mark(own.weights, { graftedFor });
      mark(own.weights.trunk, steered);
      const label = isSteered ? `${experiment.label} (steered)` : experiment.label;
      return { ...own, ...steered, label, metrics: metricsOf(task, own.test) };
    },
    count: (task, { label }) => ({ label, metrics: metricsOf(task, mostFrequent(task, SEED).test) }),
  };
}

/** Paths and shapes of weights. */
const outlineOf = (trunk: Trunk): string =>
  leaves<Weight>(trunk as Tree<Weight>)
    .map(([at, { shape }]) => `${at} ${shape}`)
    .join();

/** The trunk that a method starts from must be there and fit the task; one that starts from a random trunk takes none. */
function requireTrunk(
  { task, choices: { start }, model: { shape } }: TuningSetting,
  label: string,
  trunk?: Trunk,
): void {
  const sizeOf = ([rows, channels]: readonly number[], all: number) =>
    `${rows} × ${channels} embeddings and ${all - rows * channels} weights in layers`;
  const expected =
    start === 'random' ? 'none' : sizeOf([embeddingRows(shape), shape.channels], weightsOf(shape));
  const size = trunk ? sizeOf(trunk.embedding.shape, countWeights(trunk)) : 'none';
  const isLike = !trunk || outlineOf(trunk) === outlineOf(shapesOf(shape));
  if (size === expected && isLike) return;
  const found = size === expected ? 'a trunk of another kind' : size;
  const from =
    start === 'random'
      ? 'a random trunk'
      : `a ${shape.trunk} trunk of the ${shape.items} items of ${task.source.name}`;
  throw new UserError(
    `graft: ${label} on ${task.name} starts from ${from}; expected ${expected}, found ${found}`,
  );
}

/** Trains with a view; the program is disposed afterwards. */
async function trained<W, R extends object>(
  { loss, ...about }: About & { readonly loss?: unknown },
  compile: () => Program<W>,
  train: (program: Program<W>, watch: Watch) => Promise<R>,
): Promise<R & Steered> {
  const { watch, isSteered, end } = watchTraining(about);
  let program: Program<W> | undefined;
  try {
    program = compile();
    const found = await train(program, watch);
    return isSteered() ? { ...found, ...STEERED } : found;
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    throw new UserError(`${about.label}: ${error.message}. ${remedyFor(loss)}`);
  } finally {
    program?.dispose();
    end();
  }
}
