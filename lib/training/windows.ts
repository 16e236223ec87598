/** What pre-training reads of a history: n its items, L the length of a sequence. */
import { below, permutation, type Random, uniform } from '../random';

/**
 * Which part of a history is a sequence: its latest L items, or in each pass as many windows as L fits into n, each
 * anywhere in it, so that long histories are used in full.
 */
export type Windows = 'latest' | 'anywhere';

/** Sequences that a history of n items adds to a pass. */
export function windowCount(n: number, L: number, windows: Windows): number {
  return windows === 'latest' ? 1 : Math.max(1, Math.round(n / L));
}

/** A window of at most L items. */
export function drawWindow(history: Int32Array, L: number, windows: Windows, stream: Random): Int32Array {
  const latest = Math.max(0, history.length - L);
  const start = windows === 'latest' ? latest : below(latest + 1, stream);
  return history.subarray(start, start + L);
}

/**
 * The items in random order with the given probability, else as they are. Users rate films in bursts whose order
 * says little (half of MovieLens-100K's rows tie); out of order, a trunk has to learn what a user likes at all.
 */
export function shuffled(items: Int32Array, probability: number, stream: Random): Int32Array {
  if (probability === 0 || uniform(stream) >= probability) return items;
  return Int32Array.from(permutation(items.length, stream), (i) => items[i]);
}
