import { max, mean, median, min } from 'simple-statistics';
import type { Dataset } from '../loading/dataset';
import { type Histories, historyOf } from '../loading/histories';
import { ID_OF } from '../reading/formats/layout';
import { EVALUATION_NEGATIVES } from '../tasks/negatives';
import { pretrainedOn } from '../tasks/source';
import { carriesChoice, splitInstances } from '../tasks/split';
import type { Task } from '../tasks/tasks';
import { learntBefore } from '../tasks/timeline';
import { countsOf } from './aggregates';
import { popularityMetrics } from './popularity';

/** One row of Table 1, and what else there is to know before trusting a number. */
export type TaskDescription = Readonly<ReturnType<typeof describeTask>>;

/** Report of `npm run data`; aggregates only, so that it may be published. */
export type Description = Readonly<ReturnType<typeof describeDataset>>;

/** Counts a data set and its tasks. */
export function describeDataset(dataset: Dataset, tasks: readonly Task[]) {
  const { name, card, histories, dropped } = dataset;
  const learnt = learntBefore(dataset);
  return {
    name,
    interactions: histories.itemAt.length,
    users: histories.users.length,
    items: histories.items.length,
    licence: card.licence,
    citation: card.citation,
    /** The time of the card's timeline, and the interactions before it; null: no timeline. */
    timeline: learnt === undefined ? null : { time: learnt.time, interactions: learnt.interactions },
    fields: describeFields(dataset),
    dropped,
    tasks: tasks.map((task) => describeTask(histories, task)),
  };
}

/** The fields of users and items that tasks may use, with the type that was read or found. */
export function describeFields(dataset: Pick<Dataset, 'users' | 'items'>) {
  return (['users', 'items'] as const).flatMap((of) => {
    const table = dataset[of];
    const names = table?.columnNames().filter((name) => name !== ID_OF[of]) ?? [];
    return names.map((field) => {
      const type = typeof table?.get(field, 0);
      return { of, field, type: type === 'number' ? 'number' : type === 'string' ? 'token' : 'list' };
    });
  });
}

function describeTask(histories: Histories, task: Task) {
  const { kind, source, labels, instances, given } = task;
  const shares = sharesOf(task, instances);
  const pretrained = pretrainedOn(source);
  const lengths = pretrained.sequences.map((sequence) => sequence.length);
  const split = splitInstances(task, 1);
  const joined = given === undefined ? 0 : split.valid.length - given.split.valid.length;
  const isClassify = kind === 'classify';
  return {
    task: task.name,
    kind,
    source: source.name,
    sourceInstances: pretrained.sequences.length,
    sourceItems: source.items.length,
    /** Users with a target instance. */
    users: new Set(instances.map(({ user }) => source.users[user])).size,
    targetInstances: instances.length,
    /** Test instances of seed 1, or of the split file. */
    testInstances: split.test.length,
    /** Validation instances, those out of the training part of a split file, and whether they are enough for early stopping. */
    validation: { instances: split.valid.length, joined, enough: carriesChoice(split) },
    labels: labels.length,
    /** Items of a source sequence, after cutting it to the latest. */
    sequenceLength: { min: min(lengths), median: median(lengths), mean: mean(lengths), max: max(lengths) },
    /** Share of the instances of each class; empty for a recommendation task. */
    classShares: Object.fromEntries(isClassify ? labels.map((label, i) => [label, shares[i]]) : []),
    majority: majorityOf(task),
    /** On the split of seed 1; null for a classification task. */
    popularity: isClassify ? null : popularityMetrics(task, 1),
    hindsight: hindsightOf(histories, task),
    /** Whether the split file names what an instance of validation or test is ranked against. */
    namesNegatives: evaluatedOf(task).some((i) => hasNegatives(task, i)),
    usersShortOfNegatives: shortOfNegatives(task),
    dropped: task.dropped,
  };
}

/** How often instances have each label. */
const sharesOf = ({ labels }: Task, instances: Task['instances']): number[] =>
  Array.from(countsOf([instances.map(({ label }) => label)], labels.length), (n) => n / instances.length);

/**
 * Accuracy of always predicting the most frequent label; on a timeline that of the label most frequent before its time,
 * with a split file of that in its training part, among the tested instances.
 */
function majorityOf(task: Task): number {
  const { instances, parts, given } = task;
  if (parts === undefined && given === undefined) return max(sharesOf(task, instances));
  const split = splitInstances(task, 1);
  const at = (places: readonly number[]) => places.map((place) => instances[place]);
  const learnt = sharesOf(task, at(parts?.learnt ?? split.train));
  return sharesOf(task, at(split.test))[learnt.indexOf(max(learnt))];
}

/**
 * Share of the target instances whose source sequence has items that came after the target, and the mean share of such
 * items. Null for a classification task, on a timeline, and where the interactions lack all targets of a split file.
 */
export function hindsightOf(
  histories: Histories,
  { kind, parts, source, labels, instances }: Task,
): { readonly instances: number; readonly items: number } | null {
  if (kind === 'classify' || parts !== undefined) return null;
  const codeOf = new Map(histories.users.map((id, code) => [id, code]));
  const isSource = new Set(source.items.map((id) => histories.itemCodes.get(id)));
  const shares = instances.flatMap(({ user, label }) => {
    const history = historyOf(histories, codeOf.get(source.users[user]) as number);
    const places = [...history.keys()].filter((place) => isSource.has(history[place])).slice(-source.length);
    const target = history.indexOf(histories.itemCodes.get(labels[label]) ?? -1);
    return target < 0 ? [] : [places.filter((place) => place > target).length / places.length];
  });
  if (shares.length === 0) return null;
  return { instances: shares.filter((share) => share > 0).length / shares.length, items: mean(shares) };
}

/** Instances that are ranked: those of validation and test, or, as each seed splits anew, all. */
const evaluatedOf = ({ given, instances }: Task): readonly number[] =>
  given ? [...given.split.valid, ...given.split.test] : [...instances.keys()];

const hasNegatives = ({ given }: Task, instance: number) => (given?.negatives[instance].length ?? 0) > 0;

/** Users with an instance that is ranked against fewer than 99 drawn labels. */
function shortOfNegatives(task: Task): number {
  const { kind, labels, known, source, instances } = task;
  if (kind === 'classify') return 0;
  const drawn = evaluatedOf(task).filter((i) => !hasNegatives(task, i));
  const short = drawn.filter((i) => labels.length - known[instances[i].user].length < EVALUATION_NEGATIVES);
  return new Set(short.map((i) => source.users[instances[i].user])).size;
}
