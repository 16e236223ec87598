/** Counts of what tasks are made of, in columns for a data frame: no user and no item can be told from them. */
import { max } from 'simple-statistics';
import { pretrainedOn, type Source } from '../tasks/source';
import type { Task } from '../tasks/tasks';

/** Per source and length of a sequence, how many users have one. */
export function sequenceLengths(tasks: readonly Task[]) {
  const rows = sourcesOf(tasks).flatMap(({ name: source, sequences }) => {
    const lengths = sequences.map(({ length }) => length);
    const counts = [...countsOf([lengths], 1 + max(lengths)).entries()];
    return counts.flatMap(([length, users]) => (users === 0 ? [] : [{ source, length, users }]));
  });
  return columnsOf(rows, ['source', 'length', 'users']);
}

/** Rows as columns. */
const columnsOf = <R, K extends keyof R>(rows: readonly R[], keys: readonly K[]) =>
  Object.fromEntries(keys.map((key) => [key, rows.map((row) => row[key])])) as { [Key in K]: R[Key][] };

/** The sources as they are pre-trained on. */
const sourcesOf = (tasks: readonly Task[]): Source[] => [
  ...new Set(tasks.map(({ source }) => pretrainedOn(source))),
];

/** How often each code from 0 to `size` − 1 stands in the lists. */
export function countsOf(lists: readonly Iterable<number>[], size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const list of lists) for (const code of list) counts[code]++;
  return counts;
}

/**
 * Per domain of a task and popularity rank, from 1, the count of the item of that rank; untouched items are left out.
 * Source items count in the sequences, target items once for each source user.
 */
export function itemPopularity(tasks: readonly Task[]) {
  const ranked = (task: string, domain: 'source items' | 'target items', counts: Float64Array) =>
    [
      ...counts
        .filter((count) => count > 0)
        .sort()
        .reverse(),
    ].map((count, i) => ({ task, domain, rank: i + 1, count }));
  const sources = sourcesOf(tasks).flatMap(({ name, sequences, items }) =>
    ranked(name, 'source items', countsOf(sequences, items.length + 1)),
  );
  const targets = tasks.flatMap(({ name, kind, known, labels, source }) => {
    if (kind === 'classify') return [];
    // Only the first place of a user has all of their targets.
    const ofUsers = new Map(source.users.map((id, place) => [id, known[place]] as const).reverse());
    return ranked(name, 'target items', countsOf([...ofUsers.values()], labels.length));
  });
  return columnsOf([...sources, ...targets], ['task', 'domain', 'rank', 'count']);
}

/** Users and items in common of the two domains of each task; a profile task has no target items. */
export function domainOverlaps(tasks: readonly Task[]) {
  return tasks.map(({ name, kind, source, instances, known, labels }) => {
    const others = sourcesOf(tasks).filter((other) => other !== pretrainedOn(source));
    const elsewhere = new Set(others.flatMap(({ items }) => items));
    const items = kind === 'recommend' ? labels : [];
    return {
      task: name,
      sourceUsers: new Set(source.users).size,
      /** Users with a target: only these can be trained and tested on. */
      usersInBoth: new Set(instances.map(({ user }) => source.users[user])).size,
      targetItems: items.length,
      /** Those that some source user has touched. */
      touchedItems: countsOf(known, labels.length).filter((count) => count > 0).length,
      /** Those in the source sequences of other tasks. */
      itemsInOtherSources: items.filter((id) => elsewhere.has(id)).length,
    };
  });
}

/** Per class of a profile task, how many users are in it. */
export function classCounts(tasks: readonly Task[]) {
  return tasks.flatMap(({ name, kind, labels, instances }) => {
    if (kind === 'recommend') return [];
    const counts = countsOf([instances.map(({ label }) => label)], labels.length);
    return labels.map((label, i) => ({ task: name, class: label, users: counts[i] }));
  });
}
