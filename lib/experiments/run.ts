import fs from 'node:fs';
import path from 'node:path';
import type { Source } from '../datasets/source';
import type { Task } from '../datasets/tasks';
import type { Metrics } from '../metrics/metrics';
import { reciprocalRank } from '../metrics/ranking';
import type { TrunkWeights } from '../model/trunk';
import type { Weight } from '../tensorflow/weights';
import { loadWeights, saveWeights, writeAtomically } from '../training/checkpoint';
import { metricsOf } from '../training/evaluate';
import { accountOf, accountOfCounts, accountOfPretraining } from './account';
import { environmentOf } from './environment';
import { type Experiment, type FineTuning, methodOf } from './experiment';
import { compileFineTuning, finetune, startModel } from './finetune';
import { codeFingerprint, fingerprint, sourceFingerprint, taskFingerprint } from './fingerprint';
import { mostFrequent } from './mostFrequent';
import type { Preset } from './presets';
import { compilePretraining, freshPretraining, type Pretrained, pretrain, type Watch } from './pretrain';
import type { Result } from './result';
import { type InstanceRow, type Key, outcomeRows, store, stored } from './store';

export type Progress = {
  readonly label: string;
  /** Experiments finished, the present one counted by its share of steps. */
  readonly done: number;
  readonly total: number;
};

export type RunOptions = {
  /** Name of the data set. */
  readonly data: string;
  readonly tasks: readonly Task[];
  readonly experiments: readonly Experiment[];
  readonly preset: Preset;
  /** Seeds 1 … n are run. */
  readonly seeds: number;
  readonly out: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Stops within one step; what was finished before stays. */
  readonly signal?: AbortSignal;
};

export type Run = { readonly results: readonly Result[]; readonly pretraining: readonly Result[] };

type Trunks = ReadonlyMap<number, TrunkWeights<Weight>>;
type Work = RunOptions & { readonly code: string; readonly count: { done: number; total: number } };

/**
 * Every experiment on every task and seed, each from its document where there is one.
 * A trunk is pre-trained once for each source and seed and shared by all that start from it.
 */
export async function run(options: RunOptions): Promise<Run> {
  const { tasks, experiments, seeds } = options;
  const pretrains = experiments.some((e) => e.kind === 'fine-tuning' && e.start === 'pre-trained');
  const sources = pretrains ? [...new Set(tasks.map(({ source }) => source))] : [];
  const total = (sources.length + tasks.length * experiments.length) * seeds;
  const work: Work = { ...options, code: codeFingerprint(), count: { done: 0, total } };
  const trunks = new Map<Source, Trunks>();
  const pretraining: Result[] = [];
  for (const source of sources) {
    const { documents, weights } = await pretrainSource(work, source);
    pretraining.push(...documents);
    trunks.set(source, weights);
  }
  const results: Result[] = [];
  for (const task of tasks) {
    for (const experiment of experiments) {
      const shared = trunks.get(task.source) ?? new Map();
      results.push(...(await runExperiment(work, task, experiment, shared)));
    }
  }
  return { results, pretraining };
}

const seedsOf = ({ seeds }: RunOptions) => Array.from({ length: seeds }, (_, i) => i + 1);

/** Reports steps of the experiment under way and hands the stop signal on. */
function watch({ onProgress, signal, count }: Work, label: string, steps: number): Watch {
  const onStep = (step: number) =>
    onProgress?.({ label, done: count.done + step / steps, total: count.total });
  return { onStep, signal };
}

function finished({ onProgress, count }: Work, label: string): void {
  count.done++;
  onProgress?.({ label, done: count.done, total: count.total });
}

// ------------------------------------------------------------------------------------ pre-training

function pretrainingKey({ preset, code }: Work, source: Source, seed: number): Key {
  const { channels, kernel, dilations, pretraining } = preset;
  const declared = { channels, kernel, dilations, pretraining, source: sourceFingerprint(source), code };
  return { task: source.name, experiment: 'pretrain-causal', hash: fingerprint(declared), seed };
}

async function pretrainSource(work: Work, source: Source) {
  const { out, preset } = work;
  const documents: Result[] = [];
  const weights = new Map<number, TrunkWeights<Weight>>();
  let program: ReturnType<typeof compilePretraining> | undefined;
  try {
    for (const seed of seedsOf(work)) {
      const key = pretrainingKey(work, source, seed);
      const label = `pre-training on the source of ${source.name}, seed ${seed}`;
      const file = path.join(out, 'models', `${key.task}-${key.experiment}-${key.hash}-s${seed}.safetensors`);
      let document = fs.existsSync(file) ? stored(out, key) : undefined;
      if (document) {
        weights.set(seed, loadWeights(file, freshPretraining(source, preset, seed).trunk));
      } else {
        program ??= compilePretraining(source, preset);
        const steps = preset.pretraining.steps;
        const pretrained = await pretrain(program, source, preset, seed, watch(work, label, steps));
        const { trunk } = pretrained.weights;
        weights.set(seed, trunk);
        saveTrunk(file, trunk, key, work);
        document = storePretraining(work, source, key, pretrained);
      }
      documents.push(document);
      finished(work, label);
    }
  } finally {
    program?.dispose();
  }
  return { documents, weights };
}

function saveTrunk(file: string, trunk: TrunkWeights<Weight>, key: Key, { data, preset }: Work): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  saveWeights(file, trunk);
  const { channels, kernel, dilations, pretraining } = preset;
  const card = { data, ...key, trunk: 'causal', channels, kernel, dilations, pretraining };
  writeAtomically(file.replace(/safetensors$/, 'json'), `${JSON.stringify(card, null, 1)}\n`);
}

function storePretraining(
  work: Work,
  source: Source,
  key: Key,
  { weights, curve, lastItems }: Pretrained,
): Result {
  const popularity = lastItems.map(({ popularityRank }) => popularityRank);
  const last = curve[curve.length - 1];
  const valid: Metrics = { ...last.valid, 'MRR@5/popularity': reciprocalRank(popularity, 5) };
  const rows = lastItems.map(({ user, rank, popularityRank }) => ({
    row: user,
    user_id: source.users[user],
    rank,
    popularity_rank: popularityRank,
  }));
  return save(work, key, rows, {
    method: 'pre-training',
    trunk: 'causal',
    metrics: { test: {}, valid },
    parameters: accountOfPretraining(weights),
    curve,
    stoppedAt: last.step,
    seconds: last.seconds,
  });
}

// ------------------------------------------------------------------------------------ tasks

function experimentKey(work: Work, task: Task, experiment: Experiment, seed: number): Key {
  const { preset, code } = work;
  const { channels, kernel, dilations } = preset;
  const { method: _, ...declared } = { method: '', ...experiment };
  const pretrained = experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained';
  const decides = {
    ...declared,
    ...(experiment.kind === 'fine-tuning' ? { channels, kernel, dilations, budget: preset[task.kind] } : {}),
    ...(pretrained ? { trunk: pretrainingKey(work, task.source, seed).hash } : {}),
    task: taskFingerprint(task),
    code,
  };
  return { task: task.name, experiment: experiment.name, hash: fingerprint(decides), seed };
}

async function runExperiment(
  work: Work,
  task: Task,
  experiment: Experiment,
  trunks: Trunks,
): Promise<Result[]> {
  const results: Result[] = [];
  const compute =
    experiment.kind === 'fine-tuning'
      ? fineTuner(work, task, experiment, trunks)
      : { seed: async (seed: number) => countLabels(work, task, experiment, seed), dispose: () => {} };
  try {
    for (const seed of seedsOf(work)) {
      const known = stored(work.out, experimentKey(work, task, experiment, seed));
      results.push(known ?? (await compute.seed(seed)));
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

type Measured = Omit<
  Result,
  'schema' | 'data' | 'task' | 'experiment' | 'preset' | 'seed' | 'environment' | 'instances'
>;

function save(
  { out, data, preset, code }: Work,
  key: Key,
  rows: readonly InstanceRow[],
  measured: Measured,
): Result {
  const { task, experiment, seed } = key;
  const about = { schema: 1 as const, data, task, experiment, preset: preset.name, seed };
  return store(out, key, { ...about, ...measured, environment: environmentOf(code) }, rows);
}
