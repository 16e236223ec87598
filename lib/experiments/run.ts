import { requireNoLeak, requireNoTargetInSource } from '../datasets/leakage';
import type { Source } from '../datasets/source';
import { codeFingerprint } from './fingerprint';
import type { Result } from './result';
import { runExperiment } from './runExperiment';
import { pretrainSource, type Trunks } from './trunks';
import { type RunOptions, seedsOf, type Work } from './work';

export type Run = { readonly results: readonly Result[]; readonly pretraining: readonly Result[] };

/**
 * Every experiment on every task and seed, each from its document where there is one.
 * A trunk is pre-trained once for each source and seed and shared by all that start from it.
 * Throws a UserError that names the rows where the input gives an answer away.
 */
export async function run(options: RunOptions): Promise<Run> {
  const { tasks, experiments, seeds } = options;
  for (const task of tasks) for (const seed of seedsOf(options)) requireNoLeak(task, seed);
  const pretrains = experiments.some((e) => e.kind === 'fine-tuning' && e.start === 'pre-trained');
  const sources = pretrains ? [...new Set(tasks.map(({ source }) => source))] : [];
  const total = (sources.length + tasks.length * experiments.length) * seeds;
  const work: Work = { ...options, code: codeFingerprint(), count: { done: 0, total } };
  for (const source of sources)
    requireNoTargetInSource(
      source,
      tasks.filter((task) => task.source === source),
    );
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
