/** One experiment on one task: its documents, read or computed. */
import { withTraining } from '../../datasets/tasks/split';
import type { Task } from '../../datasets/tasks/tasks';
import { methodOf, type Result } from '../../documents/document';
import { type Key, outcomeRows, stored } from '../../documents/store';
import type { Experiment } from '../../methods/experiment';
import { declarationOf as declarationOfOpponent } from '../../recipes/opponents';
import { budgetOf, declaredPrecision, trunkShape } from '../../recipes/settings';
import { metricsOf } from '../../training/evaluate';
import { fingerprint, taskFingerprint } from '../session/fingerprint';
import { aboutOf, keyOf, type Session, type Subject, save } from '../session/session';
import { type Found, finding } from './finding';
import type { Job } from './job';
import type { Pair } from './pairs';
import { trunksIn } from './trunkJob';
import { declarationOfTrunk, keyOfTrunk, trunkOf } from './trunks';
import { workloadOfPair } from './workload';

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
  const budget = budgetOf(task.kind, experiment, preset);
  return { shape, grouping, softmax, patience, budget, ...declaredPrecision(preset) };
}

type Today = Pick<Session, 'preset' | 'code'>;

/** What decides the numbers of an experiment on a task besides its choices and the seed. */
function circumstancesOf(today: Today, pair: Pair) {
  const trunk = trunkOf(today.preset, pair);
  return {
    ...decidingOf(today, pair),
    ...(trunk ? { pretraining: declarationOfTrunk(today, trunk) } : {}),
    task: taskFingerprint(learnt(pair).task),
    code: today.code,
  };
}

/** All that decides the numbers of an experiment on a task but the seed. */
function declarationOf(today: Today, pair: Pair) {
  const { id: _, label: __, ...declared } = pair.experiment;
  return { ...declared, ...circumstancesOf(today, pair) };
}

/** Whether a document of an experiment was computed as it would be today: with these budgets, on the task as it is, by this code. */
export function isOfToday(today: Today, task: Task, document: Result): boolean {
  const { declaration, training } = document;
  const experiment = { ...declaration, ...methodOf(document) } as unknown as Experiment;
  const pair = { task, experiment: { ...experiment, training: training === 1 ? undefined : training } };
  const circumstances = circumstancesOf(today, pair as Pair);
  const then = Object.fromEntries(Object.keys(circumstances).map((key) => [key, declaration[key]]));
  return fingerprint(then) === fingerprint(circumstances);
}

/** The name of the document of an experiment on a task for a seed. */
export const keyOfPair = (today: Today, pair: Pair, seed: number): Key =>
  keyOf(subjectOf(pair), declarationOf(today, pair), seed);

/** One experiment on one task, all seeds. */
export function experimentJob(session: Session, pair: Pair): Job {
  const labelOf = (seed: number) => `${pair.task.name}, ${pair.experiment.label}, seed ${seed}`;
  const key = keyOfPair(session, pair, 0); // a seed changes nothing else of it
  const keyOf = (seed: number) => ({ ...key, seed });
  const trunk = trunkOf(session.preset, pair);
  const trunks = trunk && trunksIn(session, trunk);
  const told = new Set<number>();
  return {
    of: 'experiment',
    length: pair.task.source.length,
    workload: workloadOfPair(session.preset, learnt(pair)),
    labelOf,
    keyOf,
    documentOf: (seed) => {
      const document = stored(session.out, keyOf(seed));
      const checksum = trunks?.checksum(seed);
      if (!document || checksum === undefined || document.startedFrom === checksum)
        return document && { ...document, ...aboutOf(session, subjectOf(pair)) };
      if (!told.has(seed))
        console.log(`${labelOf(seed)}: made from another trunk than is there now, computed again`);
      told.add(seed);
      return undefined;
    },
    trunkOf: (seed) => trunk && keyOfTrunk(session, trunk, seed),
    begin: (own) => {
      const { seed: find, dispose } = finding(own, learnt(pair), trunks);
      const seed = async (seed: number) =>
        leave(own, pair, keyOf(seed), await find(seed, keyOf(seed), labelOf(seed)));
      return { seed, dispose };
    },
  };
}

/** Writes the document of an experiment, its metrics worked out. */
function leave(session: Session, pair: Pair, key: Key, { test, valid, ...measured }: Found): void {
  const { task } = pair;
  const metrics = { test: metricsOf(task, test), valid: metricsOf(task, valid) };
  save(session, subjectOf(pair), key, { rows: outcomeRows(task, test), metrics, ...measured });
}
