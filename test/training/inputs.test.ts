import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random, uniform } from '../../lib/base/random';
import { int32 } from '../../lib/engine/graph/signature';
import { drawn, dropout, type Input, specsOf, streamsOf } from '../../lib/training/inputs';
import { negatives, ownLabels, readUsers } from '../../lib/training/taskInputs';
import { taskWith } from '../data/tasks/taskWith';
import { shapeOf } from '../model/tinyModel';

test('inputs are drawn in their order, each from what those before it have drawn', () => {
  const first: Input<number> = { specs: { a: int32(2) }, draw: (n) => ({ a: Int32Array.of(n, n + 1) }) };
  const sum: Input<number> = {
    specs: { b: int32(1) },
    draw: (_, { a }) => ({ b: Int32Array.of(a[0] + a[1]) }),
  };
  assert.deepEqual(specsOf([first, sum]), { a: int32(2), b: int32(1) });
  const batch = drawn([first, sum], 3, streamsOf(1, 'test'));
  assert.deepEqual(batch, { a: Int32Array.of(3, 4), b: Int32Array.of(7) });
});

test('a purpose has one stream in a run, that of its seed, purpose and name', () => {
  const streams = streamsOf(3, 'Films');
  const [one, two] = [uniform(streams('masks')), uniform(streams('masks'))];
  const alone = random(3, 'masks', 'Films');
  assert.deepEqual([one, two], [uniform(alone), uniform(alone)]);
  assert.notEqual(uniform(streams('dropout')), one);
});

test('dropout of 0.25 takes a quarter of the values and scales the rest by 4/3; of 0, or of nothing, it has no mask', () => {
  const inputs = [...dropout('x', [40, 50], 0.25), ...dropout('y', [2000], 0.25)];
  const { x, y } = drawn(inputs, undefined, streamsOf(1, 'test'));
  const mask = [...x, ...y];
  assert.deepEqual([...drawn(dropout('z', [4000], 0.25), undefined, streamsOf(1, 'test')).z], mask);
  const zeros = mask.filter((value) => value === 0).length;
  assert.ok(Math.abs(zeros - 1000) < 4 * Math.sqrt(4000 * 0.25 * 0.75), `${zeros} of 4000`);
  assert.ok(mask.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6));
  for (const none of [dropout('mask', [2, 3], 0), dropout('mask', [2, 0], 0.5)]) assert.deepEqual(none, []);
});

/** User 0 has labels 0 and 2, user 1 has label 1. */
const task = taskWith(3, [[0, 2], [1]]);
const size = { users: 3, labels: 5 };
const taskInputs = [
  readUsers({ task, model: { shape: shapeOf('causal') } }, size, 2),
  ownLabels(task, size),
  negatives(task, size),
];

test('a batch has each user once, and for each label its user, a weight and another label', () => {
  const groups = [
    { user: 1, instances: [2] },
    { user: 0, instances: [0, 1] },
  ];
  const { negatives, ...batch } = drawn(taskInputs, groups, streamsOf(1, 'test'));
  assert.deepEqual(batch, {
    ids: Int32Array.of(1, 2, 7, 1, 2, 7, 0, 0, 7),
    owner: Int32Array.of(0, 1, 1, 0, 0),
    labels: Int32Array.of(1, 0, 2, 0, 0),
    weights: Float32Array.of(1, 1, 1, 0, 0),
  });
  assert.equal(negatives.length, 5);
  for (const i of [0, 1, 2]) assert.ok([0, 1, 2].includes(negatives[i]) && negatives[i] !== batch.labels[i]);
});

test('training negatives are uniform over all labels but the instance’s own, other known targets too', () => {
  const five = taskWith(5, [[2, 0]]);
  const inputs = [ownLabels(five, size), negatives(five, size)];
  const [counts, streams] = [[0, 0, 0, 0, 0], streamsOf(1, 'test')];
  const one = [{ user: 0, instances: [0] }];
  for (let draw = 0; draw < 8000; draw++) counts[drawn(inputs, one, streams).negatives[0]]++;
  assert.equal(counts[2], 0);
  // four labels at probability 1/4: 2,000 each, standard deviation 39
  for (const label of [0, 1, 3, 4]) assert.ok(Math.abs(counts[label] - 2000) < 5 * 39, `${counts}`);
});
