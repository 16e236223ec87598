import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { splitInstances } from '../../lib/datasets/tasks/split';
import type { Task } from '../../lib/datasets/tasks/tasks';
import type { BaselineBudgets } from '../../lib/methods/budgets';
import type { Baseline } from '../../lib/methods/experiment';
import { opponents } from '../../lib/methods/opponents';
import type { Preset } from '../../lib/methods/presets';
import { mostFrequent, opponentRecipe } from '../../lib/recipes/opponents';
import { trunkShape } from '../../lib/recipes/settings';
import { fineAllWeights } from '../../lib/runs/measured';
import { run } from '../../lib/runs/run';
import { type Classified, metricsOf } from '../../lib/training/evaluate';
import { everywhere } from '../runs/tinyRun';
import { classOf, newsOf, source } from './interests';
import { inFolder, preset as tiny } from './tinyTasks';

const budget = { batch: 32, rate: 0.01, passes: 1000, steps: 120, evaluations: 1 };
const both = <B>(one: B) => ({ recommend: one, classify: one });
const baselines: BaselineBudgets = {
  'item co-occurrence': both({ item: 0.5, label: 0.5, shrink: 1 }),
  'bag of items': both({ ...budget, decay: 0.001 }),
  NeuFM: both({ ...budget, dropout: 0.2 }),
  DeepFM: both({ ...budget, dropout: 0.2 }),
  MTL: both({ batch: 32, evaluations: 1, rate: 0.01, dropout: 0.2, lambda: 0.5 }),
};
/** MTL takes as many steps as pre-training. */
const pretrainedFor = (steps: number): Preset['pretraining'] => ({
  ...tiny.pretraining,
  causal: { ...tiny.pretraining.causal, passes: 1000, steps },
});
const preset: Preset = { ...tiny, baselines, pretraining: pretrainedFor(240) };
/** The same at a few steps, for what does not depend on how much is learnt. */
const brief: Preset = {
  ...preset,
  pretraining: pretrainedFor(6),
  baselines: Object.fromEntries(
    Object.entries(baselines).map(([name, { recommend }]) => [
      name,
      both({ ...recommend, ...(name === 'item co-occurrence' ? {} : { steps: 6, evaluations: 6 }) }),
    ]),
  ) as unknown as BaselineBudgets,
};

async function ran(task: Task, experiment: Baseline, given: Preset, seed = 1) {
  const recipe = opponentRecipe(task, experiment, given);
  try {
    return await recipe.run(seed);
  } finally {
    recipe.dispose();
  }
}

/** HR@5 or accuracy on the test part. */
const headline = (task: Task, test: Parameters<typeof metricsOf>[1]) =>
  metricsOf(task, test)[task.kind === 'classify' ? 'Acc' : 'HR@5'];

const trained = Object.values(opponents).filter(({ model }) => model !== 'item co-occurrence');
const kinds = [newsOf, classOf];

for (const experiment of Object.values(opponents)) {
  for (const taskIn of kinds) {
    const task = taskIn('structured');
    const simple = headline(task, mostFrequent(task, 1).test);

    test(`${experiment.id} is far above counting labels on ${task.name} where users have interests`, async () => {
      const found = headline(task, (await ran(task, experiment, preset)).test);
      assert.ok(found > simple + 0.4 && found > 0.8, `${found} against ${simple}`);
    });

    test(`${experiment.id} finds nothing on ${task.name} where labels are those of strangers`, async () => {
      const nothing = taskIn('unstructured');
      const found = headline(nothing, (await ran(nothing, experiment, preset)).test);
      const counted = headline(nothing, mostFrequent(nothing, 1).test);
      assert.ok(found < counted + 0.15, `${found} against ${counted}`);
    });
  }
}

for (const experiment of Object.values(opponents)) {
  test(`${experiment.id}: the same seed gives the same numbers, another seed others`, async () => {
    for (const taskIn of kinds) {
      const task = taskIn('structured');
      const numbers = async (seed: number) => {
        const { curve, test, valid } = await ran(task, experiment, brief, seed);
        return { losses: curve.map(({ loss }) => loss), test, valid };
      };
      assert.deepEqual(await numbers(1), await numbers(1));
      assert.notDeepEqual(await numbers(1), await numbers(2));
    }
  });
}

/** A task whose split stays the same whatever its instances are. */
function withSplit(task: Task): Task {
  return { ...task, given: { split: splitInstances(task, 1), negatives: [] } };
}

/** The same task with another label for every instance outside the training part. */
function heldOutChanged(task: Task): Task {
  const train = new Set(splitInstances(task, 1).train);
  const instances = task.instances.map(({ user, label }, i) => ({
    user,
    label: train.has(i) ? label : (label + 1) % task.labels.length,
  }));
  const known = task.known.map((_, user) =>
    instances.filter((instance) => instance.user === user).map(({ label }) => label),
  );
  return { ...task, instances, known };
}

/** The same task where nobody without a training label has read what he had. */
function strangersChanged(task: Task): Task {
  const users = new Set(splitInstances(task, 1).train.map((i) => task.instances[i].user));
  const sequences = source.sequences.map((sequence, user) =>
    users.has(user) ? sequence : sequence.map((item) => 1 + (item % source.items.length)),
  );
  return { ...task, source: { ...source, sequences } };
}

const readsStrangers = ({ model }: Baseline) => model === 'MTL';

for (const experiment of trained) {
  for (const taskIn of kinds) {
    const task = withSplit(taskIn('structured'));

    test(`${experiment.id} on ${task.name}: held-out labels change no step, sequences of other users ${readsStrangers(experiment) ? 'do' : 'neither'}`, async () => {
      const losses = async (given: Task) =>
        (await ran(given, experiment, brief)).curve.map(({ loss }) => loss);
      const own = await losses(task);
      assert.deepEqual(await losses(heldOutChanged(task)), own);
      const isSame = isDeepStrictEqual(await losses(strangersChanged(task)), own);
      assert.equal(isSame, !readsStrangers(experiment));
    });
  }
}

test('held-out labels change no prediction', async () => {
  const task = withSplit(classOf('structured'));
  for (const experiment of Object.values(opponents)) {
    const predictions = async (own: Task) =>
      (await ran(own, experiment, brief)).test.map((outcome) => (outcome as Classified).predicted);
    assert.deepEqual(await predictions(heldOutChanged(task)), await predictions(task), experiment.id);
  }
});

test('catalogues above the limit train by sampled softmax and row-wise Adam, and still learn', async () => {
  const large: Preset = { ...preset, softmax: { fullUpTo: 20, candidates: 12 } };
  const task = newsOf('structured');
  for (const experiment of [opponents.NeuFM, opponents.DeepFM, opponents.MTL]) {
    const found = headline(task, (await ran(task, experiment, large)).test);
    assert.ok(found > 0.8, `${experiment.id}: ${found}`);
  }
});

/**
 * k = 8, 24 items and a row for padding, 24 labels: an embedding of 25 · 8; a layer of 8 · 8 + 8; a softmax layer of
 * 24 · (m + 1), where m = 2k or 3k. MTL: 26 rows of 8, four convolution layers of 216, and 24 · 9.
 */
const accounts: readonly (readonly [keyof typeof opponents, number])[] = [
  ['BagOfItems', 25 * 24 + 24],
  ['NeuFM', 25 * 8 + 16 + 72 + 24 * 17],
  ['DeepFM', 25 * 8 + 3 * 72 + 24 * 25],
  ['MTL', 26 * 8 + 4 * 216 + 24 * 9],
];
test('the account of an opponent counts all of its weights, for each task anew', () =>
  inFolder(async (out) => {
    const task = newsOf('structured');
    const fineAll = 26 * 8 + 4 * 216 + 24 * 9;
    assert.equal(fineAllWeights(trunkShape(source, preset, 'causal'), 24), fineAll);
    const experiments = accounts.map(([name]) => opponents[name]);
    const options = { data: 'made-up', tasks: [task], preset: brief, seeds: 1, out };
    const { results, pretraining } = await run(options, everywhere(...experiments));
    assert.deepEqual(
      results.map(({ parameters }) => parameters),
      accounts.map(([, total]) => ({ total, tuned: total, share: total / fineAll, perTaskBytes: 4 * total })),
    );
    assert.deepEqual(
      results.map(({ method, trunk, stoppedAt }) => [method, trunk, stoppedAt]),
      [
        ['Bag of items', 'none', 6],
        ['NeuFM', 'none', 6],
        ['DeepFM', 'none', 6],
        ['MTL', 'causal', 6],
      ],
    );
    assert.deepEqual(pretraining, []);
  }));

test('co-occurrence keeps its counts and tunes nothing; a changed budget is another document', () =>
  inFolder(async (out) => {
    const options = { data: 'made-up', tasks: [newsOf('structured')], seeds: 1, out };
    const once = { ...options, preset: brief };
    const planned = everywhere(opponents.ItemCooccurrence);
    const [{ parameters, instances }] = (await run(once, planned)).results;
    assert.equal(parameters.tuned, 0);
    assert.equal(parameters.perTaskBytes, 4 * parameters.total);
    const shrunk = { ...brief.baselines, 'item co-occurrence': both({ item: 1, label: 0, shrink: 9 }) };
    const [again] = (await run({ ...once, preset: { ...brief, baselines: shrunk } }, planned)).results;
    assert.notEqual(again.instances, instances);
  }));
