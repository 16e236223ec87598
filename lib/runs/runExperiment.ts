import { withTraining } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import type { Result } from '../documents/document';
import { type Key, modelFile, outcomeRows, stored } from '../documents/store';
import {
  type Baseline,
  type Experiment,
  extentOf,
  type FineTuning,
  methodOf,
  selections,
} from '../methods/experiment';
import type { TrunkWeights } from '../model/trunk';
import type { UserModelWeights } from '../model/userModel';
import { savePatches, trunkHash } from '../modelFiles/patchFile';
import { baselineRunner, declarationOf } from '../recipes/baselines';
import { compileFineTuning, finetune, insertionOf, startModel } from '../recipes/finetune';
import { mostFrequent } from '../recipes/mostFrequent';
import { trunkShape } from '../recipes/trunkShape';
import type { Weight } from '../tensorflow/weights';
import { metricsOf } from '../training/evaluate';
import { accountOf, accountOfBaseline, accountOfCounts, fineAllWeights } from './account';
import { fingerprint, taskFingerprint } from './fingerprint';
import { pretrainingKey, type Trunks } from './trunks';
import { finished, save, seedsOf, type Work, watch } from './work';

function experimentKey(work: Work, task: Task, experiment: Experiment, seed: number): Key {
  const { preset, code } = work;
  const { method: _, ...declared } = { method: '', ...experiment };
  const pretrained = experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained';
  const decides = {
    ...declared,
    ...(experiment.kind === 'fine-tuning'
      ? {
          shape: trunkShape(task.source, preset, experiment.trunk),
          grouping: preset.grouping,
          budget: preset[task.kind],
        }
      : {}),
    ...(experiment.kind === 'baseline' ? declarationOf(task, experiment, preset) : {}),
    ...(pretrained ? { pretraining: pretrainingKey(work, task.source, experiment.trunk, seed).hash } : {}),
    task: taskFingerprint(task),
    code,
  };
  return { task: task.name, experiment: experiment.name, hash: fingerprint(decides), seed };
}

/** One experiment on one task, all seeds, each from its document where there is one. */
export async function runExperiment(
  work: Work,
  whole: Task,
  experiment: Experiment,
  trunks: Trunks,
): Promise<Result[]> {
  const task = experiment.training === undefined ? whole : withTraining(whole, experiment.training);
  const results: Result[] = [];
  // Names decide no number, so they are not in the hash: a document shows those of today.
  const labels = { data: work.data, preset: work.preset.name, method: methodOf(experiment, task) };
  const compute = computing(work, task, experiment, trunks);
  try {
    for (const seed of seedsOf(work)) {
      work.signal?.throwIfAborted(); // what takes no step does not ask
      const known = stored(work.out, experimentKey(work, task, experiment, seed));
      results.push(known ? { ...known, ...labels } : await compute.seed(seed));
      finished(work, labelOf(task, experiment, seed));
    }
  } finally {
    compute.dispose();
  }
  return results;
}

function computing(work: Work, task: Task, experiment: Experiment, trunks: Trunks) {
  if (experiment.kind === 'fine-tuning') return fineTuner(work, task, experiment, trunks);
  if (experiment.kind === 'baseline') return opponent(work, task, experiment);
  return { seed: async (seed: number) => countLabels(work, task, experiment, seed), dispose: () => {} };
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

function opponent(work: Work, task: Task, experiment: Baseline) {
  const { preset } = work;
  const { steps, run, dispose } = baselineRunner(task, experiment, preset);
  const fineAll = fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length);
  const seed = async (seed: number): Promise<Result> => {
    const start = performance.now();
    const ran = await run(seed, watch(work, labelOf(task, experiment, seed), Math.max(1, steps)));
    const { curve, test, valid } = ran;
    return save(work, experimentKey(work, task, experiment, seed), outcomeRows(task, test), {
      method: experiment.method,
      trunk: experiment.model === 'MTL' ? 'causal' : 'none',
      metrics: { test: metricsOf(task, test), valid: metricsOf(task, valid) },
      parameters: accountOfBaseline(ran, fineAll),
      curve,
      stoppedAt: steps,
      seconds: curve[curve.length - 1]?.seconds ?? (performance.now() - start) / 1000,
    });
  };
  return { seed, dispose };
}

function trunkOf({ start }: FineTuning, trunks: Trunks, seed: number): TrunkWeights<Weight> | undefined {
  return start === 'pre-trained' ? trunks.get(seed) : undefined;
}

/** Leaves what a task adds to its trunk beside the trunks; where everything was tuned, that would be a whole model. */
function keepPatches(
  { out, data, preset }: Work,
  { labels, kind }: Task,
  experiment: FineTuning,
  key: Key,
  start: UserModelWeights<Weight>,
  model: UserModelWeights<Weight>,
): void {
  const { trunk, representation, tcl, tuned, method } = experiment;
  if (extentOf(experiment) === 'everything') return;
  const insertion = insertionOf(experiment, preset) ?? null;
  const shown = { kind, labels, trunk, trunkHash: trunkHash(start.trunk), representation, tcl, insertion };
  const card = { task: key.task, ...shown };
  savePatches(modelFile(out, key), model, selections[tuned]<Weight>(model), card, { data, ...key, method });
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
    const { weights, curve, test, valid } = await finetune(
      program,
      task,
      experiment,
      preset,
      seed,
      start,
      watched,
    );
    const key = experimentKey(work, task, experiment, seed);
    keepPatches(work, task, experiment, key, start, weights);
    return save(work, key, outcomeRows(task, test), {
      method: experiment.method,
      trunk: experiment.trunk,
      metrics: { test: metricsOf(task, test), valid: metricsOf(task, valid) },
      parameters: accountOf(start, experiment),
      curve,
      stoppedAt: steps,
      seconds: curve[curve.length - 1].seconds,
    });
  };
  return { seed, dispose: () => program?.dispose() };
}
