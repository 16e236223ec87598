import { type RandomGenerator, unsafeUniformIntDistribution, xoroshiro128plus } from 'pure-rand';

/** A seeded, mutable stream of random numbers; the same seed and names give the same stream everywhere. */
export type Random = RandomGenerator;

/** FNV-1a with MurmurHash3's finaliser, so that streams whose names differ by a letter have nothing in common. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Draws thrown away: within them the generator spreads its 32-bit seed over 128 bits. */
const WARM_UP = 16;

/** The stream of one purpose within a seeded run, for example `random(3, 'split', 'ColdRec-1')`. */
export function random(seed: number, ...purpose: string[]): Random {
  const stream = xoroshiro128plus(hashOf(`${seed}/${purpose.join('/')}`));
  for (let i = 0; i < WARM_UP; i++) stream.unsafeNext();
  return stream;
}

/** Where a stream stands, so that `resumed` goes on there. */
export type RandomState = readonly number[];

export const stateOf = (stream: Random): RandomState => stream.getState();

export const resumed = (state: RandomState): Random => xoroshiro128plus.fromState(state);

/** A uniform integer in [0, n). */
export function below(n: number, stream: Random): number {
  return unsafeUniformIntDistribution(0, n - 1, stream);
}

/** A uniform number in (0, 1). */
export function uniform(stream: Random): number {
  return ((stream.unsafeNext() >>> 0) + 0.5) / 0x1_0000_0000;
}

/** Each number `value`, or 0 with probability `rate`. One loop beside `uniform`: across modules each call costs as much again. */
export function sometimesZero(count: number, value: number, rate: number, stream: Random): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) if (uniform(stream) >= rate) values[i] = value;
  return values;
}

/** Normal numbers of mean 0 cut off at two standard deviations, as TensorFlow's truncated_normal. */
export function truncatedNormal(count: number, deviation: number, stream: Random): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; ) {
    const radius = Math.sqrt(-2 * Math.log(uniform(stream)));
    const value = radius * Math.cos(2 * Math.PI * uniform(stream));
    if (Math.abs(value) <= 2) values[i++] = value * deviation;
  }
  return values;
}

/** The integers 0 … n-1 in random order (Fisher–Yates). */
export function permutation(n: number, stream: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = below(i + 1, stream);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}
