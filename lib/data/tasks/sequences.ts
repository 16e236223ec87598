/** The latest `length` items of a sequence, filled up with 0 on the left. */
export function padLeft(sequence: Int32Array, length: number): Int32Array {
  const padded = new Int32Array(length);
  const latest = sequence.subarray(Math.max(0, sequence.length - length));
  padded.set(latest, length - latest.length);
  return padded;
}

/** A quarter and a half of the longest length, rounded up, and the longest. */
export const bucketLengths = (longest: number): number[] => [
  ...new Set([Math.ceil(longest / 4), Math.ceil(longest / 2), longest]),
];

/** The shortest of the ascending lengths that holds a sequence; the last where none does. */
export const bucketOf = (sequence: Int32Array, lengths: readonly number[]): number =>
  lengths.find((length) => sequence.length <= length) ?? lengths[lengths.length - 1];
