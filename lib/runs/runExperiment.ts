/** One experiment on one task: its documents, read or computed. */
import { withTraining } from '../datasets/tasks/split';
import type { Result } from '../documents/document';
import { type Key, outcomeRows, stored } from '../documents/store';
import { declarationOf as declarationOfOpponent } from '../recipes/opponents';
import { budgetOf, trunkShape } from '../recipes/settings';
import { metricsOf } from '../training/evaluate';
import { type Computing, computing, type Found } from './computing';
import type { Pair } from './pairs';
import { type Trunks, trunksIn } from './pretrainTrunks';
import { taskFingerprint } from './session/fingerprint';
import { aboutOf, finished, keyOf, type Session, type Subject, save, seedsOf } from './session/session';
import { declarationOfTrunk, trunkOf } from './trunks';

/** What documents of an experiment on a task are about. */
const subjectOf = ({ task: { name, metric }, experiment }: Pair): Subject => ({
  task: name,
  metric,
  method: experiment,
});

/** The task as an experiment learns it: with its share of the training instances. */
function learnt({ task, experiment }: Pair): Pair {
  const { training } = experiment;
  return { task: training === undefined ? task : withTraining(task, training), experiment };
}

/** What decides the numbers of an experiment, besides the task and its trunk. */
function decidingOf({ preset }: Pick<Session, 'preset'>, { task, experiment }: Pair) {
  if (experiment.kind === 'most frequent') return {};
  if (experiment.kind === 'baseline') return declarationOfOpponent(task, experiment, preset);
  const shape = trunkShape(task.source, preset, experiment.trunk);
  const { grouping, softmax, patience } = preset;
  return { shape, grouping, softmax, patience, budget: budgetOf(task.kind, experiment, preset) };
}

/** All that decides the numbers of an experiment on a task but the seed. */
function declarationOf(session: Pick<Session, 'preset' | 'code'>, pair: Pair) {
  const { id: _, label: __, ...declared } = pair.experiment;
  const trunk = trunkOf(session.preset, pair);
  return {
    ...declared,
    ...decidingOf(session, pair),
    ...(trunk ? { pretraining: declarationOfTrunk(session, trunk) } : {}),
    task: taskFingerprint(learnt(pair).task),
    code: session.code,
  };
}

/** The name of the document of an experiment on a task for a seed. */
export const keyOfPair = (session: Pick<Session, 'preset' | 'code'>, pair: Pair, seed: number): Key =>
  keyOf(subjectOf(pair), declarationOf(session, pair), seed);

/** Whether there is a document of an experiment on a task for a seed that was made from the trunk that is there, if any is. */
export function hasResult(session: Session, pair: Pair, seed: number): boolean {
  const trunk = trunkOf(session.preset, pair);
  return known(session, pair, seed, trunk && trunksIn(session, trunk)) !== undefined;
}

/** The document of an experiment on a task for a seed; nothing where it was made from another trunk than is there. */
function known(session: Session, pair: Pair, seed: number, trunks?: Trunks): Result | undefined {
  const document = stored(session.out, keyOfPair(session, pair, seed));
  const checksum = trunks?.checksum(seed);
  if (!document || checksum === undefined || document.startedFrom === checksum) return document;
  console.log(`${labelOf(pair, seed)}: made from another trunk than is there now, computed again`);
  return undefined;
}

const labelOf = ({ task, experiment }: Pair, seed: number) =>
  `${task.name}, ${experiment.label}, seed ${seed}`;

/** One experiment on one task, seed by seed, each from its document where there is one; what is compiled serves all seeds. */
export type ExperimentRun = {
  readonly seed: (seed: number) => Promise<Result>;
  readonly dispose: () => void;
};

export function experimentRun(session: Session, pair: Pair, trunks?: Trunks): ExperimentRun {
  let compute: Computing | undefined;
  const seed: ExperimentRun['seed'] = async (seed) => {
    session.signal?.throwIfAborted(); // what takes no step does not ask
    const label = labelOf(pair, seed);
    const key = keyOfPair(session, pair, seed);
    const found = known(session, pair, seed, trunks);
    if (!found) compute ??= computing(session, learnt(pair), trunks);
    const result = found
      ? { ...found, ...aboutOf(session, subjectOf(pair)) }
      : leave(session, pair, key, await (compute as Computing).seed(seed, key, label));
    finished(session, label);
    return result;
  };
  return { seed, dispose: () => compute?.dispose() };
}

/** One experiment on one task, all seeds. */
export async function runExperiment(session: Session, pair: Pair, trunks?: Trunks): Promise<Result[]> {
  const own = experimentRun(session, pair, trunks);
  const results: Result[] = [];
  try {
    for (const seed of seedsOf(session)) results.push(await own.seed(seed));
  } finally {
    own.dispose();
  }
  return results;
}

/** Writes the document of an experiment, its metrics worked out. */
function leave(session: Session, pair: Pair, key: Key, { test, valid, ...measured }: Found): Result {
  const { task } = pair;
  const metrics = { test: metricsOf(task, test), valid: metricsOf(task, valid) };
  return save(session, subjectOf(pair), key, { rows: outcomeRows(task, test), metrics, ...measured });
}
