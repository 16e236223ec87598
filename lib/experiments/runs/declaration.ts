/** What decides the numbers of a document: choices, budgets, data and code. Its hash names the document. */
import { createHash } from 'node:crypto';
import { DIGITS, fingerprint } from '../../base/fingerprint';
import { headlineOf } from '../../data/paper/tasks';
import type { Source } from '../../data/tasks/source';
import { withTraining } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import { isCausal, type TrunkName } from '../../model/trunks/names';
import { documentsOf, type Key, methodOf, type Result } from '../documents/document';
import type { Ran } from '../documents/ran';
import type { Experiment } from '../methods/experiment';
import { identityOf, type Method } from '../methods/identity';
import type { Preset } from '../methods/presets';
import { declarationOf as declarationOfOpponent } from '../recipes/opponents';
import { PRETRAINING_METRIC } from '../recipes/pretrain';
import {
  budgetOf,
  declaredPrecision,
  type PretrainingSetting,
  pretrainingOf,
  trunkShape,
} from '../recipes/settings';
import { type Codes, codeOf } from './codes';

/** An experiment on a task. */
export type Pair = {
  readonly task: Task;
  readonly experiment: Experiment;
  /** Whose patches the experiment fuses. */
  readonly fused?: readonly Pair[];
};

/** Computes once per value: a source holds the sequences of all users. */
function once<T extends object>(digitsOf: (value: T) => string): (value: T) => string {
  const known = new WeakMap<T, string>();
  return (value) => {
    const digits = known.get(value) ?? digitsOf(value);
    known.set(value, digits);
    return digits;
  };
}

/** Includes the name, by which the random streams of a source are drawn. */
export const sourceFingerprint = once((source: Source): string => {
  const { name, items, users, sequences, preceding, length, before } = source;
  const hash = createHash('sha256').update(JSON.stringify([name, items, users, length]));
  for (const part of [...sequences, ...preceding]) hash.update(part).update('/');
  if (before) hash.update(sourceFingerprint(before));
  return hash.digest('hex').slice(0, DIGITS);
});

/** Includes a metric other than the usual one, since it chooses the state that is kept. */
export const taskFingerprint = once(({ source, dropped: _, metric, ...task }: Task) => {
  const own = metric === headlineOf(task.name, task.kind) ? {} : { metric };
  return fingerprint({ ...task, ...own, source: sourceFingerprint(source) });
});

/** What documents are about; all seeds share it. Labels decide no number: a document shows those of today. */
export type Subject = { readonly task: string; readonly metric: string; readonly method: Method };

/** What decides numbers as it is today. */
type Today = { readonly preset: Preset; readonly codes: Codes };

const keyOf = ({ task, method }: Subject, declaration: Key['declaration'], seed: number): Key => ({
  ...{ task, experiment: method.id, hash: fingerprint(declaration), seed, declaration },
});

/** The id of pre-training in documents. */
const PRETRAIN = 'pretrain';

/** Whether a document is one of pre-training. */
export const isTrunk = ({ experiment }: { readonly experiment: string }): boolean => experiment === PRETRAIN;

/** How the trunk of an experiment is pre-trained, if it starts from one. */
export const trunkOf = (preset: Preset, { task, experiment }: Pair): PretrainingSetting | undefined =>
  experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained'
    ? pretrainingOf(task.source, preset, experiment.trunk, experiment.pretraining)
    : undefined;

export const subjectOfTrunk = ({ source, shape, share }: PretrainingSetting): Subject => ({
  task: source.name,
  metric: PRETRAINING_METRIC,
  method: { id: PRETRAIN, label: 'pre-training', trunk: shape.trunk, pretraining: share },
});

/** All that decides a trunk but its seed. */
const declarationOfTrunk = (
  { codes }: Pick<Today, 'codes'>,
  { source, shape, share, budget, steps, evaluations, masking, candidates, precision }: PretrainingSetting,
) => ({
  trunk: shape,
  pretraining: { ...budget, steps, evaluations },
  ...(share === 1 ? {} : { users: share }),
  ...(isCausal(shape) ? {} : { masking }),
  candidates: candidates ?? 'all',
  ...declaredPrecision({ precision }),
  source: sourceFingerprint(source),
  code: codeOf(shape.trunk, codes),
});

/** Names the document of a trunk and seed, and its weights. */
export const keyOfTrunk = (today: Pick<Today, 'codes'>, trunk: PretrainingSetting, seed: number): Key =>
  keyOf(subjectOfTrunk(trunk), declarationOfTrunk(today, trunk), seed);

export const subjectOf = ({ task: { name, metric }, experiment }: Pair): Subject => ({
  task: name,
  metric,
  method: experiment,
});

/** The task with the experiment's share of its training instances. */
export function learnt({ task, ...pair }: Pair): Pair {
  const { training } = pair.experiment;
  return { task: training === undefined ? task : withTraining(task, training), ...pair };
}

/** The preset's part in an experiment's numbers. */
function budgetsOf({ preset }: Pick<Today, 'preset'>, { task, experiment }: Pair) {
  if (experiment.kind === 'most frequent') return {};
  if (experiment.kind === 'baseline') return declarationOfOpponent(task, experiment, preset);
  const shape = trunkShape(task.source, preset, experiment.trunk);
  const { softmax, patience } = preset;
  const budget = budgetOf(task.kind, experiment, preset);
  return { shape, softmax, patience, budget, ...declaredPrecision(preset) };
}

/** All that decides the numbers of an experiment on a task besides its choices and the seed. */
function circumstancesOf(today: Today, pair: Pair) {
  const trunk = trunkOf(today.preset, pair);
  return {
    ...budgetsOf(today, pair),
    ...(trunk ? { pretraining: declarationOfTrunk(today, trunk) } : {}),
    task: taskFingerprint(learnt(pair).task),
    ...(pair.fused ? { others: pair.fused.map((other) => keyOfPair(today, other, 0).hash) } : {}),
    code: codeOf(pair.experiment, today.codes),
  };
}

/** Names the document of an experiment on a task for a seed. */
export function keyOfPair(today: Today, pair: Pair, seed: number): Key {
  const { id: _, label: __, ...declared } = pair.experiment;
  return keyOf(subjectOf(pair), { ...declared, ...circumstancesOf(today, pair) }, seed);
}

/** The experiment that a document declares. */
function experimentIn(document: Result): Experiment {
  const { training } = document;
  const declared = { ...document.declaration, ...methodOf(document) } as unknown as Experiment;
  return { ...declared, training: training === 1 ? undefined : training } as Experiment;
}

/** Whether a document was computed with today's budgets, task and code. */
function isOfToday(today: Today, task: Task, document: Result): boolean {
  const { declaration } = document;
  if (declaration.others !== undefined) return false; // which patches it fused, its plan alone knows
  const circumstances = circumstancesOf(today, { task, experiment: experimentIn(document) });
  const then = Object.fromEntries(Object.keys(circumstances).map((key) => [key, declaration[key]]));
  return fingerprint(then) === fingerprint(circumstances);
}

/** The documents in OUT that today's code has computed. */
export function ofToday(out: string): Result[] {
  const codes = {};
  return documentsOf(out).filter(
    (document) =>
      document.environment.source ===
      codeOf(isTrunk(document) ? (document.trunk as TrunkName) : experimentIn(document), codes),
  );
}

/**
 * What ran, after the wanted documents in OUT of other methods that compare with it: on the same tasks and seeds, with today's
 * code, budgets and precision. Of two documents of one method the newer counts; a method that lacks a seed is left out.
 */
export function withComparable(ran: Ran, isWanted: (document: Result) => boolean): Ran {
  const { out, results, preset, tasks } = ran;
  const same = (['data', 'task', 'preset', 'seed'] as const).map(
    (key) => [key, new Set(results.map((result) => result[key]))] as const,
  );
  const precisionOf = ({ declaration }: Result) => declaration.precision ?? 'float32';
  const today = { preset, codes: {} };
  const others = documentsOf(out).filter((document) => {
    const task = tasks.find(({ name }) => name === document.task);
    return (
      task !== undefined &&
      isWanted(document) &&
      same.every(([key, values]) => values.has(document[key])) &&
      precisionOf(document) === (preset.precision ?? 'float32') &&
      isOfToday(today, task, document)
    );
  });
  const nameOf = (result: Result) => JSON.stringify([result.task, identityOf(methodOf(result))]);
  const newest = new Map<string, Result>();
  for (const result of [...others, ...results]) {
    const name = `${nameOf(result)} ${result.seed}`;
    newest.delete(name);
    newest.set(name, result);
  }
  const all = [...newest.values()];
  const seeds = new Set(results.map(({ seed }) => seed)).size;
  const isWhole = (result: Result) =>
    all.filter((other) => nameOf(other) === nameOf(result)).length === seeds;
  return { ...ran, results: all.filter(isWhole) };
}
