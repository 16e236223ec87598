/** Counts of what tasks are made of, in columns for a data frame: no user and no item can be told from them. */
import { max } from 'simple-statistics';
import { pretrainedOn, type Source } from '../tasks/source';
import type { Task } from '../tasks/tasks';

/** Per source and length of a sequence, how many users have one. */
export interface LengthColumns {
  readonly source: string[];
  readonly length: number[];
  readonly users: number[];
}

export function sequenceLengths(tasks: readonly Task[]): LengthColumns {
  const columns: LengthColumns = { source: [], length: [], users: [] };
  for (const { name, sequences } of sourcesOf(tasks)) {
    const lengths = sequences.map(({ length }) => length);
    for (const [length, users] of countsOf([lengths], 1 + max(lengths)).entries()) {
      if (users === 0) continue;
      columns.source.push(name);
      columns.length.push(length);
      columns.users.push(users);
    }
  }
  return columns;
}

/** The sources as they are pre-trained on. */
function sourcesOf(tasks: readonly Task[]): Source[] {
  return [...new Set(tasks.map(({ source }) => pretrainedOn(source)))];
}

/** How often each code from 0 to `size` − 1 stands in the lists. */
export function countsOf(lists: readonly Iterable<number>[], size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const list of lists) for (const code of list) counts[code]++;
  return counts;
}

/** Per domain and popularity rank, from 1, how often the item of that rank is touched; untouched items are left out. */
export interface PopularityColumns {
  /** The task whose source or target domain it is. */
  readonly task: string[];
  readonly domain: ('source items' | 'target items')[];
  readonly rank: number[];
  readonly count: number[];
}

/** Counts source items in the sequences, and target items once for each source user. */
export function itemPopularity(tasks: readonly Task[]): PopularityColumns {
  const columns: PopularityColumns = { task: [], domain: [], rank: [], count: [] };
  const add = (task: string, domain: PopularityColumns['domain'][number], counts: Float64Array) => {
    const touched = counts
      .filter((count) => count > 0)
      .sort()
      .reverse();
    for (const [i, count] of touched.entries()) {
      columns.task.push(task);
      columns.domain.push(domain);
      columns.rank.push(i + 1);
      columns.count.push(count);
    }
  };
  for (const { name, sequences, items } of sourcesOf(tasks))
    add(name, 'source items', countsOf(sequences, items.length + 1));
  for (const { name, kind, known, labels, source } of tasks) {
    if (kind === 'classify') continue;
    // Only the first place of a user has all of his targets.
    const ofUsers = new Map(source.users.map((id, place) => [id, known[place]] as const).reverse());
    add(name, 'target items', countsOf([...ofUsers.values()], labels.length));
  }
  return columns;
}

/** What the two domains of a task have in common. */
export interface Overlap {
  readonly task: string;
  readonly sourceUsers: number;
  /** Those with a target: only these can be trained and tested on. */
  readonly usersInBoth: number;
  /** 0 for a profile task, and so are the next two. */
  readonly targetItems: number;
  /** Those that some source user has touched. */
  readonly touchedItems: number;
  /** Those in the source sequences of other tasks. */
  readonly itemsInOtherSources: number;
}

export function domainOverlaps(tasks: readonly Task[]): Overlap[] {
  return tasks.map(({ name, kind, source, instances, known, labels }) => {
    const others = sourcesOf(tasks).filter((other) => other !== pretrainedOn(source));
    const elsewhere = new Set(others.flatMap(({ items }) => items));
    const items = kind === 'recommend' ? labels : [];
    return {
      task: name,
      sourceUsers: new Set(source.users).size,
      usersInBoth: new Set(instances.map(({ user }) => source.users[user])).size,
      targetItems: items.length,
      touchedItems: countsOf(known, labels.length).filter((count) => count > 0).length,
      itemsInOtherSources: items.filter((id) => elsewhere.has(id)).length,
    };
  });
}

/** Per profile task and class, how many users are in it. */
export interface ClassCount {
  readonly task: string;
  readonly class: string;
  readonly users: number;
}

export function classCounts(tasks: readonly Task[]): ClassCount[] {
  return tasks.flatMap(({ name, kind, labels, instances }) => {
    if (kind === 'recommend') return [];
    const counts = countsOf([instances.map(({ label }) => label)], labels.length);
    return labels.map((label, i) => ({ task: name, class: label, users: counts[i] }));
  });
}
