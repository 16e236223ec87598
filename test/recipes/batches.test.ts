import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInstances } from '../../lib/datasets/tasks/split';
import type { Task } from '../../lib/datasets/tasks/tasks';
import type { Pretraining } from '../../lib/methods/budgets';
import { fineTuningSteps, pretrainingSteps } from '../../lib/recipes/batches';
import { pretrainingOf, tuningOf } from '../../lib/recipes/settings';
import type { Direction } from '../../lib/tensorflow/ops/convolution';
import { fineTuning, news, preset, source } from './tinyTasks';

const users = source.users.map((_, user) => user);

/** The batches of two passes and their size. */
function twoPasses(changes: Partial<Pretraining>, direction: Direction = 'causal', seed = 1) {
  const budget = {
    ...preset.pretraining[direction],
    windows: 'latest',
    shuffled: 0,
    dropout: 0,
    ...changes,
  } as const;
  const pretraining = { ...preset.pretraining, [direction]: budget };
  const setting = pretrainingOf(source, { ...preset, pretraining }, direction);
  const { passSize, next } = pretrainingSteps(setting, users, seed);
  const steps = [];
  for (let seen = 0; seen < 2 * passSize; ) {
    const step = next();
    steps.push(step);
    seen += step.instances;
  }
  return { passSize, steps };
}

test('of the latest windows a pass takes one a user; of windows anywhere as many as his history fills', () => {
  assert.equal(twoPasses({}).passSize, source.users.length);
  const filled = users.map((u) =>
    Math.max(1, Math.round((source.preceding[u].length + source.sequences[u].length) / source.length)),
  );
  const { passSize } = twoPasses({ windows: 'anywhere' });
  assert.equal(
    passSize,
    filled.reduce((sum, n) => sum + n, 0),
  );
  assert.ok(passSize > source.users.length);
});

test('windows anywhere hold items from before the latest sequences', () => {
  const onlyPreceding = { ...source, preceding: source.preceding.map((items) => items.fill(12)) };
  const budget = { ...preset.pretraining.causal, windows: 'anywhere', shuffled: 0, dropout: 0 } as const;
  const changed = { ...preset, pretraining: { ...preset.pretraining, causal: budget } };
  const { next } = pretrainingSteps(pretrainingOf(onlyPreceding, changed, 'causal'), users, 1);
  const rows = Array.from({ length: 20 }, () => next().batch.ids as Int32Array);
  assert.ok(rows.some((ids) => ids.join(' ').includes('12 12 12')));
});

for (const direction of ['causal', 'non-causal'] as const) {
  test(`dropout covers embeddings and predicted states, ${direction}`, () => {
    const { steps } = twoPasses({ dropout: 0.25 }, direction);
    for (const { batch } of steps) {
      const { ids, labels, embeddingMask, stateMask } = batch;
      assert.equal(embeddingMask.length, ids.length * preset.channels);
      assert.equal(stateMask.length, labels.length * preset.channels);
    }
    const values = steps.flatMap(({ batch }) => [...(batch.embeddingMask as Float32Array)]);
    const zeros = values.filter((value) => value === 0).length;
    assert.ok(Math.abs(zeros / values.length - 0.25) < 0.02);
    assert.ok(!('embeddingMask' in twoPasses({}, direction).steps[0].batch));
  });

  test(`the same seed gives the same batches, another seed others, ${direction}`, () => {
    const robust = { windows: 'anywhere', shuffled: 0.5, dropout: 0.2 } as const;
    const batches = (seed: number) => twoPasses(robust, direction, seed).steps.map(({ batch }) => batch);
    assert.deepEqual(batches(1), batches(1));
    assert.notDeepEqual(batches(1), batches(2));
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
  const taken = [task, withOtherHeldOut(1)].map((seen) => {
    const steps = fineTuningSteps(tuningOf(seen, fineTuning('PeterRec'), preset), 1);
    return Array.from({ length: 20 }, () => steps.next());
  });
  assert.ok(taken[0].every(({ batch }) => batch.negatives.length > 0));
  assert.deepEqual(taken[1], taken[0]);
});
