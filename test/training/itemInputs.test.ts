import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import { padLeft } from '../../lib/data/tasks/sequences';
import { drawn, streamsOf } from '../../lib/training/inputs';
import {
  drawWindow,
  halved,
  halves,
  maskedAtMost,
  maskedItems,
  maskItems,
  nextItemBatch,
  shuffled,
  windowCount,
} from '../../lib/training/itemInputs';
import { shapeOf } from '../model/tinyModel';

const history = Int32Array.of(1, 2, 3, 4, 5, 6, 7);

/** Whether a count of n draws of probability p is within five standard deviations. */
const assertShare = (count: number, n: number, p: number) =>
  assert.ok(Math.abs(count - n * p) < 5 * Math.sqrt(n * p * (1 - p)), `${count} of ${n}, expected ${n * p}`);

test('a history adds as many windows to a pass as sequences fit into it, rounded, at least one', () => {
  const counts = [1, 3, 5, 6, 7, 9, 10].map((n) => windowCount(n, 4, 'anywhere'));
  assert.deepEqual(counts, [1, 1, 1, 2, 2, 2, 3]);
  assert.equal(windowCount(100, 4, 'latest'), 1);
});

test('the latest window is the end of the history, one anywhere starts at each place alike, a short history is whole', () => {
  const stream = random(1, 'windows');
  assert.deepEqual(drawWindow(history, 4, 'latest', stream), Int32Array.of(4, 5, 6, 7));
  const starts = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) {
    const [first, ...others] = drawWindow(history, 4, 'anywhere', stream);
    assert.deepEqual(others, [first + 1, first + 2, first + 3]);
    starts[first - 1]++;
  }
  for (const count of starts) assertShare(count, 4000, 1 / 4);
  for (const windows of ['latest', 'anywhere'] as const)
    assert.deepEqual(drawWindow(history.subarray(5), 4, windows, stream), Int32Array.of(6, 7));
});

test('shuffling keeps the items; how often it happens is as declared', () => {
  const stream = random(1, 'shuffled');
  assert.equal(shuffled(history, 0, stream), history);
  const drawn = Array.from({ length: 1000 }, () => shuffled(history, 0.5, stream));
  for (const items of drawn) assert.deepEqual([...items].sort(), [...history]);
  assertShare(drawn.filter((items) => items !== history).length, 1000, 0.5);
});

test('after each item comes the next one; padding is no label and weighs nothing', () => {
  const batch = nextItemBatch([Int32Array.of(3, 1), Int32Array.of(9, 2, 4, 1, 5)], 4);
  assert.deepEqual([...batch.ids], [0, 0, 3, 2, 4, 1]);
  // Row x − 1 of the softmax table is item x.
  assert.deepEqual([...batch.labels], [0, 2, 0, 3, 0, 4]);
  assert.deepEqual([...batch.weights], [0, 1, 1, 1, 1, 1]);
});

test('masked items are the labels of their places; a short sequence has fewer, the rest weighs nothing', () => {
  const sequences = [Int32Array.of(5, 2, 4, 1, 6), Int32Array.of(3)];
  const inputs = [maskedItems(2, 5, shapeOf('non-causal'), 'paper')];
  const { ids, positions, labels, weights } = drawn(inputs, sequences, streamsOf(1, 'test'));
  assert.deepEqual([...weights], [1, 1, 1, 0]);
  assert.deepEqual([...ids].slice(5), [0, 0, 0, 0, 8]);
  assert.deepEqual([positions[2], positions[3], labels[2], labels[3]], [4, 0, 2, 0]);
  const places = [...positions].slice(0, 2);
  assert.ok(places[0] < places[1] && places[1] < 5);
  for (const [i, t] of places.entries()) assert.equal(labels[i], sequences[0][t] - 1);
  const masked = [...sequences[0]].map((id, t) => (places.includes(t) ? 8 : id));
  assert.deepEqual([...ids].slice(0, 5), masked);
});

/** A thousand items; [MASK] is 1002. */
const shape = { ...shapeOf('non-causal'), items: 1000 };
const MASK = 1002;
const sequence = Int32Array.from({ length: 40 }, (_, i) => 100 + i);

test('the authors mask min(30, max(1, 0.3 n)) places, halves away from zero as Python 2 rounds; the paper 30 %', () => {
  const counts = (rule: 'authors' | 'paper', ...lengths: number[]) =>
    lengths.map((length) => maskedAtMost(rule, length));
  const found = counts('authors', 1, 2, 4, 5, 9, 10, 15, 25, 35, 40, 100, 105);
  assert.deepEqual(found, [1, 1, 1, 2, 3, 3, 5, 8, 11, 12, 30, 30]);
  assert.deepEqual(counts('paper', 1, 3, 5, 40, 200), [1, 1, 2, 12, 60]);
});

test('paper: real items only become [MASK], three in ten of them, at distinct ascending places', () => {
  const stream = random(1, 'masks');
  const padded = padLeft(sequence, 50);
  const hits = new Int32Array(50);
  for (let i = 0; i < 500; i++) {
    const { ids, positions } = maskItems(padded, shape, 'paper', stream);
    assert.equal(positions.length, 12);
    assert.ok(positions.every((t, at) => at === 0 || t > positions[at - 1]));
    for (const t of positions) hits[t]++;
    assert.ok(ids.every((id, t) => id === (positions.includes(t) ? MASK : padded[t])));
  }
  assert.ok(hits.subarray(0, 10).every((count) => count === 0));
  for (const count of hits.subarray(10)) assertShare(count, 500, 0.3);
});

test('authors: of the masked places 80 % become [MASK], 10 % keep their item, 10 % become any item; padding counts', () => {
  const stream = random(1, 'masks');
  const found = Array.from({ length: 500 }, () => maskItems(sequence, shape, 'authors', stream));
  const put = found.flatMap(({ ids, positions }) => positions.map((t) => [ids[t], sequence[t]]));
  const kept = put.filter(([id, before]) => id === before).length;
  const masks = put.filter(([id]) => id === MASK).length;
  assert.ok(put.every(([id]) => id === MASK || (id >= 1 && id <= 1000)));
  assertShare(masks, 6000, 0.8);
  assertShare(kept, 6000, 0.1);
  const short = padLeft(Int32Array.of(7), 20);
  const places = Array.from({ length: 50 }, () => maskItems(short, shape, 'authors', stream).positions);
  assert.ok(places.every(({ length }) => length === 6) && places.flat().some((t) => t < 19));
});

test('a half is drawn at random, each item as often; read and predicted, they are the whole in its order', () => {
  const stream = random(1, 'halves');
  const counts = history.map(() => 0);
  for (let i = 0; i < 4000; i++) {
    const [read, rest] = halved(history, stream);
    assert.deepEqual([read.length, rest.length], [4, 3]);
    for (const half of [read, rest]) assert.deepEqual(half, half.slice().sort());
    assert.deepEqual(Int32Array.from([...read, ...rest]).sort(), history);
    for (const item of read) counts[item - 1]++;
  }
  for (const count of counts) assertShare(count, 4000, 4 / 7);
});

test('a batch of halves is padded on the left, and padding weighs 0', () => {
  const { draw } = halves(2, 5);
  const { ids, labels, weights } = draw(
    [Int32Array.of(4), Int32Array.of(2, 3, 2, 3, 2)],
    {},
    streamsOf(1, ''),
  );
  assert.deepEqual([...ids].slice(0, 3), [0, 0, 4]);
  assert.deepEqual([...weights], [0, 0, 1, 1]);
  const all = [...ids.slice(3), ...labels.slice(2).map((label) => label + 1)];
  assert.deepEqual(all.sort(), [2, 2, 2, 3, 3]);
});
