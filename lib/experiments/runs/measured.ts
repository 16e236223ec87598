/** What each kind of document measures: all that decides its numbers, and nothing else. */
import type { Task } from '../../data/tasks/tasks';
import { countWeights, leavesIn, type Tree, type Weight } from '../../engine/weights';
import type { Metrics } from '../../metrics/metrics';
import { reciprocalRank } from '../../metrics/ranking';
import { addedBy } from '../../model/files/patchFile';
import { embeddingRows, type TrunkShape, type TrunkWeights } from '../../model/trunk';
import type { UserModelWeights } from '../../model/userModel';
import { metricsOf } from '../../training/evaluate';
import type { TaskOutcomes } from '../../training/fitTask';
import type { ParameterAccount } from '../documents/document';
import { type InstanceRow, outcomeRows } from '../documents/store';
import type { Baseline, Experiment, FineTuning } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { fineTuningRecipe } from '../recipes/finetune';
import { selectionOf } from '../recipes/frozen';
import { mostFrequent, opponentRecipe } from '../recipes/opponents';
import { pretrainingRecipe } from '../recipes/pretrain';
import type { Recipe, Trained } from '../recipes/recipe';
import { type PretrainingSetting, trunkShape, tuningOf } from '../recipes/settings';
import type { Measured } from './session';

type UserModel = UserModelWeights<Weight>;

/** A model before and after fine-tuning. */
export type Models = { readonly start: UserModel; readonly tuned: UserModel };

/** What a seed measures, the rows beside its document, and the trained weights. */
export type Found<M> = Measured & { readonly rows: readonly InstanceRow[]; readonly model?: M };

/** Adds to each seed of a recipe what its document says; `elapsed` in seconds. */
function measuring<R, M>(
  recipe: Recipe<R>,
  measure: (found: R, elapsed: number) => Found<M>,
): Recipe<Found<M>> {
  const run: Recipe<Found<M>>['run'] = async (...from) => {
    const start = performance.now();
    const found = await recipe.run(...from);
    return measure(found, (performance.now() - start) / 1000);
  };
  return { ...recipe, run };
}

const measuredBy = (task: Task, { test, valid }: TaskOutcomes) => ({
  metrics: { test: metricsOf(task, test), valid: metricsOf(task, valid) },
  rows: outcomeRows(task, test),
});

/** A trunk, with a row for each held-out user. */
export const pretraining = (setting: PretrainingSetting): Recipe<Found<TrunkWeights<Weight>>> =>
  measuring(pretrainingRecipe(setting), ({ weights, curve, lastItems }) => {
    const popularity = lastItems.map(({ popularityRank }) => popularityRank);
    const last = curve[curve.length - 1];
    const valid: Metrics = { ...last.valid, 'MRR@5/popularity': reciprocalRank(popularity, 5) };
    return {
      rows: lastItems.map(({ user, rank, popularityRank }) => ({
        row: user,
        user_id: setting.source.users[user],
        rank,
        popularity_rank: popularityRank,
      })),
      metrics: { test: {}, valid },
      parameters: accountOfPretraining(weights),
      curve,
      stoppedAt: last.step,
      seconds: last.seconds,
      model: weights.trunk,
    };
  });

/** An experiment on a task. */
export function finding(preset: Preset, task: Task, experiment: Experiment): Recipe<Found<Models>> {
  if (experiment.kind === 'fine-tuning') return fineTuning(preset, task, experiment);
  if (experiment.kind === 'baseline') return opponent(preset, task, experiment);
  return counting(task);
}

/** LabelCS and item popularity. */
export function counting(task: Task): Recipe<Found<Models>> {
  const recipe = { steps: 0, run: async (seed: number) => mostFrequent(task, seed), dispose: () => {} };
  return measuring(recipe, (found, seconds) => ({
    ...measuredBy(task, found),
    parameters: accountOfCounts(task.labels.length),
    curve: [],
    stoppedAt: 0,
    seconds,
  }));
}

export function opponent(preset: Preset, task: Task, experiment: Baseline): Recipe<Found<Models>> {
  const fineAll = fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length);
  return measuring(opponentRecipe(task, experiment, preset), (found, elapsed) => {
    const { curve, stoppedAt } = found;
    const seconds = curve.at(-1)?.seconds ?? elapsed;
    const parameters = accountOfBaseline(found, fineAll);
    return { ...measuredBy(task, found), parameters, curve, stoppedAt, seconds };
  });
}

export const fineTuning = (preset: Preset, task: Task, experiment: FineTuning): Recipe<Found<Models>> =>
  measuring(fineTuningRecipe(tuningOf(task, experiment, preset)), (found) => {
    const { start, weights, curve, stoppedAt } = found;
    const { seconds } = curve[curve.length - 1];
    const parameters = accountOf(start, experiment);
    const model = { start, tuned: weights };
    return { ...measuredBy(task, found), parameters, curve, stoppedAt, seconds, model };
  });

const BYTES = Float32Array.BYTES_PER_ELEMENT;

const countDistinct = (trees: readonly Tree<Weight>[]): number =>
  [...leavesIn<Weight>(trees)].reduce((sum, weight) => sum + countWeights(weight), 0);

/**
 * The parameters of a fine-tuned model, without the softmax layer of pre-training.
 * The share is that of the caption of Table 3: tuned parameters over those that FineAll tunes, trunk and classifier.
 */
export function accountOf(model: UserModel, experiment: FineTuning): ParameterAccount {
  const total = countWeights(model);
  const fineAll = countWeights([model.trunk, model.head]);
  const selected = selectionOf(experiment)<Weight>(model);
  const tuned = countDistinct(selected);
  const added = countDistinct(addedBy({ model, tuned: selected }));
  return { total, tuned, share: tuned / fineAll, perTaskBytes: added * BYTES };
}

/** What FineAll tunes: a trunk of this shape and a classifier of |Y| labels. */
export function fineAllWeights(shape: TrunkShape, labels: number): number {
  const { channels: k, kernel, dilations } = shape;
  const layer = kernel * k * k + 3 * k; // bias, gain and shift
  return embeddingRows(shape) * k + 2 * dilations.length * layer + labels * (k + 1);
}

/** An opponent keeps all of its numbers for each task. */
export const accountOfBaseline = (
  { kept, tuned }: Pick<Trained, 'kept' | 'tuned'>,
  fineAll: number,
): ParameterAccount => ({ total: kept, tuned, share: tuned / fineAll, perTaskBytes: kept * BYTES });

/** LabelCS and popularity keep one count for each label. */
export const accountOfCounts = (labels: number): ParameterAccount => ({
  ...{ total: labels, tuned: 0, share: 0, perTaskBytes: labels * BYTES },
});

/** Pre-training tunes every weight, its softmax layer included. */
export function accountOfPretraining(weights: Tree<Weight>): ParameterAccount {
  const total = countWeights(weights);
  return { total, tuned: total, share: 1, perTaskBytes: total * BYTES };
}
