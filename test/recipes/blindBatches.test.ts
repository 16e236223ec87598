import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInstances } from '../../lib/datasets/tasks/split';
import type { Task } from '../../lib/datasets/tasks/tasks';
import { fineTuningSteps } from '../../lib/recipes/batches';
import { tuningOf } from '../../lib/recipes/settings';
import { fineTuning, news, preset } from './tinyTasks';

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
