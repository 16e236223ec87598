import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../lib/experiments/resolve/resolve';
import { type Progress, progressOf } from '../../../lib/experiments/runs/progress';

/** A job of so many steps at most, less the one that all have. */
const job = (kind: string, steps: number) =>
  ({ label: kind, record: { kind, trunk: 'causal', steps: steps - 1 } }) as unknown as Job;

test('the time left is that of like jobs, which end before their steps do', () => {
  const trunks = [job('trunk', 1000), job('trunk', 1000)];
  const models = [job('fine-tuning', 100), job('fine-tuning', 100)];
  const seen: Progress[] = [];
  let now = 0;
  const progress = progressOf(
    [...trunks, ...models],
    [...trunks, ...models],
    (one) => seen.push(one),
    () => now,
  );
  const after = (seconds: number, tell: () => void) => {
    now += seconds;
    tell();
    return seen.at(-1)?.secondsLeft;
  };
  assert.equal(
    after(0, () => progress.within('A', trunks[0], 'trunk', 0)),
    undefined,
  );
  // a tenth took 10 s: the whole would take 100, another one too, and models 10 each
  assert.equal(
    after(10, () => progress.within('A', trunks[0], 'trunk', 0.1)),
    90 + 100 + 2 * 10,
  );
  // it ends at twice as much: so will the other one, and models by the same pace take 2 each
  assert.equal(
    after(10, () => progress.end('A', trunks[0])),
    20 + 2 * 2,
  );
  assert.equal(
    after(0, () => progress.within('A', trunks[1], 'trunk', 0)),
    20 + 2 * 2,
  );
  // a model ends in 5 s while the trunk is under way: so will the other one; two share what is left
  assert.equal(
    after(0, () => progress.within('B', models[0], 'model', 0)),
    (20 + 2 * 2) / 2,
  );
  assert.equal(
    after(5, () => progress.end('B', models[0])),
    20 - 5 + 5,
  );
});
