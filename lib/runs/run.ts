import { requireNoLeak } from '../datasets/tasks/leakage';
import type { Result } from '../documents/document';
import type { Ran } from '../documents/ran';
import { removeLeftovers } from '../files/whole';
import type { Planned } from '../methods/experiment';
import type { PretrainingSetting } from '../recipes/settings';
import { type Pair, pairsOf } from './pairs';
import { pretrainTrunks, type Trunks } from './pretrainTrunks';
import { runExperiment } from './runExperiment';
import { codeFingerprint } from './session/fingerprint';
import { type Progress, type RunOptions, type Session, seedsOf } from './session/session';
import { isSameTrunk, trunkOf, trunksOf } from './trunks';

/** What planned experiments come to. */
export type Plan = {
  readonly session: Session;
  readonly planned: readonly Planned[];
  /** Each once. */
  readonly trunks: readonly PretrainingSetting[];
  readonly pairs: readonly Pair[];
};

/** Leaves documents of what is planned before the run reads or computes them. */
export type Beside = (plan: Plan) => Promise<void>;

/** Throws a UserError for a plan that is none. */
export function planOf(options: RunOptions, planned: readonly Planned[]): Plan {
  const pairs = pairsOf(options.tasks, planned);
  const trunks = trunksOf(options.preset, pairs);
  const seeds = seedsOf(options).length;
  const [trainings, tunings] = [trunks.length * seeds, pairs.length * seeds];
  const session: Session = {
    ...options,
    onProgress: timed(options.onProgress, trainings, tunings),
    code: options.code ?? codeFingerprint(),
    count: { done: 0, total: trainings + tunings },
  };
  return { session, planned, trunks, pairs };
}

/**
 * Every planned experiment on its tasks and every seed, each from its document where there is one.
 * A trunk is pre-trained once for each source, direction, length of pre-training and seed and shared by all that start from it.
 * Throws a UserError that names the rows where the input gives an answer away.
 */
export async function run(
  options: RunOptions,
  planned: readonly Planned[],
  beside: Beside = async () => undefined,
): Promise<Ran> {
  const plan = planOf(options, planned);
  const { session, trunks, pairs } = plan;
  for (const task of new Set(pairs.map((pair) => pair.task)))
    for (const seed of seedsOf(options)) requireNoLeak(task, seed);
  removeLeftovers(options.out);
  await beside(plan);
  const { pretraining, trunksFor } = await pretrainAll(session, trunks);
  const results: Result[] = [];
  for (const pair of pairs)
    results.push(...(await runExperiment(session, pair, trunksFor(trunkOf(options.preset, pair)))));
  return { out: options.out, tasks: options.tasks, results, pretraining };
}

/** Trains or reads each trunk, and tells which of them are those of a setting. */
async function pretrainAll(session: Session, trunks: readonly PretrainingSetting[]) {
  const made: { readonly trunk: PretrainingSetting; readonly own: Trunks }[] = [];
  const pretraining: Result[] = [];
  for (const trunk of trunks) {
    const { documents, trunks: own } = await pretrainTrunks(session, trunk);
    pretraining.push(...documents);
    made.push({ trunk, own });
  }
  const trunksFor = (wanted: PretrainingSetting | undefined) =>
    made.find(({ trunk }) => isSameTrunk(trunk, wanted))?.own;
  return { pretraining, trunksFor };
}

/** Fine-tunings that take about as long as one pre-training. */
const AS_LONG = 10;

/**
 * Reports with the share of the time that is behind: pre-training comes first, and takes longer than what it is for. What was
 * reported once is not reported again when it is read.
 */
function timed(onProgress: RunOptions['onProgress'], trainings: number, tunings: number) {
  const all = AS_LONG * trainings + tunings;
  const behind = (done: number) => AS_LONG * Math.min(done, trainings) + Math.max(0, done - trainings);
  let furthest = 0;
  return (progress: Progress) => {
    if (progress.done < furthest) return;
    furthest = progress.done;
    onProgress?.({ ...progress, share: behind(progress.done) / all });
  };
}
