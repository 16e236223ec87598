/**
 * The sweep behind the budgets of the opponents, by the rule of sweep.ts: mean validation metrics on MovieLens-100K,
 * on seeds that are never reported, and 24 settings for each method and kind of task.
 *
 *     node --import tsx lib/studies/sweepBaselines.ts ItemCooccurrence|BagOfItems|NeuFM|DeepFM|MTL …
 *
 * It never looks at a test metric. One line is printed for each setting: the mean over the tasks of a kind.
 */
import { mean } from 'simple-statistics';
import type { Task } from '../datasets/tasks/tasks';
import type { BaselineBudgets, Budget } from '../methods/budgets';
import type { Baseline } from '../methods/experiment';
import { opponents } from '../methods/opponents';
import { type Preset, presets } from '../methods/presets';
import { UserError } from '../userError';
import { onMovieLens, type Sweep } from './stops';
import { runStudy } from './study';
import { opponentStops } from './sweepOpponents';

const SEEDS = [101, 102, 103, 104];
const RATES = [0.001, 0.003, 0.01];
const EVALUATIONS = 4;

type Kind = Task['kind'];
/** A setting by its name: what it changes in the budget of a model. */
type Settings = Readonly<Record<string, object>>;

const named = (values: object) => Object.entries(values).map(([name, value]) => `${name} ${value}`);
const settingsOf = (list: readonly object[]): Settings =>
  Object.fromEntries(list.map((values) => [named(values).join('\t'), values]));

/** Three rates and two strengths of what else a method has; four stops of each make 24. */
const trained = (name: string, strengths: readonly number[]): Settings =>
  settingsOf(strengths.flatMap((strength) => RATES.map((rate) => ({ [name]: strength, rate }))));

const similarities = [0.5, 1].flatMap((item) =>
  [0, 0.25, 0.5].flatMap((label) => [0, 1, 5, 20].map((shrink) => ({ item, label, shrink }))),
);

const settings: Readonly<Record<keyof BaselineBudgets, Settings>> = {
  'item co-occurrence': settingsOf(similarities),
  'bag of items': trained('decay', [0.0003, 0.003]),
  NeuFM: trained('dropout', [0, 0.5]),
  DeepFM: trained('dropout', [0, 0.5]),
  MTL: trained('lambda', [0.1, 1]),
};

/** The steps of a method that takes steps, and its stops. */
type LengthOf = (model: Baseline['model'], kind: Kind) => Pick<Budget, 'steps' | 'evaluations'>;

const lengthOf: LengthOf = (model, kind) => {
  const profile = model === 'MTL' ? 120 : 160;
  return { steps: kind === 'recommend' ? 320 : profile, evaluations: EVALUATIONS };
};

function presetWith(preset: Preset, { model }: Baseline, kind: Kind, values: object): Preset {
  const { baselines } = preset;
  const budget = { ...baselines[model][kind], ...values };
  return { ...preset, baselines: { ...baselines, [model]: { ...baselines[model], [kind]: budget } } };
}

/** Prints a line for each setting of an opponent and stop: the metric of each task of a kind, and their mean. */
export async function sweepBaseline(
  { tasks, preset, seeds, print }: Sweep,
  experiment: Baseline,
  kind: Kind,
  length: LengthOf,
): Promise<void> {
  const { model, id } = experiment;
  const ofKind = tasks.filter((task) => task.kind === kind);
  for (const [setting, values] of Object.entries(settings[model])) {
    const changes = model === 'item co-occurrence' ? values : { ...length(model, kind), ...values };
    const changed = presetWith(preset, experiment, kind, changes);
    const byTask = [];
    for (const task of ofKind) byTask.push(await opponentStops(task, experiment, { preset: changed, seeds }));
    for (const [i, { step }] of byTask[0].entries()) {
      const each = byTask.map((stops) => stops[i].value);
      const shown = ofKind.map((task, t) => `${task.name} ${each[t].toFixed(4)}`);
      print([id, kind, setting, `steps ${step}`, ...shown, `mean ${mean(each).toFixed(4)}`].join('\t'));
    }
  }
}

async function sweepBaselines(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in opponents));
  if (unknown !== undefined || names.length === 0) {
    const known = Object.keys(opponents).join(', ');
    throw new UserError(`sweepBaselines: expected some of ${known}, not "${unknown ?? ''}"`);
  }
  const sweep = onMovieLens(presets.default, SEEDS);
  for (const name of names)
    for (const kind of ['recommend', 'classify'] as const)
      await sweepBaseline(sweep, opponents[name as keyof typeof opponents], kind, lengthOf);
}

if (require.main === module) runStudy(sweepBaselines);
