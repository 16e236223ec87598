import assert from 'node:assert/strict';
import { test } from 'node:test';
import { padLeft } from '../../lib/datasets/tasks/sequences';
import { random } from '../../lib/random';
import { lastMasked, maskedAtMost, maskItems } from '../../lib/training/itemInputs';
import { shapeOf } from '../model/tinyModel';

/** A thousand items; [MASK] is 1002. */
const shape = { ...shapeOf('non-causal'), items: 1000 };
const MASK = 1002;
const stream = () => random(1, 'masks');
const sequence = Int32Array.from({ length: 40 }, (_, i) => 100 + i);

/** num_to_predict of the authors' code, Python 2's rounding: halves away from zero. */
const authorsCounts: readonly (readonly [length: number, count: number])[] = [
  [1, 1],
  [2, 1],
  [4, 1],
  [5, 2],
  [9, 3],
  [10, 3],
  [15, 5],
  [25, 8],
  [35, 11],
  [40, 12],
  [100, 30],
  [105, 30],
];
test('the authors mask min(30, max(1, 0.3 n)) places, halves rounded away from zero', () => {
  for (const [length, count] of authorsCounts)
    assert.equal(maskedAtMost('authors', length), count, `${length}`);
});

test('the paper masks 30 % of the items, however many there are', () => {
  assert.deepEqual(
    [1, 3, 5, 40, 200].map((length) => maskedAtMost('paper', length)),
    [1, 1, 2, 12, 60],
  );
});

test('paper: real items only become [MASK], three in ten of them, at distinct ascending places', () => {
  const draws = stream();
  const hits = new Int32Array(50);
  for (let i = 0; i < 500; i++) {
    const padded = padLeft(sequence, 50);
    const { ids, positions } = maskItems(padded, shape, 'paper', draws);
    assert.equal(positions.length, 12);
    assert.deepEqual(
      [...new Set(positions)].sort((a, b) => a - b),
      [...positions],
    );
    for (const t of positions) hits[t]++;
    assert.deepEqual(
      [...ids],
      [...padded].map((id, t) => (positions.includes(t) ? MASK : id)),
    );
  }
  assert.ok(hits.subarray(0, 10).every((count) => count === 0));
  // 150 expected at each of the 40 places; ± 5 deviations of √(500 · 0.3 · 0.7).
  assert.ok(
    hits.subarray(10).every((count) => Math.abs(count - 150) < 52),
    `${hits}`,
  );
});

test('authors: of the masked places 80 % become [MASK], 10 % keep their item, 10 % become any item', () => {
  const draws = stream();
  const found = { mask: 0, kept: 0, other: 0 };
  for (let i = 0; i < 500; i++) {
    const { ids, positions } = maskItems(sequence, shape, 'authors', draws);
    for (const t of positions) {
      if (ids[t] === MASK) found.mask++;
      else if (ids[t] === sequence[t]) found.kept++;
      else found.other++;
      assert.ok(ids[t] === MASK || (ids[t] >= 1 && ids[t] <= 1000));
    }
  }
  // 6000 places; ± 5 deviations.
  assert.ok(Math.abs(found.mask - 4800) < 155, `${found.mask}`);
  assert.ok(Math.abs(found.kept - 600) < 117 && Math.abs(found.other - 600) < 117, JSON.stringify(found));
});

test('authors: padding counts and may be masked', () => {
  const draws = stream();
  const padded = padLeft(Int32Array.of(7), 20);
  const places = Array.from({ length: 50 }, () => maskItems(padded, shape, 'authors', draws).positions);
  assert.ok(places.every(({ length }) => length === 6));
  assert.ok(places.flat().some((t) => t < 19));
});

test('masks are drawn anew, and are the same for the same stream', () => {
  const draws = stream();
  const [first, second] = [1, 2].map(() => maskItems(sequence, shape, 'paper', draws).positions);
  assert.notDeepEqual(second, first);
  assert.deepEqual(maskItems(sequence, shape, 'paper', stream()).positions, first);
});

test('for validation just the last item is masked', () => {
  assert.deepEqual([...lastMasked(Int32Array.of(0, 4, 5, 6), shape)], [0, 4, 5, MASK]);
});
