import { requireNoLeak, requireNoTargetInSource } from '../datasets/tasks/leakage';
import type { Source } from '../datasets/tasks/source';
import type { Result } from '../documents/document';
import type { Experiment } from '../methods/experiment';
import type { Direction } from '../tensorflow/ops/convolution';
import { codeFingerprint } from './fingerprint';
import { runExperiment } from './runExperiment';
import { pretrainSource, type Trunks } from './trunks';
import { type Progress, type RunOptions, seedsOf, type Work } from './work';

export type Run = { readonly results: readonly Result[]; readonly pretraining: readonly Result[] };

/**
 * Every experiment on every task and seed, each from its document where there is one.
 * A trunk is pre-trained once for each source, direction and seed and shared by all that start from it.
 * Throws a UserError that names the rows where the input gives an answer away.
 */
export async function run(options: RunOptions): Promise<Run> {
  const { tasks, experiments } = options;
  for (const task of tasks) for (const seed of seedsOf(options)) requireNoLeak(task, seed);
  const directions = pretrainedDirections(experiments);
  const sources = directions.length > 0 ? [...new Set(tasks.map(({ source }) => source))] : [];
  const seeds = seedsOf(options).length;
  const [trainings, tunings] = [
    sources.length * directions.length * seeds,
    tasks.length * experiments.length * seeds,
  ];
  const work: Work = {
    ...options,
    onProgress: timed(options.onProgress, trainings, tunings),
    code: codeFingerprint(),
    count: { done: 0, total: trainings + tunings },
  };
  for (const source of sources)
    requireNoTargetInSource(
      source,
      tasks.filter((task) => task.source === source),
    );
  const trunks = new Map<Source, Map<Direction, Trunks>>();
  const pretraining: Result[] = [];
  for (const source of sources) {
    trunks.set(source, new Map());
    for (const direction of directions) {
      const { documents, weights } = await pretrainSource(work, source, direction);
      pretraining.push(...documents);
      trunks.get(source)?.set(direction, weights);
    }
  }
  const results: Result[] = [];
  for (const task of tasks) {
    for (const experiment of experiments) {
      const direction = experiment.kind === 'fine-tuning' ? experiment.trunk : 'causal';
      const shared = trunks.get(task.source)?.get(direction) ?? new Map();
      results.push(...(await runExperiment(work, task, experiment, shared)));
    }
  }
  return { results, pretraining };
}

/** Fine-tunings that take about as long as one pre-training. */
const AS_LONG = 10;

/** Reports with the share of the time that is behind: pre-training comes first, and takes longer than what it is for. */
function timed(onProgress: RunOptions['onProgress'], trainings: number, tunings: number) {
  const all = AS_LONG * trainings + tunings;
  const behind = (done: number) => AS_LONG * Math.min(done, trainings) + Math.max(0, done - trainings);
  return (progress: Progress) => onProgress?.({ ...progress, share: behind(progress.done) / all });
}

/** The directions of the trunks that have to be pre-trained. */
function pretrainedDirections(experiments: readonly Experiment[]): Direction[] {
  const chosen = experiments.flatMap((experiment) =>
    experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained' ? [experiment.trunk] : [],
  );
  return [...new Set(chosen)];
}
