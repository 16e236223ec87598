import { max, mean, median, min } from 'simple-statistics';
import type { Dropped } from '../card/dropped';
import type { Dataset } from '../loading/dataset';
import type { Histories } from '../loading/histories';
import { EVALUATION_NEGATIVES } from '../tasks/negatives';
import { pretrainedOn } from '../tasks/source';
import { carriesChoice, joining, partSizes, splitInstances, timedSizes } from '../tasks/split';
import type { Task } from '../tasks/tasks';
import { learntBefore } from '../tasks/timeline';
import { describeFields, type FieldDescription } from './fields';
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
  /** Those of the test part of seed 1, or of the split file. */
  readonly testInstances: number;
  /** The validation part, how much of it came out of the training part, and whether it is enough to stop training by. */
  readonly validation: { readonly instances: number; readonly joined: number; readonly enough: boolean };
  readonly labels: number;
  /** Items of a source sequence, after cutting it to the latest. */
  readonly sequenceLength: {
    readonly min: number;
    readonly median: number;
    readonly mean: number;
    readonly max: number;
  };
  /** Items that are kept of a source sequence at most, and those of the longest one that there is. */
  readonly room: { readonly length: number; readonly longest: number };
  /** Share of the instances of each class; empty for a recommendation task. */
  readonly classShares: Readonly<Record<string, number>>;
  /**
   * Share of the most frequent label: the accuracy of always predicting it. On a timeline of the label that is most frequent before its
   * time, and with a split file of that among its training instances, among those tested.
   */
  readonly majority: number;
  /** For the split of seed 1; null for a classification task. */
  readonly popularity: PopularityBaseline | null;
  /** What of a source sequence came after the target; null for a classification task, and on a timeline. */
  readonly hindsight: Hindsight | null;
  /** Whether the split file names what an instance of validation or test is ranked against. */
  readonly namesNegatives: boolean;
  /** Users of a recommendation task for whom fewer than 99 negatives remain. */
  readonly usersShortOfNegatives: number;
  readonly dropped: readonly Dropped[];
}

/** What `npm run data` reports; holds aggregates only, so that it may be published. */
export interface Description {
  readonly name: string;
  readonly interactions: number;
  readonly users: number;
  readonly items: number;
  readonly licence: string | undefined;
  readonly citation: string | undefined;
  /** The time of the card's timeline, and the interactions before it; null where it has none. */
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

function describeTask(histories: Histories, task: Task): TaskDescription {
  const { source, labels, instances } = task;
  const shares = sharesOf(task, instances);
  const users = new Set(instances.map(({ user }) => user));
  const pretrained = pretrainedOn(source);
  return {
    task: task.name,
    kind: task.kind,
    source: source.name,
    sourceInstances: pretrained.sequences.length,
    sourceItems: source.items.length,
    users: new Set([...users].map((user) => source.users[user])).size,
    targetInstances: instances.length,
    testInstances: splitInstances(task, 1).test.length,
    validation: validationOf(task),
    labels: labels.length,
    sequenceLength: lengthStatistics(pretrained.sequences.map((sequence) => sequence.length)),
    room: { length: source.length, longest: max(source.sequences.map((sequence) => sequence.length)) },
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
function sharesOf({ labels }: Task, instances: Task['instances']): number[] {
  const counts = new Array<number>(labels.length).fill(0);
  for (const { label } of instances) counts[label]++;
  return counts.map((count) => count / instances.length);
}

function majorityOf(task: Task): number {
  const { instances, parts, given } = task;
  if (parts === undefined && given === undefined) return max(sharesOf(task, instances));
  const split = splitInstances(task, 1);
  const [learnt, tested] = [parts?.learnt ?? split.train, split.test].map((places) =>
    sharesOf(
      task,
      places.map((place) => instances[place]),
    ),
  );
  return tested[learnt.indexOf(max(learnt))];
}

function validationOf(task: Task): TaskDescription['validation'] {
  const split = splitInstances(task, 1);
  const joined = task.given === undefined ? joining(sizesBefore(task)) : 0;
  return { instances: split.valid.length, joined, enough: carriesChoice(split) };
}

/** Training and validation instances as they are divided first. */
const sizesBefore = ({ instances, parts }: Task) =>
  parts === undefined ? partSizes(instances.length) : timedSizes(parts);

function lengthStatistics(lengths: readonly number[]): TaskDescription['sequenceLength'] {
  return { min: min(lengths), median: median(lengths), mean: mean(lengths), max: max(lengths) };
}

/** Instances that are ranked: those of validation and test, or with splits of our own all, since each seed has others. */
const evaluatedOf = ({ given, instances }: Task): readonly number[] =>
  given ? [...given.split.valid, ...given.split.test] : [...instances.keys()];

const hasNegatives = ({ given }: Task, instance: number) => (given?.negatives[instance].length ?? 0) > 0;

/** Users some instance of whom is ranked against fewer than 99 labels, though no split file says which. */
function shortOfNegatives(task: Task): number {
  const { kind, labels, known, source, instances } = task;
  if (kind === 'classify') return 0;
  const drawn = evaluatedOf(task).filter((i) => !hasNegatives(task, i));
  const users = new Set(drawn.map((i) => instances[i].user));
  const short = [...users].filter((user) => labels.length - known[user].length < EVALUATION_NEGATIVES);
  return new Set(short.map((user) => source.users[user])).size;
}
