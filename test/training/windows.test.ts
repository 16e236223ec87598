import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/random';
import { drawWindow, shuffled, windowCount } from '../../lib/training/itemInputs';

const history = Int32Array.of(1, 2, 3, 4, 5, 6, 7);

test('a history adds as many windows to a pass as sequences fit into it, rounded, at least one', () => {
  const counts = [1, 3, 5, 6, 7, 9, 10].map((n) => windowCount(n, 4, 'anywhere'));
  assert.deepEqual(counts, [1, 1, 1, 2, 2, 2, 3]);
  assert.equal(windowCount(100, 4, 'latest'), 1);
});

test('the latest window is the end of the history; one anywhere starts at each place alike', () => {
  const stream = random(1, 'windows');
  assert.deepEqual(drawWindow(history, 4, 'latest', stream), Int32Array.of(4, 5, 6, 7));
  const starts = new Map<number, number>();
  for (let i = 0; i < 4000; i++) {
    const window = drawWindow(history, 4, 'anywhere', stream);
    assert.deepEqual(
      [...window],
      [0, 1, 2, 3].map((t) => window[0] + t),
    );
    starts.set(window[0], (starts.get(window[0]) ?? 0) + 1);
  }
  assert.deepEqual([...starts.keys()].sort(), [1, 2, 3, 4]);
  // Four places, 1,000 expected: within 4.5 standard deviations of √(4000 · ¼ · ¾) = 27.
  for (const count of starts.values()) assert.ok(Math.abs(count - 1000) < 124, `${count}`);
});

test('a history that is shorter than a window is read whole', () => {
  const short = Int32Array.of(5, 6);
  for (const windows of ['latest', 'anywhere'] as const)
    assert.deepEqual(drawWindow(short, 4, windows, random(1, 'short')), short);
});

test('shuffling keeps the items; how often it happens is as declared', () => {
  const stream = random(1, 'shuffled');
  assert.equal(shuffled(history, 0, stream), history);
  let moved = 0;
  for (let i = 0; i < 1000; i++) {
    const drawn = shuffled(history, 0.5, stream);
    assert.deepEqual([...drawn].sort(), [...history]);
    if (drawn !== history) moved++;
  }
  assert.ok(Math.abs(moved - 500) < 72, `${moved} of 1000`); // 4.5 standard deviations
});
