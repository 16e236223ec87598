import { createHash } from 'node:crypto';
import { UserError } from '../../base/userError';
import { counted } from '../card/dropped';
import type { RecommendSpec } from '../card/taskSpecs';
import type { Dataset } from '../loading/dataset';
import { countBefore, type Histories, historyOf, timesOf } from '../loading/histories';
import type { Reader } from './source';
import { fieldCells, meets, partsAt, requireTable, type Targets } from './targets';

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
  { histories, items }: Dataset,
  { target }: RecommendSpec,
  { key, at }: { readonly key: string; readonly at: number | undefined },
): Domains {
  const ids = items === undefined ? histories.items : (items.array('item_id') as string[]);
  const field = `${key}.target.field`;
  const isTarget =
    'share' in target
      ? drawn(ids, target.share)
      : fieldCells(requireTable(items, field), target.field, field).map((cell) => meets(cell, target.any));
  const isSource = new Uint8Array(histories.items.length);
  ids.forEach((id, row) => {
    const code = histories.itemCodes.get(id);
    if (code !== undefined && !isTarget[row]) isSource[code] = 1;
  });
  const own = ids.filter((_, row) => isTarget[row]);
  const labels = byPopularity(own, histories, at);
  const part = 'share' in target ? 'share' : 'any';
  if (labels.length < 2)
    throw new UserError(`${key}.target.${part}: expected at least 2 items, found ${labels.length}`);
  const labelOf = new Int32Array(histories.items.length).fill(-1);
  labels.forEach((id, label) => {
    const code = histories.itemCodes.get(id);
    if (code !== undefined) labelOf[code] = label;
  });
  return { labels, labelOf, isSource };
}

/** Per item, whether it is in a share of all: the least hashes of ids, whatever the order of the items. */
function drawn(ids: readonly string[], share: number): boolean[] {
  const hashes = ids.map((id) => createHash('sha256').update(id).digest('hex'));
  const chosen = new Set([...hashes].sort().slice(0, Math.round(share * ids.length)));
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
  const code = (id: string) => {
    const own = itemCodes.get(id);
    return own === undefined || counts[own] === 0 ? items.length : own;
  };
  return [...ids].sort((a, b) => (counts[code(b)] ?? 0) - (counts[code(a)] ?? 0) || code(a) - code(b));
}

/**
 * The first `perUser` distinct target items of a user, in time order, each with its time and the length of the history
 * before it: all of it without times.
 */
export function momentsOf(
  histories: Histories,
  user: number,
  { labelOf }: Pick<Domains, 'labelOf'>,
  perUser: number,
) {
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
 * The moments of the readers' users as instances, each given to the reader whose history ends there. On a
 * timeline, those before its time `at` are for training, with only earlier targets in `known`; the others for testing.
 */
export function recommendTargets(
  histories: Histories,
  readers: readonly Reader[],
  domains: Domains,
  { perUser, at }: { readonly perUser: number; readonly at: number | undefined },
): Targets {
  const places = new Map(readers.map(({ user, upTo }, place) => [`${user} ${upTo}`, place]));
  const users = new Set(readers.map(({ user }) => user));
  const found = [...users].flatMap((user) =>
    momentsOf(histories, user, domains, perUser).map(({ label, time, upTo }) => {
      return { user: places.get(`${user} ${upTo}`), label, time };
    }),
  );
  const read = found.flatMap(({ user, ...each }) => (user === undefined ? [] : [{ user, ...each }]));
  const instances = read.map(({ user, label }) => ({ user, label }));
  const { labels, labelOf } = domains;
  const times = read.map(({ time }) => time);
  const parts = at === undefined ? undefined : partsAt(times, at);
  const learning = new Set(parts?.learnt.map((place) => instances[place].user));
  const known = readers.map(({ user }, place) => {
    const end = at !== undefined && learning.has(place) ? countBefore(histories, user, at) : undefined;
    return distinctLabels(historyOf(histories, user).subarray(0, end), labelOf);
  });
  const isLost = (user: number) =>
    !users.has(user) && historyOf(histories, user).some((item) => labelOf[item] >= 0);
  const lost = [...histories.users.keys()].filter(isLost).length;
  const dropped = counted(
    { what: 'users with target items', why: 'not in the source', count: lost },
    { what: 'targets', why: 'too few source items before them', count: found.length - read.length },
  );
  return { labels, instances, known, ...(parts && { parts }), dropped };
}

const distinctLabels = (history: Int32Array, labelOf: Int32Array): readonly number[] => [
  ...new Set([...history].map((item) => labelOf[item]).filter((label) => label >= 0)),
];
