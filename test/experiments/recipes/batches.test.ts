import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInstances } from '../../../lib/data/tasks/split';
import type { Task } from '../../../lib/data/tasks/tasks';
import type { Direction } from '../../../lib/engine/ops/convolution';
import type { Pretraining } from '../../../lib/experiments/methods/budgets';
import { fineTuningSteps, pretrainingSteps } from '../../../lib/experiments/recipes/batches';
import { pretrainingOf, tuningOf } from '../../../lib/experiments/recipes/settings';
import { fineTuning, news, preset, source } from './tinyTasks';

const users = source.users.map((_, user) => user);

const plain = { windows: 'latest', shuffled: 0, dropout: 0 } as const;

/** The steps of pre-training. */
function stepsOf(changes: Partial<Pretraining>, direction: Direction = 'causal', seed = 1, of = source) {
  const budget = { ...preset.pretraining[direction], ...plain, ...changes };
  const pretraining = { ...preset.pretraining, [direction]: budget };
  return pretrainingSteps(pretrainingOf(of, { ...preset, pretraining }, direction), users, seed);
}

const taken = (...of: Parameters<typeof stepsOf>) => {
  const { next } = stepsOf(...of);
  return Array.from({ length: 20 }, () => next().batch);
};

test('of the latest windows a pass takes one a user; of windows anywhere as many as his history fills', () => {
  assert.equal(stepsOf({}).passSize, source.users.length);
  const filled = users.map((u) =>
    Math.max(1, Math.round((source.preceding[u].length + source.sequences[u].length) / source.length)),
  );
  const { passSize } = stepsOf({ windows: 'anywhere' });
  assert.equal(
    passSize,
    filled.reduce((sum, n) => sum + n, 0),
  );
  assert.ok(passSize > source.users.length);
});

test('windows anywhere hold items from before the latest sequences', () => {
  const earlier = { ...source, preceding: source.preceding.map((items) => items.map(() => 12)) };
  const rows = taken({ windows: 'anywhere' }, 'causal', 1, earlier);
  assert.ok(rows.some(({ ids }) => ids.join(' ').includes('12 12 12')));
});

for (const direction of ['causal', 'non-causal'] as const) {
  test(`dropout covers embeddings and predicted states, and batches follow from the seed, ${direction}`, () => {
    const batches = taken({ dropout: 0.25 }, direction);
    for (const { ids, labels, embeddingMask, stateMask } of batches) {
      assert.equal(embeddingMask.length, ids.length * preset.channels);
      assert.equal(stateMask.length, labels.length * preset.channels);
    }
    const values = batches.flatMap(({ embeddingMask }) => [...(embeddingMask as Float32Array)]);
    assert.ok(Math.abs(values.filter((value) => value === 0).length / values.length - 0.25) < 0.02);
    assert.ok(!('embeddingMask' in taken({}, direction)[0]));
    const robust = { windows: 'anywhere', shuffled: 0.5, dropout: 0.2 } as const;
    assert.deepEqual(taken(robust, direction, 1), taken(robust, direction, 1));
    assert.notDeepEqual(taken(robust, direction, 1), taken(robust, direction, 2));
  });
}

/** Three labels of each user. */
const known = news.known.map((_, user) => [0, 1, 2].map((i) => (user + i) % news.labels.length));
const task: Task = {
  ...news,
  known,
  instances: known.flatMap((own, user) => own.map((label) => ({ user, label }))),
};

/** The same training part; other labels in the others, and with them other known targets of the users. */
function withOtherHeldOut(seed: number): Task {
  const { valid, test: tested } = splitInstances(task, seed);
  const heldOut = new Set([...valid, ...tested]);
  const instances = task.instances.map(({ user, label }, i) => ({
    user,
    label: heldOut.has(i) ? (label + 3) % task.labels.length : label,
  }));
  const known = task.known.map((_, u) => instances.filter(({ user }) => user === u).map((own) => own.label));
  return { ...task, instances, known };
}

test('training batches, negatives included, stay the same whatever the held-out labels are', () => {
  const batches = [task, withOtherHeldOut(1)].map((seen) => {
    const steps = fineTuningSteps(tuningOf(seen, fineTuning('PeterRec'), preset), 1);
    return Array.from({ length: 20 }, () => steps.next());
  });
  assert.ok(batches[0].every(({ batch }) => batch.negatives.length > 0));
  assert.deepEqual(batches[1], batches[0]);
});
