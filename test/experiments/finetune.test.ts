import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInstances } from '../../lib/datasets/split';
import type { Task } from '../../lib/datasets/tasks';
import { type FineTuning, selections } from '../../lib/experiments/experiment';
import { compileFineTuning, finetune, startModel } from '../../lib/experiments/finetune';
import { freshPretraining } from '../../lib/experiments/pretrain';
import { tuningSteps } from '../../lib/experiments/tuningBatches';
import type { Batch } from '../../lib/tensorflow/program';
import { leaves, type Tree, type Weight } from '../../lib/tensorflow/weights';
import { fineTuning, fineTunings, news, parity, preset, source } from './tinyTasks';

const { trunk } = freshPretraining(source, preset, 7);

async function tune(task: Task, experiment: FineTuning, seed = 1) {
  const start = startModel(task, experiment, preset, seed, experiment.start === 'random' ? undefined : trunk);
  const program = compileFineTuning(task, experiment, preset, start);
  try {
    return { start, ...(await finetune(program, task, preset, seed, start)) };
  } finally {
    program.dispose();
  }
}

for (const experiment of fineTunings) {
  test(`${experiment.name}: after fine-tuning every weight outside the selection is bit-identical`, async () => {
    const { start, weights } = await tune(parity, experiment);
    const selected = selections[experiment.tuned]<Weight>(start).flatMap((tree) => leaves<Weight>(tree));
    const tuned = new Set(selected.map(([, weight]) => weight));
    const after = new Map(leaves<Weight>(weights as Tree<Weight>));
    for (const [path, weight] of leaves<Weight>(start as Tree<Weight>)) {
      const { values } = after.get(path) as Weight;
      if (tuned.has(weight)) assert.notDeepEqual(values, weight.values, path);
      else assert.deepEqual(Buffer.from(values.buffer), Buffer.from(weight.values.buffer), path);
    }
  });
}

const tunedParts: readonly (readonly [string, string[]])[] = [
  ['PeterRec', ['patches', 'head']],
  ['PeterZero-frozen', ['patches', 'head']],
  ['PeterZero-all', ['trunk', 'patches', 'head']],
  ['FineCLS', ['head']],
  ['FineAll', ['trunk', 'head']],
  ['FineZero', ['trunk', 'head']],
];
for (const [name, parts] of tunedParts) {
  test(`${name} tunes ${parts.join(', ')}`, () => {
    const model = startModel(news, fineTuning(name), preset, 1, trunk);
    const tuned = selections[fineTuning(name).tuned]<Weight>(model);
    const paths = (tree: Tree<Weight>) => leaves<Weight>(tree).map(([, weight]) => weight);
    assert.deepEqual(
      tuned.flatMap(paths),
      parts.flatMap((part) => paths(model[part as keyof typeof model] as Tree<Weight>)),
    );
  });
}

for (const task of [news, parity]) {
  test(`${task.name}: the same seed gives the same numbers twice, another seed others`, async () => {
    const [a, b, c] = [
      await tune(task, fineTuning('PeterRec')),
      await tune(task, fineTuning('PeterRec')),
      await tune(task, fineTuning('PeterRec'), 2),
    ];
    const numbers = ({ curve, weights, test, valid }: typeof a) => ({
      curve: curve.map(({ seconds: _, ...rest }) => rest),
      weights,
      test,
      valid,
    });
    assert.deepEqual(numbers(b), numbers(a));
    assert.notDeepEqual(numbers(c), numbers(a));
  });
}

test('a program serves every seed: after another seed it gives what a new program gives', async () => {
  const experiment = fineTuning('FineAll');
  const starts = [1, 2].map((seed) => startModel(news, experiment, preset, seed, trunk));
  const program = compileFineTuning(news, experiment, preset, starts[0]);
  await finetune(program, news, preset, 1, starts[0]);
  const again = await finetune(program, news, preset, 2, starts[1]);
  program.dispose();
  assert.deepEqual(again.weights, (await tune(news, experiment, 2)).weights);
});

test('every test instance is ranked, and the reported metrics are those after the last step', async () => {
  const { test: found, curve } = await tune(news, fineTuning('FineCLS'));
  assert.deepEqual(
    found.map(({ instance }) => instance),
    splitInstances(news, 1).test,
  );
  assert.deepEqual(
    curve.map(({ step }) => step),
    [2, 4],
  );
  const hits = found.filter((outcome) => outcome.kind === 'ranked' && outcome.rank <= 5).length;
  assert.equal(curve[1].test['HR@5'], hits / found.length);
});

test('a pre-trained trunk is taken as it is; without one the start is that of pre-training', () => {
  const given = startModel(news, fineTuning('PeterRec'), preset, 1, trunk);
  assert.equal(given.trunk, trunk);
  const random = startModel(news, fineTuning('PeterZero-all'), preset, 1);
  assert.deepEqual(random.trunk, freshPretraining(source, preset, 1).trunk);
  assert.throws(() => startModel(news, fineTuning('PeterRec'), preset, 1), /PeterRec needs a trunk/);
});

test('experiments that differ in what they tune start from the same weights', () => {
  const [frozen, all] = ['PeterZero-frozen', 'PeterZero-all'].map((name) =>
    startModel(news, fineTuning(name), preset, 3),
  );
  assert.deepEqual(frozen, all);
});

/** Two news items for each user. */
const twice: Task = {
  ...news,
  instances: news.instances.flatMap(({ user, label }) => [
    { user, label },
    { user, label: (label + 3) % 10 },
  ]),
  known: news.known.map(([label]) => [label, (label + 3) % 10]),
};

/** The same labels with one row of ids for each. */
function ungrouped(batch: Batch): Batch {
  const { owner, ids } = batch;
  const T = source.length + 1;
  const rows = [...owner].flatMap((row) => [...ids.subarray(row * T, (row + 1) * T)]);
  return { ...batch, ids: Int32Array.from(rows), owner: owner.map((_, i) => i) };
}

/** All batches have the whole length. */
const whole = { ...preset, padding: 'embedded' as const };

test('labels that share an encoding train as with one encoding each, on fewer users', () => {
  const experiment = fineTuning('FineAll');
  const start = startModel(twice, experiment, preset, 1, trunk);
  const [byUser, byInstance] = (['user', 'instance'] as const).map((grouping) =>
    compileFineTuning(twice, experiment, { ...whole, grouping }, start),
  );
  const steps = tuningSteps(twice, { ...whole, grouping: 'user' }, 1);
  for (let step = 0; step < 4; step++) {
    const { signature, batch } = steps.next().value;
    assert.ok(batch.ids.length < ungrouped(batch).ids.length);
    const [shared] = byUser.run(signature, batch).loss;
    const [single] = byInstance.run(signature, ungrouped(batch)).loss;
    assert.ok(Math.abs(shared - single) < 1e-5, `step ${step}: ${shared} and ${single}`);
  }
  byUser.dispose();
  byInstance.dispose();
});

const masked = { ...preset, padding: 'masked' as const };

test('masked: batches are as long as their users need, and all lengths share one optimiser', async () => {
  const steps = tuningSteps(news, masked, 1);
  const taken = Array.from({ length: 30 }, () => steps.next().value);
  assert.deepEqual([...new Set(taken.map(({ signature }) => signature))].sort(), ['train-4', 'train-8']);
  const experiment = fineTuning('PeterRec');
  const start = startModel(news, experiment, masked, 1, trunk);
  const program = compileFineTuning(news, experiment, masked, start);
  for (const { signature, batch } of taken.slice(0, 8)) program.run(signature, batch);
  const optimisers = [...program.snapshot().keys()].filter((name) => /beta1Power/.test(name));
  assert.equal(optimisers.length, 1);
  const { weights } = await finetune(program, news, masked, 1, start);
  program.dispose();
  assert.deepEqual(weights.trunk, start.trunk);
  assert.notDeepEqual(weights.patches, start.patches);
});
