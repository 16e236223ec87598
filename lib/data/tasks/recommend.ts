import { createHash } from 'node:crypto';
import type { ColumnTable } from 'arquero';
import { UserError } from '../../base/userError';
import { counted, type Dropped } from '../card/dropped';
import type { Condition, RecommendSpec } from '../card/taskSpecs';
import { countBefore, type Histories, historyOf, timesOf } from '../loading/histories';
import { fieldCells, meets, requireTable } from './conditions';
import type { Reader } from './source';
import { type Instance, partsAt, type Targets } from './targets';

/** The items of a recommendation task: those of source sequences, and labels. */
export interface Domains {
  /**
   * Every item of the target domain in the items file: a recommender has to rank untouched ones too. Most frequent first (before
   * the time of a timeline), ties by first appearance, untouched ones last.
   */
  readonly labels: readonly string[];
  /** Per item code its index in `labels`, or -1. */
  readonly labelOf: Int32Array;
  /** Per item code 1 or 0. */
  readonly isSource: Uint8Array;
}

/** Divides the items by the card's target. `key`: the task's place in the card, for messages; `at`: the time of a timeline. */
export function divideDomains(
  histories: Histories,
  items: ColumnTable | undefined,
  { target }: RecommendSpec,
  { key, at }: { readonly key: string; readonly at: number | undefined },
): Domains {
  const ids = items === undefined ? histories.items : (items.array('item_id') as string[]);
  const isTarget = 'share' in target ? drawn(ids, target.share) : having(items, target, key);
  const isSource = new Uint8Array(histories.items.length);
  ids.forEach((id, row) => {
    const code = histories.itemCodes.get(id);
    if (code !== undefined && !isTarget[row]) isSource[code] = 1;
  });
  const labels = byPopularity(
    ids.filter((_, row) => isTarget[row]),
    histories,
    at,
  );
  if (labels.length < 2)
    throw new UserError(
      `${key}.target.${'share' in target ? 'share' : 'any'}: expected at least 2 items, found ${labels.length}`,
    );
  const labelOf = new Int32Array(histories.items.length).fill(-1);
  labels.forEach((id, label) => {
    const code = histories.itemCodes.get(id);
    if (code !== undefined) labelOf[code] = label;
  });
  return { labels, labelOf, isSource };
}

/** Per item, whether it has one of the values in a field. */
function having(
  items: ColumnTable | undefined,
  { field, any }: { field: string; any: Condition },
  key: string,
): boolean[] {
  const at = `${key}.target.field`;
  return fieldCells(requireTable(items, at), field, at).map((cell) => meets(cell, any));
}

/** Per item, whether it is in a share of all: the least hashes of ids, whatever the order of the items. */
function drawn(ids: readonly string[], share: number): boolean[] {
  const hashes = ids.map((id) => createHash('sha256').update(id).digest('hex'));
  const least = [...hashes].sort().slice(0, Math.round(share * ids.length));
  const chosen = new Set(least);
  return hashes.map((hash) => chosen.has(hash));
}

/** Most frequent first, counted before a time or at all. */
function byPopularity(
  ids: readonly string[],
  { items, itemAt, timeAt, itemCodes }: Histories,
  before: number | undefined,
): string[] {
  const counts = new Int32Array(items.length);
  itemAt.forEach((item, i) => {
    if (before === undefined || (timeAt as Float64Array)[i] < before) counts[item]++;
  });
  const untouched = items.length;
  const code = (id: string) => {
    const own = itemCodes.get(id);
    return own === undefined || counts[own] === 0 ? untouched : own;
  };
  return [...ids].sort((a, b) => (counts[code(b)] ?? 0) - (counts[code(a)] ?? 0) || code(a) - code(b));
}

/** A target item of a user, and the part of his history that he comes to it from: all of it without times. */
export type Moment = { readonly label: number; readonly time: number; readonly upTo: number };

/** The first `perUser` distinct target items of a user, in time order. */
export function momentsOf(
  histories: Histories,
  user: number,
  { labelOf }: Pick<Domains, 'labelOf'>,
  perUser: number,
): Moment[] {
  const history = historyOf(histories, user);
  const times = timesOf(histories, user);
  return distinctLabels(history, labelOf)
    .slice(0, perUser)
    .map((label) => {
      const time = times[history.findIndex((item) => labelOf[item] === label)];
      return { label, time, upTo: times.length === 0 ? history.length : times.indexOf(time) };
    });
}

/**
 * The moments of the readers' users as instances, each of them of the reader whose history ends there. On a timeline, what came
 * before its time `at` is learnt, and knows no target from then on; the others are tested.
 */
export function recommendTargets(
  histories: Histories,
  readers: readonly Reader[],
  domains: Domains,
  { perUser, at }: { readonly perUser: number; readonly at: number | undefined },
): Targets {
  const instances: Instance[] = [];
  const times: number[] = [];
  const places = new Map(readers.map(({ user, upTo }, place) => [`${user} ${upTo}`, place]));
  let early = 0;
  for (const user of new Set(readers.map((reader) => reader.user))) {
    for (const { label, time, upTo } of momentsOf(histories, user, domains, perUser)) {
      const place = places.get(`${user} ${upTo}`);
      if (place === undefined) early++;
      else {
        instances.push({ user: place, label });
        times.push(time);
      }
    }
  }
  const { labels, labelOf } = domains;
  const parts = at === undefined ? undefined : partsAt(times, at);
  const learning = new Set(parts?.learnt.map((place) => instances[place].user));
  const known = readers.map(({ user }, place) => {
    const end = at !== undefined && learning.has(place) ? countBefore(histories, user, at) : undefined;
    return distinctLabels(historyOf(histories, user).subarray(0, end), labelOf);
  });
  const dropped = [
    ...lostTargets(histories, readers, labelOf),
    ...counted({ what: 'targets', why: 'too few source items before them', count: early }),
  ];
  return { labels, instances, known, ...(parts && { parts }), dropped };
}

function distinctLabels(history: Int32Array, labelOf: Int32Array): readonly number[] {
  const seen = new Set<number>();
  for (const item of history) if (labelOf[item] >= 0) seen.add(labelOf[item]);
  return [...seen];
}

function lostTargets(histories: Histories, readers: readonly Reader[], labelOf: Int32Array): Dropped[] {
  const inSource = new Set(readers.map(({ user }) => user));
  const count = histories.users.filter(
    (_, user) => !inSource.has(user) && historyOf(histories, user).some((item) => labelOf[item] >= 0),
  ).length;
  return counted({ what: 'users with target items', why: 'not in the source', count });
}
