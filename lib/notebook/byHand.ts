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

/** A method after fine-tuning: its weights and curve, and its metrics on the test part. */
type Tuned = FineTuned & { readonly label: string; readonly metrics: Metrics };

const SEED = 1;

/** Key of the setting that a model was grafted for, which no file and no table shows and which an edit of this module keeps. */
const GRAFTED_FOR = Symbol.for('peterrec-workbench.graftedFor');
const mark = (model: Model, value: string | undefined) =>
  Object.defineProperty(model, GRAFTED_FOR, { value, configurable: true });

export function byHand(bench: Pick<Workbench, 'preset' | 'out'>) {
  const { preset } = bench;
  const settingOf = (task: Task, experiment: FineTuning) =>
    JSON.stringify([bench.out, preset, task.name, experiment]);
  const tuningOf = (task: Task, experiment: FineTuning): TuningSetting =>
    tuningIn(fineTuningRecord(task, experiment, preset).record, task);
  return {
    /** Pre-trains a trunk on the source of a task. */
    pretrain: async (task: Task, trunk: TrunkName): Promise<Pretrained> => {
      const pretraining = pretrainingIn(trunkRecord(task.source, preset, trunk).record, task.source);
      return trained(
        { label: 'pre-training', steps: pretraining.steps, metric: PRETRAINING_METRIC },
        () => compilePretraining(pretraining),
        (program, watch) => pretrain(program, pretraining, SEED, watch),
      );
    },
    /**
     * The model before fine-tuning: the trunk, or a random one, with fresh patches and a fresh classifier. Throws a UserError for a
     * trunk that is missing, superfluous, or of another kind or size, and for an undeclared choice.
     */
    graft: (task: Task, experiment: FineTuning, trunk?: Trunk): Model => {
      requireDeclared(experiment);
      const tuning = tuningOf(task, experiment);
      if (experiment.fused)
        throw new UserError(
          `graft: ${experiment.label} fuses patches that are trained before; expected it in a run`,
        );
      requireTrunk(tuning, experiment.label, trunk);
      return mark(startModel(tuning, SEED, trunk), settingOf(task, experiment));
    },
    /** Fine-tunes a grafted model. Throws a UserError for one of another method or task, and where training diverges. */
    tune: async (task: Task, experiment: FineTuning, start: Model): Promise<Tuned> => {
      requireDeclared(experiment);
      const { [GRAFTED_FOR]: graftedFor } = start as { readonly [GRAFTED_FOR]?: string };
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
      mark(own.weights, graftedFor);
      return { ...own, label: experiment.label, metrics: metricsOf(task, own.test) };
    },
    /** Metrics of the most frequent labels on the test part. */
    count: (task: Task, { label }: Pick<Experiment, 'label'>): Pick<Tuned, 'label' | 'metrics'> => ({
      label,
      metrics: metricsOf(task, mostFrequent(task, SEED).test),
    }),
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
async function trained<W, R>(
  { loss, ...about }: About & { readonly loss?: unknown },
  compile: () => Program<W>,
  train: (program: Program<W>, watch: Watch) => Promise<R>,
): Promise<R> {
  const { watch, end } = watchTraining(about);
  let program: Program<W> | undefined;
  try {
    program = compile();
    return await train(program, watch);
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    throw new UserError(`${about.label}: ${error.message}. ${remedyFor(loss)}`);
  } finally {
    program?.dispose();
    end();
  }
}
