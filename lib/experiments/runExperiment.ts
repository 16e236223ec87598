import type { Task } from '../datasets/tasks';
import type { TrunkWeights } from '../model/trunk';
import type { Weight } from '../tensorflow/weights';
import { metricsOf } from '../training/evaluate';
import { accountOf, accountOfCounts } from './account';
import { type Experiment, type FineTuning, methodOf } from './experiment';
import { compileFineTuning, finetune, startModel } from './finetune';
import { fingerprint, taskFingerprint } from './fingerprint';
import { mostFrequent } from './mostFrequent';
import { trunkShape } from './pretrain';
import type { Result } from './result';
import { type Key, outcomeRows, stored } from './store';
import { pretrainingKey, type Trunks } from './trunks';
import { finished, save, seedsOf, type Work, watch } from './work';

function experimentKey(work: Work, task: Task, experiment: Experiment, seed: number): Key {
  const { preset, code } = work;
  const { method: _, ...declared } = { method: '', ...experiment };
  const pretrained = experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained';
  const decides = {
    ...declared,
    ...(experiment.kind === 'fine-tuning'
      ? { shape: trunkShape(task.source, preset), grouping: preset.grouping, budget: preset[task.kind] }
      : {}),
    ...(pretrained ? { trunk: pretrainingKey(work, task.source, seed).hash } : {}),
    task: taskFingerprint(task),
    code,
  };
  return { task: task.name, experiment: experiment.name, hash: fingerprint(decides), seed };
}

/** One experiment on one task, all seeds, each from its document where there is one. */
export async function runExperiment(
  work: Work,
  task: Task,
  experiment: Experiment,
  trunks: Trunks,
): Promise<Result[]> {
  const results: Result[] = [];
  // Names decide no number, so they are not in the hash: a document shows those of today.
  const labels = { data: work.data, preset: work.preset.name, method: methodOf(experiment, task) };
  const compute =
    experiment.kind === 'fine-tuning'
      ? fineTuner(work, task, experiment, trunks)
      : { seed: async (seed: number) => countLabels(work, task, experiment, seed), dispose: () => {} };
  try {
    for (const seed of seedsOf(work)) {
      const known = stored(work.out, experimentKey(work, task, experiment, seed));
      results.push(known ? { ...known, ...labels } : await compute.seed(seed));
      finished(work, labelOf(task, experiment, seed));
    }
  } finally {
    compute.dispose();
  }
  return results;
}

function labelOf(task: Task, experiment: Experiment, seed: number): string {
  return `${task.name}, ${methodOf(experiment, task)}, seed ${seed}`;
}

function countLabels(work: Work, task: Task, experiment: Experiment, seed: number): Result {
  const start = performance.now();
  const { test, valid } = mostFrequent(task, seed);
  return save(work, experimentKey(work, task, experiment, seed), outcomeRows(task, test), {
    method: methodOf(experiment, task),
    trunk: 'none',
    metrics: { test: metricsOf(task, test), valid: metricsOf(task, valid) },
    parameters: accountOfCounts(task.labels.length),
    curve: [],
    stoppedAt: 0,
    seconds: (performance.now() - start) / 1000,
  });
}

function trunkOf({ start }: FineTuning, trunks: Trunks, seed: number): TrunkWeights<Weight> | undefined {
  return start === 'pre-trained' ? trunks.get(seed) : undefined;
}

/** Compiles once, at the first seed that has to be computed, and serves all seeds. */
function fineTuner(work: Work, task: Task, experiment: FineTuning, trunks: Trunks) {
  const { preset } = work;
  let program: ReturnType<typeof compileFineTuning> | undefined;
  const seed = async (seed: number): Promise<Result> => {
    const { steps } = preset[task.kind];
    const start = startModel(task, experiment, preset, seed, trunkOf(experiment, trunks, seed));
    program ??= compileFineTuning(task, experiment, preset, start);
    const watched = watch(work, labelOf(task, experiment, seed), steps);
    const { curve, test, valid } = await finetune(program, task, preset, seed, start, watched);
    return save(work, experimentKey(work, task, experiment, seed), outcomeRows(task, test), {
      method: experiment.method,
      trunk: 'causal',
      metrics: { test: metricsOf(task, test), valid: metricsOf(task, valid) },
      parameters: accountOf(start, experiment),
      curve,
      stoppedAt: steps,
      seconds: curve[curve.length - 1].seconds,
    });
  };
  return { seed, dispose: () => program?.dispose() };
}
