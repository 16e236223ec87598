/**
 * The sweep behind the budgets of the opponents, by the rule of sweep.ts: mean validation metrics on MovieLens-100K,
 * on seeds that are never reported, and 24 settings for each method and kind of task.
 *
 *     node --import tsx lib/studies/sweepBaselines.ts ItemCooccurrence|BagOfItems|NeuFM|DeepFM|MTL …
 *
 * It never looks at a test metric. One line is printed for each setting: the mean over the tasks of a kind.
 */
import { mean } from 'simple-statistics';
import { loadDataset } from '../datasets/loading/dataset';
import { buildTasks, type Task } from '../datasets/tasks/tasks';
import { headlineMetric } from '../evidence/headline';
import type { BaselineBudgets, Budget } from '../methods/budgets';
import type { Baseline } from '../methods/experiment';
import { type Preset, presets } from '../methods/presets';
import { baselineRunner, opponents } from '../recipes/baselines';
import { metricsOf } from '../training/evaluate';

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

/** Steps of the last stop. */
const steps = (model: Baseline['model'], kind: Kind) => {
  if (kind === 'recommend') return 320;
  return model === 'MTL' ? 120 : 160;
};

function presetWith({ model }: Baseline, kind: Kind, values: object): Preset {
  const { baselines } = presets.default;
  const length: Partial<Budget> =
    model === 'item co-occurrence' ? {} : { steps: steps(model, kind), evaluations: EVALUATIONS };
  const budget = { ...baselines[model][kind], ...length, ...values };
  return {
    ...presets.default,
    baselines: { ...baselines, [model]: { ...baselines[model], [kind]: budget } },
  };
}

/** The headline metric at each stop, by the steps of the stop; a method without steps has one. */
async function stopsOf(task: Task, experiment: Baseline, preset: Preset): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  const { run, dispose } = baselineRunner(task, experiment, preset);
  for (const seed of SEEDS) {
    const { curve, valid } = await run(seed);
    const stops = curve.length > 0 ? curve : [{ step: 0, valid: metricsOf(task, valid) }];
    for (const stop of stops) {
      const value = stop.valid[headlineMetric(task.name, stop.valid)];
      found.set(stop.step, [...(found.get(stop.step) ?? []), value]);
    }
  }
  dispose();
  return found;
}

async function sweep(tasks: readonly Task[], experiment: Baseline, kind: Kind): Promise<void> {
  const ofKind = tasks.filter((task) => task.kind === kind);
  for (const [name, values] of Object.entries(settings[experiment.model])) {
    const preset = presetWith(experiment, kind, values);
    const byTask: Map<number, number[]>[] = [];
    for (const task of ofKind) byTask.push(await stopsOf(task, experiment, preset));
    for (const step of byTask[0].keys()) {
      const each = byTask.map((stops) => mean(stops.get(step) as number[]));
      const shown = ofKind.map((task, i) => `${task.name} ${each[i].toFixed(4)}`);
      console.log(
        [experiment.name, kind, name, `steps ${step}`, ...shown, `mean ${mean(each).toFixed(4)}`].join('\t'),
      );
    }
  }
}

async function sweepAll(names: readonly string[]): Promise<void> {
  const tasks = buildTasks(loadDataset('movielens-100k'));
  for (const name of names) {
    const experiment = opponents[name as keyof typeof opponents];
    for (const kind of ['recommend', 'classify'] as const) await sweep(tasks, experiment, kind);
  }
}

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in opponents));
if (unknown === undefined && names.length > 0) void sweepAll(names);
else
  console.error(
    `sweepBaselines: expected some of ${Object.keys(opponents).join(', ')}, not "${unknown ?? ''}"`,
  );
