import { requireNoLeak, requireNoTargetInSource } from '../datasets/leakage';
import type { Source } from '../datasets/source';
import type { Direction } from '../tensorflow/ops/convolution';
import type { Experiment } from './experiment';
import { codeFingerprint } from './fingerprint';
import type { Result } from './result';
import { runExperiment } from './runExperiment';
import { pretrainSource, type Trunks } from './trunks';
import { type RunOptions, seedsOf, type Work } from './work';

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
  const total =
    (sources.length * directions.length + tasks.length * experiments.length) * seedsOf(options).length;
  const work: Work = { ...options, code: codeFingerprint(), count: { done: 0, total } };
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

/** The directions of the trunks that have to be pre-trained. */
function pretrainedDirections(experiments: readonly Experiment[]): Direction[] {
  const chosen = experiments.flatMap((experiment) =>
    experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained' ? [experiment.trunk] : [],
  );
  return [...new Set(chosen)];
}
