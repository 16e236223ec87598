import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan } from '../../lib/bench/benchmark';
import { alternate, compare } from '../../lib/bench/pairs';

test('the sides take turns in going first, and each time belongs to its side', async () => {
  const order: string[] = [];
  const time = async (side: 'ours' | 'peer') => order.push(side) && { ours: 1, peer: 2 }[side];
  const pairs = await alternate(time, 3);
  assert.deepEqual(order, ['ours', 'peer', 'peer', 'ours', 'ours', 'peer']);
  assert.deepEqual(pairs, Array(3).fill({ ours: 1, peer: 2 }));
});

const pairsOf = (...times: readonly [number, number][]) => times.map(([ours, peer]) => ({ ours, peer }));

test('the ratio is the median over pairs of peer / ours, not the ratio of the medians', () => {
  const { ratio, ours_ms, peer_ms } = compare(pairsOf([1, 4], [2, 2], [4, 8]), 1);
  assert.deepEqual({ ratio, ours_ms, peer_ms }, { ratio: 2, ours_ms: 2, peer_ms: 4 });
});

test('the interval of the median covers the middle of the ratios and not their extremes', () => {
  const times = Array.from({ length: 21 }, (_, i): [number, number] => [1, 1 + i / 10]);
  const { ratio, low, high } = compare(pairsOf(...times), 1);
  // By the order statistics of 21 values the 95 % interval of the median runs from the 6th to the 16th.
  assert.equal(ratio, 2);
  assert.ok(low >= 1.4 && low <= 1.6, `${low}`);
  assert.ok(high >= 2.4 && high <= 2.6, `${high}`);
});

test('pairs without spread have an interval without width', () => {
  const { low, high } = compare(Array(8).fill({ ours: 2, peer: 3 }), 1);
  assert.deepEqual([low, high], [1.5, 1.5]);
});

test('short steps are taken many at a time and long ones singly, in 6 to 30 pairs', () => {
  assert.deepEqual(plan(10, 20), { steps: 60, pairs: 26, seconds: 60 });
  assert.deepEqual(plan(600, 300), { steps: 2, pairs: 26, seconds: 60 });
  assert.deepEqual(plan(10, 20, 23_000), { steps: 60, pairs: 10, seconds: 23 });
  assert.deepEqual(plan(4000, 40_000), { steps: 1, pairs: 6, seconds: 267 });
});
