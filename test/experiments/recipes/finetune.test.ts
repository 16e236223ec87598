import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInstances } from '../../../lib/data/tasks/split';
import type { Task } from '../../../lib/data/tasks/tasks';
import type { Batch } from '../../../lib/engine/program/program';
import { leaves, type Tree, type Weight } from '../../../lib/engine/weights';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal } from '../../../lib/experiments/methods/family';
import { fineTuningSteps } from '../../../lib/experiments/recipes/batches';
import { compileFineTuning, finetune, startModel } from '../../../lib/experiments/recipes/finetune';
import { knownUsers, selectionOf } from '../../../lib/experiments/recipes/frozen';
import { freshPretraining } from '../../../lib/experiments/recipes/pretrain';
import { assertClose } from '../../engine/bothWays';
import { snapshotOf } from '../../engine/tinyProgram';
import { pretrainingOf, tuningOf } from './settingsOf';
import { fineTuning, news, parity, preset, source } from './tinyTasks';
import { numbers, trunkOf, tuned } from './trained';

const trunk = trunkOf('causal');

/** Paths of what is tuned, by their beginnings; the trunk has two blocks. */
const tunedParts: readonly (readonly [string, string[]])[] = [
  ['PeterRec', ['patches', 'head']],
  ['PeterZero-frozen', ['patches', 'head']],
  ['PeterZero-all', ['trunk', 'patches', 'head']],
  ['FineCLS', ['head']],
  ['FineCLSZero', ['head']],
  ['FineLast1', ['trunk/blocks/1/second', 'head']],
  ['FineLast1Zero', ['trunk/blocks/1/second', 'head']],
  ['FineLast2', ['trunk/blocks/1/first', 'trunk/blocks/1/second', 'head']],
  ['FineLast2Zero', ['trunk/blocks/1/first', 'trunk/blocks/1/second', 'head']],
  ['FineAll', ['trunk', 'head']],
  ['FineZero', ['trunk', 'head']],
];
test('each method tunes its parts and nothing else', () => {
  assert.deepEqual(new Set(Object.values(causal).map(({ id }) => id)), new Set(tunedParts.map(([id]) => id)));
  for (const [name, parts] of tunedParts) {
    const model = startModel(tuningOf(news, fineTuning(name), preset), 1, trunk);
    const selected = selectionOf(fineTuning(name))<Weight>(model);
    const chosen = new Set(selected.flatMap((tree) => leaves<Weight>(tree).map(([, weight]) => weight)));
    for (const [path, weight] of leaves<Weight>(model as Tree<Weight>)) {
      const isPart = parts.some((part) => path.startsWith(`${part}/`));
      assert.equal(chosen.has(weight), isPart, `${name}: ${path}`);
    }
  }
});

for (const task of [news, parity])
  test(`${task.name}: the same seed gives the same numbers twice, another seed others`, async () => {
    const of = async (seed: number) => numbers(await tuned(task, fineTuning('PeterRec'), { seed }));
    const first = await of(1);
    assert.deepEqual(await of(1), first);
    assert.notDeepEqual(await of(2), first);
  });

test('a program serves every seed: after another seed it gives what a new program gives', async () => {
  const experiment = fineTuning('FineAll');
  const tuning = tuningOf(news, experiment, preset);
  const starts = [1, 2].map((seed) => startModel(tuning, seed, trunk));
  const program = compileFineTuning(tuning, starts[0]);
  await finetune(program, tuning, { seed: 1, start: starts[0] });
  const again = await finetune(program, tuning, { seed: 2, start: starts[1] });
  program.dispose();
  assert.deepEqual(again.weights, (await tuned(news, experiment, { seed: 2 })).weights);
});

test('every test instance is ranked, and the reported metrics are those after the last step', async () => {
  const { test: found, curve } = await tuned(news, fineTuning('FineCLS'));
  const ranked = found.map(({ instance }) => instance);
  assert.deepEqual(ranked, splitInstances(news, 1).test);
  const hits = found.filter((outcome) => outcome.kind === 'ranked' && outcome.rank <= 5).length;
  assert.equal(curve[1].test['HR@5'], hits / found.length);
});

test('a pre-trained trunk is taken as it is; without one the start is that of pre-training, whatever is tuned', () => {
  const startOf = (name: string, own?: typeof trunk) =>
    startModel(tuningOf(news, fineTuning(name), preset), 1, own);
  assert.equal(startOf('PeterRec', trunk).trunk, trunk);
  const random = startOf('PeterZero-all');
  assert.deepEqual(random.trunk, freshPretraining(pretrainingOf(source, preset, 'causal'), 1).trunk);
  assert.throws(() => startOf('PeterRec'), /News: expected a trunk to start from/);
  assert.deepEqual(startOf('PeterZero-frozen'), random);
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
  const users = tuningOf(twice, experiment, whole);
  const labels = whole.recommend.batch;
  const alone = users.lengths.map((length) => [length, { users: labels, labels }] as const);
  const instances = { ...users, sizes: new Map(alone) };
  const start = startModel(users, 1, trunk);
  const [byUser, byInstance] = [users, instances].map((tuning) => compileFineTuning(tuning, start));
  const steps = fineTuningSteps(users, 1);
  for (let step = 0; step < 4; step++) {
    const { signature, batch } = steps.next();
    assert.ok(batch.ids.length < ungrouped(batch).ids.length);
    const [shared] = byUser.run(signature, batch).loss;
    const [single] = byInstance.run(signature, ungrouped(batch)).loss;
    assert.ok(Math.abs(shared - single) < 1e-5, `step ${step}: ${shared} and ${single}`);
  }
  byUser.dispose();
  byInstance.dispose();
});

test('masked: batches are as long as their users need, and all lengths share one optimiser', async () => {
  const tuning = tuningOf(news, fineTuning('PeterRec'), { ...preset, padding: 'masked' });
  const steps = fineTuningSteps(tuning, 1);
  const taken = Array.from({ length: 30 }, () => steps.next());
  assert.deepEqual([...new Set(taken.map(({ signature }) => signature))].sort(), ['train-4', 'train-8']);
  const start = startModel(tuning, 1, trunk);
  const program = compileFineTuning(tuning, start);
  for (const { signature, batch } of taken.slice(0, 8)) program.run(signature, batch);
  const optimisers = [...snapshotOf(program).keys()].filter((name) => /beta1Power/.test(name));
  assert.equal(optimisers.length, 1);
  const { weights } = await finetune(program, tuning, { seed: 1, start });
  program.dispose();
  assert.deepEqual(weights.trunk, start.trunk);
  assert.notDeepEqual(weights.patches, start.patches);
});

/** The loss of the first batch of a task; `vectorMask` stands in for every value that dropout draws. */
function firstLoss(task: Task, loss: FineTuning['loss'], dropout = 0, vectorMask?: number): number {
  const dropped = { ...preset, [task.kind]: { ...preset[task.kind], dropout } };
  const tuning = tuningOf(task, { ...fineTuning('FineCLS'), loss }, dropped);
  const program = compileFineTuning(tuning, startModel(tuning, 1, trunk));
  const { signature, batch } = knownUsers(program, tuning).step(fineTuningSteps(tuning, 1).next());
  if (vectorMask !== undefined) (batch.vectorMask as Float32Array).fill(vectorMask);
  const [cost] = program.run(signature, batch).loss;
  program.dispose();
  return cost;
}

test('with all scores equal BPR costs ln 2, cross-entropy ln |Y|, the authors’ form 2 ln 2', () => {
  const losses = ['paper', 'authors', 'cross-entropy'] as const;
  // A dropout that lets nothing through leaves the biases, which start at 0.
  const found = [news, parity].map((task) => losses.map((loss) => firstLoss(task, loss, 0.5, 0)));
  assertClose(found[0], [Math.LN2, 2 * Math.LN2, Math.log(10)], 1e-6); // ten news items
  assertClose(found[1], [Math.LN2, 2 * Math.LN2, Math.LN2], 1e-6); // two classes
});

test('a dropout that lets everything through changes no loss, and one of 0.5 doubles what it lets through', () => {
  for (const loss of ['paper', 'cross-entropy'] as const)
    assert.equal(firstLoss(news, loss, 0.5, 1), firstLoss(news, loss));
  const dropped = { ...preset, recommend: { ...preset.recommend, dropout: 0.5 } };
  const { batch } = fineTuningSteps(tuningOf(news, fineTuning('FineCLS'), dropped), 1).next();
  assert.deepEqual([...new Set(batch.vectorMask as Float32Array)].sort(), [0, 2]);
  assert.equal(batch.vectorMask.length, preset.recommend.batch * preset.channels);
});

test('a decay adds half of it times the squares of the classifier’s table to the loss', async () => {
  const firstLoss = async (decay: number) => {
    const classify = { ...preset.classify, steps: 1, evaluations: 1, decay };
    const { start, curve } = await tuned(parity, causal.PeterRec, { preset: { ...preset, classify } });
    const squares = start.head.table.values.reduce((sum, value) => sum + value ** 2, 0);
    return { loss: curve[0].loss, squares };
  };
  const [without, withDecay] = [await firstLoss(0), await firstLoss(100)];
  assert.ok(Math.abs(withDecay.loss - without.loss - 50 * without.squares) < 1e-5);
});
