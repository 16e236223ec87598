import { max, mean, median, min } from 'simple-statistics';
import type { Dropped } from '../card/dropped';
import type { Dataset } from '../loading/dataset';
import type { Histories } from '../loading/histories';
import type { Cell } from '../loading/profile';
import { ID_OF } from '../reading/formats/layout';
import { EVALUATION_NEGATIVES } from '../tasks/negatives';
import { pretrainedOn } from '../tasks/source';
import { carriesChoice, joining, partSizes, splitInstances, timedSizes } from '../tasks/split';
import type { Task } from '../tasks/tasks';
import { learntBefore } from '../tasks/timeline';
import { countsOf } from './aggregates';
import { type Hindsight, hindsightOf } from './hindsight';
import { type PopularityBaseline, popularityBaseline } from './popularity';

/** One row of Table 1, and what else there is to know before trusting a number. */
export interface TaskDescription {
  readonly task: string;
  readonly kind: Task['kind'];
  /** The task whose source this one uses. */
  readonly source: string;
  readonly sourceInstances: number;
  readonly sourceItems: number;
  /** Users with at least one target instance. */
  readonly users: number;
  readonly targetInstances: number;
  /** Test instances of seed 1, or of the split file. */
  readonly testInstances: number;
  /** Validation instances, those out of the training part, and whether they are enough for early stopping. */
  readonly validation: { readonly instances: number; readonly joined: number; readonly enough: boolean };
  readonly labels: number;
  /** Items of a source sequence, after cutting it to the latest. */
  readonly sequenceLength: {
    readonly min: number;
    readonly median: number;
    readonly mean: number;
    readonly max: number;
  };
  /** Share of the instances of each class; empty for a recommendation task. */
  readonly classShares: Readonly<Record<string, number>>;
  /**
   * Accuracy of always predicting the most frequent label. On a timeline that of the label most frequent before its time, with a
   * split file of that in its training part, among the tested instances.
   */
  readonly majority: number;
  /** On the split of seed 1; null for a classification task. */
  readonly popularity: PopularityBaseline | null;
  /** What of a source sequence came after the target; null for a classification task, and on a timeline. */
  readonly hindsight: Hindsight | null;
  /** Whether the split file names what an instance of validation or test is ranked against. */
  readonly namesNegatives: boolean;
  /** Users of a recommendation task for whom fewer than 99 negatives remain. */
  readonly usersShortOfNegatives: number;
  readonly dropped: readonly Dropped[];
}

/** A field that tasks may use, with the type that was read or found. */
export interface FieldDescription {
  readonly of: 'users' | 'items';
  readonly field: string;
  readonly type: 'number' | 'token' | 'list';
}

/** What `npm run data` reports; holds aggregates only, so that it may be published. */
export interface Description {
  readonly name: string;
  readonly interactions: number;
  readonly users: number;
  readonly items: number;
  readonly licence: string | undefined;
  readonly citation: string | undefined;
  /** The time of the card's timeline, and the interactions before it; null: no timeline. */
  readonly timeline: { readonly time: string; readonly interactions: number } | null;
  readonly fields: readonly FieldDescription[];
  readonly dropped: readonly Dropped[];
  readonly tasks: readonly TaskDescription[];
}

/** Counts a data set and its tasks. */
export function describeDataset(dataset: Dataset, tasks: readonly Task[]): Description {
  const { name, card, histories, dropped } = dataset;
  const learnt = learntBefore(dataset);
  return {
    name,
    interactions: histories.itemAt.length,
    users: histories.users.length,
    items: histories.items.length,
    licence: card.licence,
    citation: card.citation,
    timeline: learnt === undefined ? null : { time: learnt.time, interactions: learnt.interactions },
    fields: describeFields(dataset),
    dropped,
    tasks: tasks.map((task) => describeTask(histories, task)),
  };
}

/** The fields of users and items but for their ids. */
export function describeFields(dataset: Pick<Dataset, 'users' | 'items'>): FieldDescription[] {
  return (['users', 'items'] as const).flatMap((of) => {
    const table = dataset[of];
    const names = table?.columnNames().filter((name) => name !== ID_OF[of]) ?? [];
    return names.map((field): FieldDescription => {
      const type = typeof (table?.get(field, 0) as Cell);
      return { of, field, type: type === 'number' ? 'number' : type === 'string' ? 'token' : 'list' };
    });
  });
}

function describeTask(histories: Histories, task: Task): TaskDescription {
  const { source, labels, instances, parts, given } = task;
  const shares = sharesOf(task, instances);
  const pretrained = pretrainedOn(source);
  const lengths = pretrained.sequences.map((sequence) => sequence.length);
  const split = splitInstances(task, 1);
  const sizes = parts === undefined ? partSizes(instances.length) : timedSizes(parts);
  const joined = given === undefined ? joining(sizes) : 0;
  return {
    task: task.name,
    kind: task.kind,
    source: source.name,
    sourceInstances: pretrained.sequences.length,
    sourceItems: source.items.length,
    users: new Set(instances.map(({ user }) => source.users[user])).size,
    targetInstances: instances.length,
    testInstances: split.test.length,
    validation: { instances: split.valid.length, joined, enough: carriesChoice(split) },
    labels: labels.length,
    sequenceLength: { min: min(lengths), median: median(lengths), mean: mean(lengths), max: max(lengths) },
    classShares:
      task.kind === 'classify' ? Object.fromEntries(labels.map((label, i) => [label, shares[i]])) : {},
    majority: majorityOf(task),
    popularity: task.kind === 'recommend' ? popularityBaseline(task, 1) : null,
    hindsight: hindsightOf(histories, task),
    namesNegatives: evaluatedOf(task).some((i) => hasNegatives(task, i)),
    usersShortOfNegatives: shortOfNegatives(task),
    dropped: task.dropped,
  };
}

/** How often instances have each label. */
const sharesOf = ({ labels }: Task, instances: Task['instances']): number[] =>
  Array.from(countsOf([instances.map(({ label }) => label)], labels.length), (n) => n / instances.length);

function majorityOf(task: Task): number {
  const { instances, parts, given } = task;
  if (parts === undefined && given === undefined) return max(sharesOf(task, instances));
  const split = splitInstances(task, 1);
  const at = (places: readonly number[]) => places.map((place) => instances[place]);
  const learnt = sharesOf(task, at(parts?.learnt ?? split.train));
  return sharesOf(task, at(split.test))[learnt.indexOf(max(learnt))];
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
