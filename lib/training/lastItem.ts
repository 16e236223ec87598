/**
 * Ranks of the last source item of held-out users among all items: by a trunk, by popularity, and by co-occurrence with the items
 * before it. Letters: |X| source items.
 */
import { padLeft } from '../data/tasks/sequences';
import type { Source } from '../data/tasks/source';
import type { Program } from '../engine/program/program';
import { rankOf } from '../metrics/ranking';
import { isCausal } from '../model/trunks/names';
import { maskId, type TrunkShape } from '../model/trunks/trunk';
import { orderedBatches } from './evaluate';
import type { Parts } from './parts';

/** Length of the input that predicts a sequence's last item: the items before it, and on a non-causal trunk [MASK]. */
export const lengthBeforeLast = ({ length }: Source, shape: TrunkShape) =>
  isCausal(shape) ? length - 1 : length;

/** Rank of each user's last source item among all items, predicted from the items before it. */
export function* lastItemRanks<W>(
  program: Program<W>,
  { sequences, length }: Source,
  shape: TrunkShape,
  users: readonly number[],
): Parts<number[]> {
  const found: number[] = [];
  for (const { indices, count } of orderedBatches(users)) {
    const before = indices.flatMap((user) => [
      ...padLeft(sequences[user], length).subarray(0, -1),
      ...(isCausal(shape) ? [] : [maskId(shape)]),
    ]);
    const last = indices.map((user) => sequences[user][sequences[user].length - 1] - 1);
    const batch = { ids: Int32Array.from(before), labels: Int32Array.from(last) };
    found.push(...program.run<Int32Array>('lastItem', batch).ranks.subarray(0, count));
    yield;
  }
  return found;
}

/** Rank of a sequence's last item in a row of scores [|X|], which holds the item itself: item x has index x − 1. */
export const lastItemRank = (row: ArrayLike<number>, sequence: Int32Array): number =>
  rankOf(row[sequence[sequence.length - 1] - 1], row) - 1;

type Sequences = Pick<Source, 'items' | 'sequences'>;

/** How often each item occurs in the sequences of users, [|X|]; item x has index x − 1. */
function itemCounts({ items, sequences }: Sequences, users: readonly number[]): Float64Array {
  const counts = new Float64Array(items.length);
  for (const user of users) for (const item of sequences[user]) counts[item - 1]++;
  return counts;
}

/** −log p of each item by its frequency among those of users, each item counted once more: [|X|]. */
export function popularityLogLosses(source: Sequences, users: readonly number[]): Float64Array {
  const counts = itemCounts(source, users).map((count) => count + 1);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => -Math.log(count / total));
}

/** Ranks a last item by a row of scores [|X|]; if no user has an item twice, the items before it rank behind all others. */
function rankBehind({ items, sequences }: Sequences, users: readonly number[]) {
  const areRepeated = users.some((user) => new Set(sequences[user]).size < sequences[user].length);
  return (row: Float64Array, sequence: Int32Array): number => {
    if (areRepeated) return lastItemRank(row, sequence);
    const last = sequence[sequence.length - 1];
    const before = new Set(sequence.subarray(0, -1));
    if (before.has(last)) return items.length;
    const passed = [...before].filter((item) => row[item - 1] >= row[last - 1]).length;
    return lastItemRank(row, sequence) - passed;
  };
}

/**
 * Ranks a sequence's last item among all by how often each occurs in the users' sequences. If no user has an item twice, the
 * items before the last rank behind all others: a trunk learns that too.
 */
export function popularityRanks(
  source: Sequences,
  users: readonly number[],
): (sequence: Int32Array) => number {
  const counts = itemCounts(source, users);
  const rank = rankBehind(source, users);
  return (sequence) => rank(counts, sequence);
}

/** Training users whose items are looked at for co-occurrence. */
const NEIGHBOURS_AT_MOST = 5000;

/**
 * Ranks each user's last item by co-occurrence: Σ c(i, x) / √(n(i) n(x)) over the items i before the last (cosine; Sarwar et al. 2001), where n
 * counts the first 5,000 training users with an item and c those with both.
 */
export function* cooccurrenceRanks(
  source: Sequences,
  train: readonly number[],
  users: readonly number[],
): Parts<number[]> {
  const { items, sequences } = source;
  const bags = train.slice(0, NEIGHBOURS_AT_MOST).map((user) => [...new Set(sequences[user])]);
  const having: number[][] = items.map(() => []);
  for (const [v, bag] of bags.entries()) for (const item of bag) having[item - 1].push(v);
  const root = (item: number) => Math.sqrt(having[item - 1].length);
  const rank = rankBehind(source, train);
  const found: number[] = [];
  for (const user of users) {
    const near = new Float64Array(bags.length);
    for (const item of new Set(sequences[user].subarray(0, -1)))
      for (const v of having[item - 1]) near[v] += 1 / root(item);
    const row = new Float64Array(items.length);
    for (const [v, bag] of bags.entries()) if (near[v] > 0) for (const item of bag) row[item - 1] += near[v];
    const scores = row.map((score, x) => (score === 0 ? 0 : score / root(x + 1)));
    found.push(rank(scores, sequences[user]));
    yield;
  }
  return found;
}
