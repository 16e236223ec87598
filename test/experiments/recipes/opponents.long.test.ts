import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { splitInstances } from '../../../lib/data/tasks/split';
import type { Task } from '../../../lib/data/tasks/tasks';
import type { Against } from '../../../lib/experiments/methods/experiment';
import type { Preset } from '../../../lib/experiments/methods/presets';
import { opponentRecipe, opponents } from '../../../lib/experiments/opponents/opponents';
import { mostFrequent } from '../../../lib/experiments/recipes/counting';
import type { OpponentRecord } from '../../../lib/experiments/records/record';
import { trunkShape } from '../../../lib/experiments/records/trunks';
import { fineAllWeights } from '../../../lib/experiments/resolve/tasks';
import { run } from '../../../lib/experiments/runs/run';
import { metricsOf, type Outcome } from '../../../lib/training/evaluate';
import { folderWith } from '../../data/folders';
import { everywhere } from '../runs/tinyRun';
import { classOf, newsOf, source } from './interests';
import { recordOf } from './settingsOf';
import { preset as tiny } from './tinyTasks';
import { numbers } from './trained';

/** Budgets of so many steps; MTL takes as many as pre-training. */
function within(steps: number, evaluations: number, pretraining: number): Preset {
  const budget = { batch: 32, rate: 0.01, passes: 1000, fixed: 1000, steps, evaluations };
  const changes = {
    'item co-occurrence': { item: 0.5, label: 0.5, shrink: 1 },
    'bag of items': { ...budget, decay: 0.001 },
    EASE: { lambda: 1 },
    NeuFM: { ...budget, dropout: 0.2 },
    DeepFM: { ...budget, dropout: 0.2 },
    MTL: { ...budget, steps: pretraining, dropout: 0.2, lambda: 0.5 },
  };
  const nextItem = { ...tiny.pretraining.nextItem, passes: 1000, steps: pretraining };
  const opponents = { level: 'quick', changes } as const;
  return { ...tiny, opponents, pretraining: { ...tiny.pretraining, nextItem } };
}
const preset = within(120, 1, 240);
/** For what does not depend on how much is learnt. */
const brief = within(6, 1, 6);

async function completed(task: Task, experiment: Against, given: Preset, seed = 1) {
  const recipe = opponentRecipe(recordOf<OpponentRecord>(task, experiment, given), task);
  return numbers(await recipe.run(seed).finally(recipe.dispose));
}

/** HR@5 or accuracy on the test part. */
const headline = (task: Task, test: readonly Outcome[]) =>
  metricsOf(task, test)[task.kind === 'classify' ? 'Acc' : 'HR@5'];

/** A task whose split stays the same whatever its instances are. */
const withSplit = (task: Task): Task => ({
  ...task,
  given: { split: splitInstances(task, 1), negatives: [] },
});

/** The same task with another label for every instance of one part. */
function changedIn(part: 'valid' | 'test', task: Task): Task {
  const changed = new Set(splitInstances(task, 1)[part]);
  const other = (label: number, i: number) => (changed.has(i) ? (label + 1) % task.labels.length : label);
  return {
    ...task,
    instances: task.instances.map(({ user, label }, i) => ({ user, label: other(label, i) })),
  };
}

/** The same task where nobody without a training label has read what he had. */
function strangersChanged(task: Task): Task {
  const users = new Set(splitInstances(task, 1).train.map((i) => task.instances[i].user));
  const sequences = source.sequences.map((sequence, user) =>
    users.has(user) ? sequence : sequence.map((item) => 1 + (item % source.items.length)),
  );
  return { ...task, source: { ...source, sequences } };
}

for (const experiment of Object.values<Against>(opponents)) {
  const { id, model } = experiment;
  for (const taskIn of [newsOf, classOf]) {
    const [task, nothing] = [withSplit(taskIn('structured')), taskIn('unstructured')];
    if (experiment.of && experiment.of !== task.kind) continue;

    test(`${id} on ${task.name} is far above counting labels where users have interests, and not where labels are strangers’`, async () => {
      const found = headline(task, (await completed(task, experiment, preset)).test);
      assert.ok(found > headline(task, mostFrequent(task, 1).test) + 0.4 && found > 0.8, String(found));
      const none = headline(nothing, (await completed(nothing, experiment, preset)).test);
      assert.ok(none < headline(nothing, mostFrequent(nothing, 1).test) + 0.15, String(none));
    });

    test(`${id} on ${task.name}: numbers follow from the seed; held-out labels change no step and no prediction`, async () => {
      const own = await completed(task, experiment, brief);
      assert.deepEqual(await completed(task, experiment, brief), own);
      const bySeed = (seed: number) => completed(taskIn('structured'), experiment, brief, seed);
      assert.notDeepEqual(await bySeed(2), await bySeed(1));
      const losses = ({ curve }: typeof own) => curve.map(({ loss }) => loss);
      const [valid, test] = [
        await completed(changedIn('valid', task), experiment, brief),
        await completed(changedIn('test', task), experiment, brief),
      ];
      for (const blind of [valid, test]) assert.deepEqual(losses(blind), losses(own));
      assert.deepEqual(valid.test, own.test);
      assert.deepEqual(test.valid, own.valid);
      if (['item co-occurrence', 'EASE'].includes(model)) return;
      const others = await completed(strangersChanged(task), experiment, brief);
      assert.equal(isDeepStrictEqual(losses(others), losses(own)), model !== 'MTL'); // MTL reads all users
    });
  }
}

test('catalogues above the limit train by sampled softmax and row-wise Adam, and still learn', async () => {
  const large: Preset = { ...preset, softmax: { fullUpTo: 20, candidates: 12 } };
  const task = newsOf('structured');
  for (const experiment of [opponents.NeuFM, opponents.DeepFM, opponents.MTL]) {
    const found = headline(task, (await completed(task, experiment, large)).test);
    assert.ok(found > 0.8, `${experiment.id}: ${found}`);
  }
});

const asked = { data: 'made-up', tasks: [newsOf('structured')], preset: brief, seeds: 1 };

/**
 * k = 8, 24 items and a row for padding, 24 labels: an embedding of 25 · 8; a layer of 8 · 8 + 8; a softmax layer of
 * 24 · (m + 1), where m = 2k or 3k. MTL: 26 rows of 8, four convolution layers of 216, and 24 · 9.
 */
const accounts: readonly (readonly [keyof typeof opponents, trunk: string, number])[] = [
  ['BagOfItems', 'none', 25 * 24 + 24],
  ['NeuFM', 'none', 25 * 8 + 16 + 72 + 24 * 17],
  ['DeepFM', 'none', 25 * 8 + 3 * 72 + 24 * 25],
  ['MTL', 'causal', 26 * 8 + 4 * 216 + 24 * 9],
];
test('the account of an opponent counts all of its weights, for each task anew', async () => {
  const fineAll = 26 * 8 + 4 * 216 + 24 * 9;
  assert.equal(fineAllWeights(trunkShape(source, preset, 'causal'), 24), fineAll);
  const planned = everywhere(...accounts.map(([name]) => opponents[name]));
  const { results, pretraining } = await run({ ...asked, out: folderWith({}) }, planned);
  assert.deepEqual(
    results.map(({ experiment, trunk, stoppedAt, parameters }) => [experiment, trunk, stoppedAt, parameters]),
    accounts.map(([name, trunk, total]) => [
      ...[name, trunk, 6],
      { total, tuned: total, share: total / fineAll, perTaskBytes: 4 * total },
    ]),
  );
  assert.deepEqual(pretraining, []);
});

test('co-occurrence keeps its counts and tunes nothing; a changed budget is another document', async () => {
  const once = { ...asked, out: folderWith({}) };
  const planned = everywhere(opponents.ItemCooccurrence);
  const [{ parameters, instances }] = (await run(once, planned)).results;
  assert.deepEqual([parameters.tuned, parameters.perTaskBytes], [0, 4 * parameters.total]);
  const changes = { 'item co-occurrence': { item: 1, label: 0, shrink: 9 } };
  const [again] = (
    await run({ ...once, preset: { ...brief, opponents: { ...brief.opponents, changes } } }, planned)
  ).results;
  assert.notEqual(again.instances, instances);
});
