import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean } from 'simple-statistics';
import { below, random } from '../../../lib/base/random';
import type { Source } from '../../../lib/data/tasks/source';
import { splitSource } from '../../../lib/data/tasks/split';
import type { Forward } from '../../../lib/engine/graph/signature';
import { tf } from '../../../lib/engine/native';
import type { Direction } from '../../../lib/engine/ops/convolution';
import { leaves, type Tree, upload, type Weight } from '../../../lib/engine/weights';
import type { Preset } from '../../../lib/experiments/methods/presets';
import { itemInputs } from '../../../lib/experiments/recipes/batches';
import {
  compilePretraining,
  freshPretraining,
  halvesLoss,
  itemLoss,
  pretrain,
} from '../../../lib/experiments/recipes/pretrain';
import { freshHead } from '../../../lib/model/heads';
import { trunkNames } from '../../../lib/model/trunks/names';
import { encode, maskId, tclId } from '../../../lib/model/trunks/trunk';
import { drawn, streamsOf } from '../../../lib/training/inputs';
import { halves } from '../../../lib/training/itemInputs';
import { popularityLogLosses } from '../../../lib/training/lastItem';
import { assertClose, bothWays } from '../../engine/bothWays';
import { ITEMS, idsOf, shapeOf, tinyModel } from '../../model/tinyModel';
import { pretrainingOf } from './settingsOf';
import { preset, source } from './tinyTasks';
import { numbers, pretrained } from './trained';

const directions = ['causal', 'non-causal'] as const;
const masked: Preset = { ...preset, padding: 'masked' };

for (const direction of directions)
  for (const own of [preset, masked])
    test(`the same seed pre-trains the same trunk twice, another seed another one, ${direction}, ${own.padding}`, async () => {
      const of = async (seed: number) => numbers(await pretrained(direction, { preset: own, seed }));
      const first = await of(1);
      assert.deepEqual(await of(1), first);
      assert.notDeepEqual((await of(2)).weights, first.weights);
    });

for (const direction of directions)
  test(`pre-training trains every weight but the embedding of [TCL], which it never sees, ${direction}`, async () => {
    const { weights } = await pretrained(direction);
    const start = freshPretraining(pretrainingOf(source, preset, direction), 1);
    const after = new Map(leaves<Weight>(weights as Tree<Weight>));
    for (const [path, { values }] of leaves<Weight>(start as Tree<Weight>))
      assert.notDeepEqual(after.get(path)?.values, values, path);
    const row = (id: number, { trunk }: typeof start) =>
      trunk.embedding.values.slice(id * preset.channels, (id + 1) * preset.channels);
    const [tcl, mask] = [tclId({ items: 12 }), maskId({ items: 12 })];
    assert.deepEqual(row(tcl, weights), row(tcl, start));
    if (direction === 'non-causal') assert.notDeepEqual(row(mask, weights), row(mask, start));
  });

/** Every user watches 1 2 3 … in turn, so that the next item follows from the last. */
const cyclic: Source = {
  ...source,
  name: 'Cycle',
  sequences: source.users.map((_, user) => Int32Array.from({ length: 8 }, (_, i) => 1 + ((user + i) % 12))),
};

/** Everything in its order, and nothing left out. */
const plain = { windows: 'latest', shuffled: 0, dropout: 0 } as const;

const sampled = { fullUpTo: 11, candidates: 4 };
const learnt: readonly (readonly [Direction, Partial<Preset>])[] = [
  ['causal', { padding: 'embedded' }],
  ['causal', { padding: 'masked' }],
  ['causal', { softmax: sampled }],
  ['non-causal', { padding: 'embedded' }],
  ['non-causal', { padding: 'masked' }],
  ['non-causal', { masking: 'authors' }],
  ['non-causal', { softmax: sampled }],
];
for (const [direction, options] of learnt) {
  test(`what follows from the items before is learnt: the last item of held-out users ranks first, ${direction}, ${JSON.stringify(options)}`, async () => {
    const budget = { ...plain, batch: 16, rate: 0.02, passes: 1000, steps: 250, evaluations: 1, patience: 5 };
    const own = { ...preset, ...options, pretraining: { nextItem: budget, maskedItems: budget } };
    const { lastItems, curve } = await pretrained(direction, { preset: own, source: cyclic });
    assert.equal(curve[0].valid['MRR@5'], 1);
    assert.ok(lastItems.every(({ rank }) => rank === 1));
  });
}

/** Users whose items are drawn at random: what a trunk learns beyond popularity is of the training users alone. */
const noise: Source = {
  ...source,
  name: 'Noise',
  sequences: source.users.map((_, user) =>
    Int32Array.from({ length: 8 }, (_, i) => 1 + below(12, random(user, String(i), 'items'))),
  ),
};

test('pre-training ends when neither held-out log-loss nor metric gains, and keeps the state with the least log-loss', async () => {
  const budget = { ...plain, batch: 16, rate: 0.03, passes: 1000, steps: 400, evaluations: 100, patience: 4 };
  const causal = (change: object) =>
    pretrained('causal', { preset: withCausal({ ...budget, ...change }), source: noise });
  const withCausal = (one: typeof budget): Preset => ({
    ...masked,
    pretraining: { ...preset.pretraining, nextItem: one },
  });
  const { curve, stoppedAt, weights, lastItems } = await causal({});
  const [losses, metrics] = (['LogLoss', 'MRR@5'] as const).map((name) =>
    curve.map(({ valid }) => valid[name]),
  );
  const kept = curve.findIndex(({ step }) => step === stoppedAt);
  assert.equal(losses[kept], Math.min(...losses));
  const gains = curve.map(
    (_, i) => losses[i] < Math.min(...losses.slice(0, i)) || metrics[i] > Math.max(...metrics.slice(0, i)),
  );
  assert.equal(curve.length, gains.lastIndexOf(true) + 1 + 4);
  assert.ok(curve.length < 100);
  const ended = await causal({ steps: stoppedAt, evaluations: kept + 1 });
  assert.deepEqual(ended.weights, weights);
  assert.deepEqual(ended.lastItems, lastItems);
});

for (const direction of directions)
  test(`the held-out log-loss is that of the latest windows against all items, ${direction}`, async () => {
    const { weights, curve, stoppedAt, popularityLogLoss } = await pretrained(direction, {
      preset: { ...masked, softmax: sampled },
    });
    const setting = pretrainingOf(source, masked, direction);
    const { valid } = splitSource(source, 1);
    const inputs = [itemInputs(setting, valid.length, 8)];
    const batch = drawn(
      inputs,
      valid.map((user) => source.sequences[user]),
      streamsOf(0, source.name),
    );
    const [[, eager]] = bothWays;
    const { loss } = eager(
      weights,
      {
        inputs: inputs[0].specs,
        outputs: (model, given) => ({ loss: itemLoss(model, setting.shape, given) }),
      },
      batch,
    );
    const kept = curve.find(({ step }) => step === stoppedAt);
    assert.ok(Math.abs(loss[0] - (kept?.valid.LogLoss ?? 0)) < 1e-5);
    const losses = popularityLogLosses(source, splitSource(source, 1).train);
    const counted = [...batch.labels].flatMap((label, i) => (batch.weights[i] === 0 ? [] : [losses[label]]));
    assert.ok(Math.abs(popularityLogLoss - mean(counted)) < 1e-9);
  });

test('above its limit the softmax samples items, and only rows of the tables are updated', () => {
  const ops = (softmax: typeof sampled) => {
    const large = { ...preset, padding: 'embedded' as const, softmax };
    const program = compilePretraining(pretrainingOf(source, large, 'causal'));
    const found = program.ops('train-8');
    program.dispose();
    return found;
  };
  assert.ok(ops(sampled).includes('ResourceScatterUpdate'));
  assert.ok(!ops({ ...sampled, fullUpTo: 12 }).includes('ResourceScatterUpdate'));
});

test('the held-out users are ranked, and item popularity counts the others only', async () => {
  const { lastItems } = await pretrained('causal');
  const { train, valid } = splitSource(source, 1);
  const ranked = lastItems.map(({ user }) => user);
  assert.deepEqual(ranked, valid);
  const watched = train.flatMap((user) => [...source.sequences[user]]);
  const countOf = (item: number) => watched.filter((one) => one === item).length;
  for (const { user, popularityRank } of lastItems) {
    const last = source.sequences[user].at(-1) as number;
    assert.equal(popularityRank, source.items.filter((_, i) => countOf(i + 1) >= countOf(last)).length);
  }
});

test('the loss of halves is the mean log-loss of one half by the mean state over the other, worked out number by number', () => {
  const k = 4;
  for (const trunk of trunkNames) {
    const shape = { ...shapeOf(trunk), padding: 'masked' as const };
    const weights = { trunk: tinyModel(trunk).trunk, softmax: freshHead(ITEMS, k, random(1, 'softmax')) };
    const [ids, labels] = [idsOf([0, 2, 5], [1, 3, 6]), [3, 0, 5, 2]];
    const [own, { table, bias }] = [upload(weights), weights.softmax];
    const states = tf.reshape(encode(own.trunk, shape, ids), [6, k]).arraySync() as number[][];
    const user = [
      [1, 2],
      [3, 4, 5],
    ].map((real) => states[0].map((_, c) => mean(real.map((t) => states[t][c]))));
    const logLoss = (h: number[], label: number) => {
      const o = [...bias.values].map((b, y) => h.reduce((sum, x, c) => sum + x * table.values[y * k + c], b));
      return Math.log(o.reduce((sum, score) => sum + Math.exp(score), 0)) - o[label];
    };
    // The first label of the first row is padding, which weighs 0.
    const expected = mean([logLoss(user[0], 0), logLoss(user[1], 5), logLoss(user[1], 2)]);
    const batch = { ids, labels: tf.tensor1d(labels, 'int32'), weights: tf.tensor1d([0, 1, 1, 1]) };
    assertClose(halvesLoss(own, shape, batch).dataSync(), [expected], 1e-5, trunk);
  }
});

for (const direction of directions)
  test(`trained by halves too, a trunk has learnt to tell them, ${direction}`, async () => {
    const softmax = direction === 'causal' ? preset.softmax : sampled;
    const setting = pretrainingOf(source, { ...masked, softmax }, direction);
    const input = halves(source.users.length, 8);
    const batch = drawn([input], source.sequences, streamsOf(0, 'halves'));
    const lossBy = async (weight: number) => {
      const own = { ...setting, steps: 300, evaluations: 1, halves: weight };
      const program = compilePretraining(own);
      const { weights } = await pretrain(program, own, 1);
      program.dispose();
      const outputs: Forward<typeof weights>['outputs'] = (model, given) => ({
        loss: halvesLoss(model, setting.shape, given),
      });
      return bothWays[0][1](weights, { inputs: input.specs, outputs }, batch).loss[0];
    };
    const [items, both] = [await lossBy(0), await lossBy(1)];
    assert.ok(both < items, `${both} ${items}`);
  });
