/** The latest `length` items of a sequence, filled up with 0 on the left. */
export function padLeft(sequence: Int32Array, length: number): Int32Array {
  const padded = new Int32Array(length);
  const latest = sequence.subarray(Math.max(0, sequence.length - length));
  padded.set(latest, length - latest.length);
  return padded;
}
