import { requireNoLeak } from '../datasets/tasks/leakage';
import type { Result } from '../documents/document';
import type { Ran } from '../documents/ran';
import type { Planned } from '../methods/experiment';
import type { PretrainingSetting } from '../recipes/settings';
import { codeFingerprint } from './fingerprint';
import { pairsOf } from './pairs';
import { runExperiment } from './runExperiment';
import { type Progress, type RunOptions, type Session, seedsOf } from './session';
import { isSameTrunk, pretrainTrunks, type Trunks, trunkOf, trunksOf } from './trunks';

/**
 * Every planned experiment on its tasks and every seed, each from its document where there is one.
 * A trunk is pre-trained once for each source, direction, length of pre-training and seed and shared by all that start from it.
 * Throws a UserError that names the rows where the input gives an answer away.
 */
export async function run(options: RunOptions, planned: readonly Planned[]): Promise<Ran> {
  const pairs = pairsOf(options.tasks, planned);
  const seeds = seedsOf(options);
  for (const task of new Set(pairs.map((pair) => pair.task)))
    for (const seed of seeds) requireNoLeak(task, seed);
  const trunks = trunksOf(options.preset, pairs);
  const [trainings, tunings] = [trunks.length * seeds.length, pairs.length * seeds.length];
  const session: Session = {
    ...options,
    onProgress: timed(options.onProgress, trainings, tunings),
    code: codeFingerprint(),
    count: { done: 0, total: trainings + tunings },
  };
  const pretraining: Result[] = [];
  const made = new Map<PretrainingSetting, Trunks>();
  for (const trunk of trunks) {
    const { documents, weights } = await pretrainTrunks(session, trunk);
    pretraining.push(...documents);
    made.set(trunk, weights);
  }
  const results: Result[] = [];
  for (const pair of pairs) {
    const wanted = trunkOf(options.preset, pair);
    const own = trunks.find((trunk) => isSameTrunk(trunk, wanted));
    results.push(...(await runExperiment(session, pair, own && made.get(own))));
  }
  return { out: options.out, tasks: options.tasks, results, pretraining };
}

/** Fine-tunings that take about as long as one pre-training. */
const AS_LONG = 10;

/** Reports with the share of the time that is behind: pre-training comes first, and takes longer than what it is for. */
function timed(onProgress: RunOptions['onProgress'], trainings: number, tunings: number) {
  const all = AS_LONG * trainings + tunings;
  const behind = (done: number) => AS_LONG * Math.min(done, trainings) + Math.max(0, done - trainings);
  return (progress: Progress) => onProgress?.({ ...progress, share: behind(progress.done) / all });
}
