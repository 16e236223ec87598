import { test } from 'node:test';
import { requireBlindNegatives } from '../../lib/datasets/tasks/leakage';
import { random } from '../../lib/random';
import { instanceBatch } from '../../lib/training/batches';
import { taskWith } from '../datasets/taskWith';
import { shapeOf } from '../model/tinyModel';

test('the negatives of a training batch do not depend on held-out labels', () => {
  const known = Array.from({ length: 40 }, (_, user) => [0, 1, 2].map((i) => (user + i) % 5));
  const task = taskWith(5, known);
  const part = (from: number) => task.instances.map((_, i) => i).filter((i) => i % 3 === from);
  requireBlindNegatives(task, { train: part(0), valid: part(1), test: part(2) }, (seen, index) => {
    const groups = [{ user: seen.instances[index].user, instances: [index] }];
    const stream = random(1, 'blind', String(index));
    return instanceBatch(seen, groups, { users: 1, labels: 1 }, shapeOf('causal'), 2, stream).negatives[0];
  });
});
