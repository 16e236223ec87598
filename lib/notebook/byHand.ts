/** One trunk and one task at a time, in a cell of its own. Only trainings that a hand has stopped leave a document. */
import { counted } from '../base/counted';
import { UserError } from '../base/userError';
import type { Task } from '../data/tasks/tasks';
import type { Direction } from '../engine/ops/convolution';
import type { Program } from '../engine/program/program';
import { leaves, type Tree, type Weight } from '../engine/weights';
import { leaveSteered } from '../experiments/documents/document';
import { requireDeclared } from '../experiments/methods/declared';
import type { Experiment, FineTuning } from '../experiments/methods/experiment';
import { compileFineTuning, type FineTuned, finetune, startModel } from '../experiments/recipes/finetune';
import { mostFrequent } from '../experiments/recipes/opponents';
import {
  compilePretraining,
  PRETRAINING_METRIC,
  type Pretrained,
  pretrain,
} from '../experiments/recipes/pretrain';
import { pretrainingOf, type TuningSetting, tuningOf } from '../experiments/recipes/settings';
import { codeOf } from '../experiments/runs/codes';
import { remedyFor } from '../experiments/runs/run';
import { environmentOf } from '../experiments/runs/session';
import type { Workbench } from '../experiments/runs/workbench';
import type { Metrics } from '../metrics/metrics';
import { embeddingRows, type TrunkWeights } from '../model/trunk';
import type { UserModelWeights } from '../model/userModel';
import { metricsOf } from '../training/evaluate';
import { type CurvePoint, Diverged, type Watch } from '../training/fit';
import type { About } from './live/run';
import { training } from './live/trainings';
import { type Deed, watched } from './live/watched';

export type Trunk = TrunkWeights<Weight>;
export type Model = UserModelWeights<Weight>;

/** Present if a hand has stopped the training, or that of its trunk: it is not the declared one. */
export type Steered = { readonly steered?: readonly Deed[] };

/** A method after fine-tuning: its weights and curve, and its metrics on the test part. */
export type Tuned = FineTuned & Steered & { readonly label: string; readonly metrics: Metrics };

export type ByHand = {
  /** Pre-trains a trunk on the source of a task. */
  readonly pretrain: (task: Task, direction: Direction) => Promise<Pretrained & Steered>;
  /**
   * The model before fine-tuning: the trunk, or a random one, with fresh patches and a fresh classifier. Throws a UserError for a
   * trunk that is missing, superfluous, or of another direction, source or size, and for an undeclared choice.
   */
  readonly graft: (task: Task, experiment: FineTuning, trunk?: Trunk) => Model;
  /** Fine-tunes such a model. Throws a UserError for a model of another method or task, and where training diverges. */
  readonly tune: (task: Task, experiment: FineTuning, model: Model) => Promise<Tuned>;
  /** Metrics of the most frequent labels on the test part. */
  readonly count: (task: Task, experiment: Pick<Experiment, 'label'>) => Pick<Tuned, 'label' | 'metrics'>;
};

/** Key of the deeds on a trunk, which no file and no table shows; the same after an edit of this module. */
const DEEDS = Symbol.for('peterrec-workbench.deeds');

const deedsOn = (trunk: Trunk): readonly Deed[] | undefined =>
  (trunk as { readonly [DEEDS]?: readonly Deed[] })[DEEDS];

/** Key of the start of a model. */
const START = Symbol.for('peterrec-workbench.start');

const startOf = (model: Model): FineTuning['start'] | undefined =>
  (model as { readonly [START]?: FineTuning['start'] })[START];

function mark(marked: Trunk | Model, by: symbol, value: unknown): void {
  Object.defineProperty(marked, by, { value, configurable: true });
}

/** All with one seed. */
export const byHand = (bench: Pick<Workbench, 'preset' | 'out'>, seed = 1): ByHand => ({
  pretrain: async (task, direction) => {
    const pretraining = pretrainingOf(task.source, bench.preset, direction);
    const { steps, budget, source } = pretraining;
    const found = await trained(
      { label: 'pre-training', steps, metric: PRETRAINING_METRIC },
      () => compilePretraining(pretraining),
      (program, watch) => pretrain(program, pretraining, seed, watch),
    );
    if (found.steered) mark(found.weights.trunk, DEEDS, found.steered);
    leave(bench, `${source.name}-${direction}`, found, {
      ...{ source: source.name, direction, seed, budget },
      code: codeOf('trunk'),
    });
    return found;
  },
  graft: (task, experiment, trunk) => {
    requireDeclared(experiment);
    const tuning = tuningOf(task, experiment, bench.preset);
    requireTrunk(tuning, trunk);
    const model = startModel(tuning, seed, trunk);
    mark(model, START, experiment.start);
    return model;
  },
  tune: async (task, experiment, start) => {
    requireDeclared(experiment);
    const tuning = tuningOf(task, experiment, bench.preset);
    requireGrafted(tuning, start, seed);
    const { course, budget } = tuning;
    const own = await trained(
      { label: experiment.label, steps: course.steps, metric: task.metric, loss: experiment.loss },
      () => compileFineTuning(tuning, start),
      (program, watch) => finetune(program, tuning, { seed, start }, watch),
    );
    const ofTrunk = deedsOn(start.trunk);
    const deeds = [...(ofTrunk ?? []), ...(own.steered ?? [])];
    const found = deeds.length > 0 ? { ...own, steered: deeds } : own;
    if (found.steered) mark(found.weights.trunk, DEEDS, deeds);
    const metrics = metricsOf(task, found.test);
    leave(bench, `${task.name}-${experiment.id}`, found, {
      code: codeOf(experiment),
      ...{ task: task.name, seed, metrics, stoppedAt: found.stoppedAt },
      ...{ experiment, budget, course, ...(ofTrunk ? { steeredTrunk: ofTrunk } : {}) },
    });
    const label = found.steered ? `${experiment.label} (steered)` : experiment.label;
    return { ...found, label, metrics };
  },
  count: (task, { label }) => ({ label, metrics: metricsOf(task, mostFrequent(task, seed).test) }),
});

/** The trunk that a method starts from must be there and fit the task; one that starts from a random trunk takes none. */
function requireTrunk(tuning: TuningSetting, trunk?: Trunk): void {
  const { label, start } = tuning.experiment;
  const refuse = (what: string) => new UserError(`graft: ${label} ${what}`);
  if (start === 'random') {
    if (trunk) throw refuse('starts from a random trunk; expected none, found one');
    return;
  }
  if (!trunk) throw refuse('starts from a pre-trained trunk; expected one, found none');
  requireSize('graft', tuning, trunk);
}

function requireSize(
  where: string,
  { task, experiment, model: { shape } }: TuningSetting,
  trunk: Trunk,
): void {
  const sizeOf = (sizes: readonly number[], blocks: number) =>
    `${sizes.join(' × ')} embeddings and ${counted(blocks, 'block')}`;
  const { direction, items, channels, dilations } = shape;
  const wanted = sizeOf([embeddingRows(shape), channels], dilations.length);
  const found = sizeOf(trunk.embedding.shape, trunk.blocks.length);
  if (found !== wanted)
    throw new UserError(
      `${where}: ${experiment.label} on ${task.name}: expected a ${direction} trunk of the ${items} items of ${task.source.name}, ${wanted}, found ${found}`,
    );
}

/** Each weight of a model with its shape. */
const shapesIn = (model: Model): string[] =>
  leaves<Weight>(model as Tree<Weight>).map(([path, { shape }]) => `${path} [${shape.join(', ')}]`);

/** A model must have the weights that `graft` gives it for the method and the task. */
function requireGrafted(tuning: TuningSetting, model: Model, seed: number): void {
  const { task, experiment } = tuning;
  requireSize('tune', tuning, model.trunk);
  const [wanted, found] = [startModel(tuning, seed, model.trunk), model].map(shapesIn);
  const missing = wanted.find((one) => !found.includes(one));
  const other = found.find((one) => !wanted.includes(one));
  const start = startOf(model) ?? experiment.start;
  if (missing === undefined && other === undefined && start === experiment.start) return;
  const [expected, there] =
    start === experiment.start ? [missing, other] : [`a ${experiment.start} trunk`, `a ${start} one`];
  throw new UserError(
    `tune: ${experiment.label} on ${task.name}: expected ${expected ?? 'no such weight'}, found ${there ?? 'none'}; graft a model for it`,
  );
}

/** Trains with a view; the program is disposed afterwards. */
async function trained<W, R extends object>(
  { loss, ...about }: About & { readonly loss?: unknown },
  compile: () => Program<W>,
  train: (program: Program<W>, watch: Watch) => Promise<R>,
): Promise<R & Steered> {
  const { watch, deeds, end } = watched(about);
  let isWhole = false;
  try {
    const program = compile();
    try {
      const found = await training(about.label, () => train(program, watch));
      isWhole = true;
      return deeds.length > 0 ? { ...found, steered: [...deeds] } : found;
    } finally {
      program.dispose();
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    throw new UserError(`${about.label}: ${error.message}. ${remedyFor(loss)}`);
  } finally {
    end(isWhole);
  }
}

/** Leaves a document of a steered training. */
function leave(
  { out, preset }: Pick<Workbench, 'preset' | 'out'>,
  name: string,
  { steered, curve }: Steered & { readonly curve: readonly CurvePoint[] },
  declared: Readonly<Record<string, unknown>>,
): void {
  if (!steered) return;
  const environment = environmentOf({ ...preset, code: declared.code });
  leaveSteered(out, name, { steered, preset: preset.name, ...declared, curve, environment });
}
