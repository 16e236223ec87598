/**
 * One trunk and one task at a time, in a cell of its own: nothing is read from a run's folder, and only what a hand has steered
 * is left there, where nothing reads it.
 */

import { counted } from '../counted';
import type { Task } from '../datasets/tasks/tasks';
import { leaveSteered } from '../documents/store';
import { requireDeclared } from '../methods/declared';
import type { Experiment, FineTuning } from '../methods/experiment';
import type { Metrics } from '../metrics/metrics';
import { embeddingRows, type TrunkWeights } from '../model/trunk';
import type { UserModelWeights } from '../model/userModel';
import { compileFineTuning, type FineTuned, finetune, startModel } from '../recipes/finetune';
import { mostFrequent } from '../recipes/opponents';
import { compilePretraining, PRETRAINING_METRIC, type Pretrained, pretrain } from '../recipes/pretrain';
import { pretrainingOf, type TuningSetting, tuningOf } from '../recipes/settings';
import { codeOf } from '../runs/codes';
import { remedyFor } from '../runs/run';
import { environmentOf } from '../runs/session';
import type { Workbench } from '../runs/workbench';
import type { Direction } from '../tensorflow/ops/convolution';
import type { Program } from '../tensorflow/program/program';
import { leaves, type Tree, type Weight } from '../tensorflow/weights';
import { metricsOf } from '../training/evaluate';
import { type CurvePoint, Diverged, type Watch } from '../training/fit';
import { UserError } from '../userError';
import type { About } from './live/run';
import type { Deed } from './live/steering';
import { training } from './live/trainings';
import { watched } from './live/watched';

export type Trunk = TrunkWeights<Weight>;
export type Model = UserModelWeights<Weight>;

/**
 * What a hand did to a training, or to that of the trunk that it starts from, and after which step, where it did something: such a
 * training is no longer the declared one.
 */
export type Steered = { readonly steered?: readonly Deed[] };

/** A method after fine-tuning: its weights and curve, and its metrics on the test part. */
export type Tuned = FineTuned & Steered & { readonly label: string; readonly metrics: Metrics };

export type ByHand = {
  /** Pre-trains a trunk on the source of a task. */
  readonly pretrain: (task: Task, direction: Direction) => Promise<Pretrained & Steered>;
  /**
   * The model before fine-tuning: the trunk, or a random one, with fresh patches and a fresh classifier. Throws a UserError for a trunk
   * that is missing, that the method has no use for, or that is of another direction, source or size, and for a choice that is none.
   */
  readonly graft: (task: Task, experiment: FineTuning, trunk?: Trunk) => Model;
  /**
   * Fine-tunes such a model for the task. Throws a UserError for a choice that is none, for a model of another method or task, and where
   * what is learnt is no number.
   */
  readonly tune: (task: Task, experiment: FineTuning, model: Model) => Promise<Tuned>;
  /** What needs no training reaches on the test part: the most frequent labels. */
  readonly count: (task: Task, experiment: Pick<Experiment, 'label'>) => Pick<Tuned, 'label' | 'metrics'>;
};

/** Under what a trunk carries what a hand did to it: it outlives an edit of this module, and no file and no table shows it. */
const DEEDS = Symbol.for('peterrec-workbench.deeds');

const deedsOn = (trunk: Trunk): readonly Deed[] | undefined =>
  (trunk as { readonly [DEEDS]?: readonly Deed[] })[DEEDS];

/** Under what a model carries what its trunk was before fine-tuning. */
const START = Symbol.for('peterrec-workbench.start');

const startOf = (model: Model): FineTuning['start'] | undefined =>
  (model as { readonly [START]?: FineTuning['start'] })[START];

function mark(marked: Trunk | Model, by: symbol, value: unknown): void {
  Object.defineProperty(marked, by, { value, configurable: true });
}

/** All of it with one seed. */
export const byHand = (bench: Pick<Workbench, 'preset' | 'out'>, seed = 1): ByHand => ({
  pretrain: async (task, direction) => {
    const pretraining = pretrainingOf(task.source, bench.preset, direction);
    const { steps, budget, source } = pretraining;
    const found = await trained(
      { label: 'pre-training', steps, metric: PRETRAINING_METRIC, rate: budget.rate },
      (isSteered) => compilePretraining(pretraining, isSteered),
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
    const { rate, course, budget } = tuning;
    const own = await trained(
      { label: experiment.label, steps: course.steps, metric: task.metric, rate, loss: experiment.loss },
      (isSteered) => compileFineTuning(tuning, start, isSteered),
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

/** Each weight of a model and its shape. */
const shapesIn = (model: Model): ReadonlyMap<string, string> =>
  new Map(leaves<Weight>(model as Tree<Weight>).map(([path, { shape }]) => [path, `[${shape.join(', ')}]`]));

/** A model must be what `graft` makes of the method for the task, whatever its weights are by now. */
function requireGrafted(tuning: TuningSetting, model: Model, seed: number): void {
  const { task, experiment } = tuning;
  requireSize('tune', tuning, model.trunk);
  const [wanted, found] = [startModel(tuning, seed, model.trunk), model].map(shapesIn);
  const path = [...wanted.keys(), ...found.keys()].find((each) => wanted.get(each) !== found.get(each));
  const refuse = (expected: string, there: string) =>
    new UserError(
      `tune: ${experiment.label} on ${task.name}: expected a model that was grafted for it, with ${expected}, found ${there}`,
    );
  const called = (shape: string | undefined) => (shape === undefined ? `no ${path}` : `${path} ${shape}`);
  if (path !== undefined) throw refuse(called(wanted.get(path)), called(found.get(path)));
  const start = startOf(model) ?? experiment.start;
  if (start !== experiment.start) throw refuse(`a ${experiment.start} trunk`, `a ${start} one`);
}

/** What runs away is told of by its name, with what helps. */
const explained = (error: unknown, label: string, loss: unknown): unknown =>
  error instanceof Diverged ? new UserError(`${label}: ${error.message}. ${remedyFor(loss)}`) : error;

/** Trains under the eyes, and perhaps the hand, of who looks on; what compiles is gone afterwards. */
async function trained<W, R extends object>(
  { loss, ...about }: About & { readonly loss?: unknown },
  compile: (isSteered: boolean) => Program<W>,
  train: (program: Program<W>, watch: Watch) => Promise<R>,
): Promise<R & Steered> {
  const { watch, isSteered, begin, deeds, end } = watched(about);
  let isWhole = false;
  try {
    const program = compile(isSteered);
    begin(program);
    try {
      const found = await training(about.label, () => train(program, watch));
      isWhole = true;
      return deeds.length > 0 ? { ...found, steered: [...deeds] } : found;
    } catch (error) {
      throw explained(error, about.label, loss);
    } finally {
      program.dispose();
    }
  } finally {
    end(isWhole);
  }
}

/** Leaves a document of a training that was steered, and of no other. */
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
