/**
 * The sweep behind the numbers of `default`: mean validation metrics on seeds that are never reported.
 *
 *     node --import tsx lib/experiments/sweep.ts pretraining|tasks
 *
 * It never looks at a test metric. One line is printed for each setting and number of steps.
 */
import { loadDataset } from '../datasets/dataset';
import type { Source } from '../datasets/source';
import { buildTasks, type Task } from '../datasets/tasks';
import type { CurvePoint } from '../training/fit';
import type { FineTuning } from './experiment';
import { compileFineTuning, finetune, startModel } from './finetune';
import { headlineMetric } from './headline';
import { type Preset, presets } from './presets';
import { compilePretraining, pretrain } from './pretrain';
import { rq1 } from './rq1';

const SEEDS = [101, 102, 103, 104];
const tasks = buildTasks(loadDataset('movielens-100k'));
const sources = [...new Set(tasks.map(({ source }) => source))];

/** Prints the mean over the curves of one metric at each of their points. */
function print(setting: string, metric: string, curves: readonly (readonly CurvePoint[])[]): void {
  for (const [i, { step }] of curves[0].entries()) {
    const mean = curves.reduce((sum, curve) => sum + curve[i].valid[metric], 0) / curves.length;
    console.log(`${setting}\tsteps ${step}\t${metric} ${mean.toFixed(4)}\t(${curves.length} seeds)`);
  }
}

async function pretrainAll(source: Source, preset: Preset) {
  const program = compilePretraining(source, preset, 'causal');
  const runs = [];
  for (const seed of SEEDS) runs.push(await pretrain(program, source, preset, 'causal', seed));
  program.dispose();
  return runs;
}

async function sweepPretraining(): Promise<void> {
  for (const channels of [32, 64]) {
    for (const rate of [0.001, 0.003]) {
      const causal = { batch: 32, rate, steps: 600, evaluations: 6 };
      const pretraining = { ...presets.default.pretraining, causal };
      const preset = { ...presets.default, channels, pretraining };
      for (const source of sources) {
        const runs = await pretrainAll(source, preset);
        print(
          `${source.name}\tk ${channels}\trate ${rate}`,
          'MRR@5',
          runs.map(({ curve }) => curve),
        );
      }
    }
  }
}

async function tuneAll(
  task: Task,
  experiment: FineTuning,
  preset: Preset,
  trunks: Awaited<ReturnType<typeof pretrainAll>>,
) {
  const curves = [];
  for (const [i, seed] of SEEDS.entries()) {
    const start = startModel(task, experiment, preset, seed, trunks[i].weights.trunk);
    const program = compileFineTuning(task, experiment, preset, start);
    curves.push((await finetune(program, task, experiment, preset, seed, start)).curve);
    program.dispose();
  }
  return curves;
}

async function sweepTasks(): Promise<void> {
  const methods = rq1.filter((e): e is FineTuning => e.kind === 'fine-tuning' && e.start === 'pre-trained');
  for (const source of sources) {
    const trunks = await pretrainAll(source, presets.default);
    for (const task of tasks.filter((t) => t.source === source)) {
      for (const experiment of methods) {
        for (const rate of [0.0003, 0.001, 0.003]) {
          const preset = { ...presets.default, [task.kind]: { batch: 64, rate, steps: 320, evaluations: 8 } };
          const curves = await tuneAll(task, experiment, preset, trunks);
          const metric = headlineMetric(task.name, curves[0][0].valid);
          print(`${task.name}\t${experiment.name}\trate ${rate}`, metric, curves);
        }
      }
    }
  }
}

const stages: Record<string, () => Promise<void>> = { pretraining: sweepPretraining, tasks: sweepTasks };
const stage = stages[process.argv[2]];
if (stage) void stage();
else console.error(`sweep: "${process.argv[2]}" is no stage: expected ${Object.keys(stages).join(' or ')}`);
