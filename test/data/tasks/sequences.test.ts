import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketLengths, bucketOf, padLeft } from '../../../lib/data/tasks/sequences';

const cases: readonly (readonly [string, number[], number, number[]])[] = [
  ['a short sequence is filled up with 0 on the left', [5, 6], 4, [0, 0, 5, 6]],
  ['a sequence of the right length stays', [5, 6], 2, [5, 6]],
  ['a long sequence keeps its latest items', [5, 6, 7], 2, [6, 7]],
  ['an empty sequence is all padding', [], 2, [0, 0]],
];

for (const [behaviour, sequence, length, expected] of cases) {
  test(behaviour, () =>
    assert.deepEqual(padLeft(Int32Array.from(sequence), length), Int32Array.from(expected)),
  );
}

test('a sequence goes to the shortest of a quarter, a half and the whole length that holds it', () => {
  const lengths = bucketLengths(50);
  assert.deepEqual(lengths, [13, 25, 50]);
  const bucket = (length: number) => bucketOf(new Int32Array(length), lengths);
  assert.deepEqual([1, 13, 14, 25, 26, 50, 51].map(bucket), [13, 13, 25, 25, 50, 50, 50]);
  assert.deepEqual(bucketLengths(1), [1]);
});
