/**
 * The sweep behind the numbers of `default`: mean validation metrics on seeds that are never reported.
 *
 *     node --import tsx lib/studies/sweep.ts pretraining|tasks|dropout|opponents causal|non-causal
 *
 * A fifth of a seed's training part joins its validation part, which alone is too small to choose by. The test part is
 * never looked at. One line is printed for each setting and number of steps.
 */
import { mean } from 'simple-statistics';
import { loadDataset } from '../datasets/loading/dataset';
import type { Source } from '../datasets/tasks/source';
import { splitInstances } from '../datasets/tasks/split';
import { buildTasks, type Task } from '../datasets/tasks/tasks';
import { headlineMetric } from '../evidence/headline';
import type { Pretraining } from '../methods/budgets';
import { extentOf, type FineTuning } from '../methods/experiment';
import { causal, nonCausal } from '../methods/family';
import { type Preset, presets } from '../methods/presets';
import { baselineRunner, opponents } from '../recipes/baselines';
import { compileFineTuning, finetune, startModel } from '../recipes/finetune';
import { compilePretraining, type Pretrained, pretrain } from '../recipes/pretrain';
import type { Direction } from '../tensorflow/ops/convolution';
import { metricsOf } from '../training/evaluate';
import type { CurvePoint } from '../training/fit';

const SEEDS = [101, 102];
const HELD_OUT = 0.2;
const families = { causal, 'non-causal': nonCausal };
const tasks = buildTasks(loadDataset('movielens-100k'));
const sources = [...new Set(tasks.map(({ source }) => source))];

/** The task of a seed with nothing to test on. */
function forSweep(task: Task, seed: number): Task {
  const { train, valid } = splitInstances(task, seed);
  const cut = Math.round(train.length * (1 - HELD_OUT));
  const split = { train: train.slice(0, cut), valid: [...train.slice(cut), ...valid], test: [] };
  return { ...task, given: { split, negatives: [] } };
}

/** Prints the mean over the curves of one metric at each of their points. */
function print(setting: string, metric: string, curves: readonly (readonly CurvePoint[])[]): void {
  for (const [i, { step }] of curves[0].entries()) {
    const value = mean(curves.map((curve) => curve[i].valid[metric]));
    console.log(`${setting}\tsteps ${step}\t${metric} ${value.toFixed(4)}`);
  }
}

async function pretrainAll(source: Source, preset: Preset, direction: Direction) {
  const program = compilePretraining(source, preset, direction);
  const runs = [];
  for (const seed of SEEDS) runs.push(await pretrain(program, source, preset, direction, seed));
  program.dispose();
  return runs;
}

async function tuneAll(task: Task, experiment: FineTuning, preset: Preset, trunks: readonly Pretrained[]) {
  const curves = [];
  for (const [i, seed] of SEEDS.entries()) {
    const swept = forSweep(task, seed);
    const start = startModel(swept, experiment, preset, seed, trunks[i].weights.trunk);
    const program = compileFineTuning(swept, experiment, preset, start);
    curves.push((await finetune(program, swept, experiment, preset, seed, start)).curve);
    program.dispose();
  }
  return curves;
}

async function printTuning(
  setting: string,
  task: Task,
  experiment: FineTuning,
  preset: Preset,
  trunks: readonly Pretrained[],
) {
  const curves = await tuneAll(task, experiment, preset, trunks);
  print(
    `${setting}\t${task.name}\t${experiment.name}`,
    headlineMetric(task.name, curves[0][0].valid),
    curves,
  );
}

const plain = { windows: 'latest', shuffled: 0, dropout: 0 } as const;
const anywhere = { ...plain, windows: 'anywhere' } as const;
/** What is against overfitting, by name, and how long. */
const pretrainings: Readonly<Record<string, Partial<Pretraining>>> = {
  'latest windows': { ...plain, steps: 200 },
  'latest windows, four times the steps': plain,
  'windows anywhere': anywhere,
  'windows anywhere, dropout 0.2': { ...anywhere, dropout: 0.2 },
  'windows anywhere, half shuffled': { ...anywhere, shuffled: 0.5 },
  'windows anywhere, half shuffled, dropout 0.2': { ...anywhere, shuffled: 0.5, dropout: 0.2 },
  'windows anywhere, all shuffled, dropout 0.2': { ...anywhere, shuffled: 1, dropout: 0.2 },
};

/** Each way of pre-training by the last items of held-out users, and by what PeterRec makes of it for recommendation. */
async function sweepPretraining(direction: Direction): Promise<void> {
  for (const [name, changes] of Object.entries(pretrainings)) {
    const budget = { ...presets.default.pretraining[direction], evaluations: 1, ...changes };
    const pretraining = { ...presets.default.pretraining, [direction]: budget };
    const preset = { ...presets.default, pretraining };
    for (const source of sources) {
      const trunks = await pretrainAll(source, preset, direction);
      const curves = trunks.map(({ curve }) => curve);
      print(`${name}\t${source.name}\tpre-training`, 'MRR@5', curves);
      for (const task of tasks.filter((t) => t.source === source && t.kind === 'recommend'))
        await printTuning(name, task, families[direction].PeterRec, preset, trunks);
    }
  }
}

const lengths = { recommend: { batch: 512, steps: 320 }, classify: { batch: 256, steps: 160 } };
const rates = { everything: [0.0003, 0.001, 0.003], part: [0.001, 0.003, 0.01] };

/** Pre-trains each source once and sweeps its tasks on these trunks. */
async function onEveryTask(
  direction: Direction,
  sweep: (task: Task, trunks: readonly Pretrained[]) => Promise<void>,
): Promise<void> {
  for (const source of sources) {
    const trunks = await pretrainAll(source, presets.default, direction);
    for (const task of tasks.filter((t) => t.source === source)) await sweep(task, trunks);
  }
}

/** Three rates and eight stops for methods that tune everything, and as many for those that tune a part. */
function sweepTasks(direction: Direction): Promise<void> {
  const { PeterRec, FineCLS, FineAll } = families[direction];
  return onEveryTask(direction, async (task, trunks) => {
    for (const experiment of [PeterRec, FineCLS, FineAll]) {
      for (const rate of rates[extentOf(experiment)]) {
        const changes = { ...lengths[task.kind], rates: { everything: rate, part: rate }, evaluations: 8 };
        const preset = { ...presets.default, [task.kind]: { ...presets.default[task.kind], ...changes } };
        await printTuning(`rate ${rate}`, task, experiment, preset, trunks);
      }
    }
  });
}

/** The user vector with and without dropout, by both losses that a task can have, at the rates of `default`. */
function sweepDropout(direction: Direction): Promise<void> {
  const { PeterRec, FineCLS, FineAll } = families[direction];
  return onEveryTask(direction, async (task, trunks) => {
    const losses = task.kind === 'recommend' ? (['paper', 'cross-entropy'] as const) : (['paper'] as const);
    const experiments = [PeterRec, FineCLS, FineAll].flatMap((method) =>
      losses.map((loss) => ({ ...method, loss })),
    );
    for (const experiment of experiments) {
      for (const dropout of [0, 0.2, 0.5]) {
        const changes = { ...lengths[task.kind], evaluations: 8, dropout };
        const preset = { ...presets.default, [task.kind]: { ...presets.default[task.kind], ...changes } };
        await printTuning(`dropout ${dropout}, ${experiment.loss}`, task, experiment, preset, trunks);
      }
    }
  });
}

/** What the opponents reach on the same parts at the budgets of `default`, and PeterRec is to be judged against. */
async function sweepOpponents(): Promise<void> {
  for (const task of tasks) {
    for (const opponent of Object.values(opponents)) {
      const values: number[] = [];
      for (const seed of SEEDS) {
        const swept = forSweep(task, seed);
        const { run, dispose } = baselineRunner(swept, opponent, presets.default);
        const valid = metricsOf(swept, (await run(seed)).valid);
        values.push(valid[headlineMetric(task.name, valid)]);
        dispose();
      }
      console.log(`${task.name}\t${opponent.name}\t${mean(values).toFixed(4)}`);
    }
  }
}

const stages: Record<string, (direction: Direction) => Promise<void>> = {
  pretraining: sweepPretraining,
  tasks: sweepTasks,
  dropout: sweepDropout,
  opponents: sweepOpponents,
};
const [stage, direction] = process.argv.slice(2);
if (stage in stages && direction in families) void stages[stage](direction as Direction);
else console.error('sweep: expected pretraining, tasks, dropout or opponents, then causal or non-causal');
