import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { describeDataset } from '../../../lib/data/describe/describe';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { requireNoLeak } from '../../../lib/data/tasks/leakage';
import { buildTasks } from '../../../lib/data/tasks/tasks';
import { inProject } from '../../../lib/setup/tools/project';

const present = existsSync(inProject('data/movielens-100k/ml-100k.inter'));
const skip = present ? false : 'MovieLens-100K is not there: run npm run setup';

/** Counted once by a separate script over the three files. */
const EXPECTED = {
  'ColdRec-1': { instances: 2679, users: 929, labels: 197, items: 1341, lengths: [5, 50, 50], short: 4 },
  'ColdRec-2': { instances: 3405, users: 885, labels: 166, items: 1447, lengths: [5, 60, 100], short: 7 },
  GenEst: { instances: 943, users: 943, labels: 2, items: 1447, lengths: [5, 60, 100], short: 0 },
  AgeEst: { instances: 943, users: 943, labels: 6, items: 1447, lengths: [5, 60, 100], short: 0 },
  LifeEst: { instances: 943, users: 943, labels: 6, items: 1447, lengths: [5, 60, 100], short: 0 },
};
const CLASSES = {
  GenEst: { F: 273, M: 670 },
  AgeEst: { 'under 20': 77, '20-29': 332, '30-39': 241, '40-49': 168, '50-59': 94, '60+': 31 },
  LifeEst: {
    'student under 22': 102,
    'student 22+': 94,
    'others under 30': 229,
    '30-39': 227,
    '40-49': 166,
    '50+': 125,
  },
};

/** Item popularity on seed 1: HR@5 and MRR@5 among 1 + 99, then in the full pool. */
const POPULARITY = { 'ColdRec-1': [0.682, 0.485, 0.594, 0.398], 'ColdRec-2': [0.48, 0.296, 0.387, 0.235] };

test('MovieLens-100K gives the five tasks of its card, without a leak, and popularity', {
  skip,
}, () => {
  const dataset = loadDataset('movielens-100k');
  const built = buildTasks(dataset);
  for (const task of built) for (const seed of [0, 1]) requireNoLeak(task, seed);
  const { tasks } = describeDataset(dataset, built);
  const found = tasks.map((task) => {
    const { min, median, max } = task.sequenceLength;
    const {
      targetInstances: instances,
      users,
      labels,
      sourceItems: items,
      usersShortOfNegatives: short,
    } = task;
    return [task.task, { instances, users, labels, items, lengths: [min, median, max], short }];
  });
  assert.deepEqual(Object.fromEntries(found), EXPECTED);
  for (const { sourceInstances, dropped } of tasks) assert.deepEqual([sourceInstances, dropped], [943, []]);
  for (const [name, counts] of Object.entries(CLASSES)) {
    const shares = Object.fromEntries(Object.entries(counts).map(([label, count]) => [label, count / 943]));
    assert.deepEqual(tasks.find(({ task }) => task === name)?.classShares, shares);
  }
  const reached = tasks.flatMap(({ task, popularity }) =>
    popularity === null ? [] : [[task, Object.values(popularity).map((value) => Number(value.toFixed(3)))]],
  );
  assert.deepEqual(Object.fromEntries(reached), POPULARITY);
});
