import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../../lib/datasets/tasks/source';
import { splitSource } from '../../lib/datasets/tasks/split';
import { fingerprint } from '../../lib/files/fingerprint';
import type { Preset } from '../../lib/methods/presets';
import { maskId, type Padding, tclId } from '../../lib/model/trunk';
import { lengthsOf } from '../../lib/recipes/buckets';
import { compilePretraining, freshPretraining, popularityRanks, pretrain } from '../../lib/recipes/pretrain';
import { pretrainingOf } from '../../lib/recipes/settings';
import { declarationOfTrunk, subjectOfTrunk } from '../../lib/runs/jobs/trunks';
import type { Direction } from '../../lib/tensorflow/ops/convolution';
import { leaves, type Tree, type Weight } from '../../lib/tensorflow/weights';
import type { MaskingRule } from '../../lib/training/itemInputs';
import { preset, source } from './tinyTasks';

async function pretrainTwice(
  seeds: readonly [number, number],
  from: Source = source,
  tiny = preset,
  direction: Direction = 'causal',
) {
  const pretraining = pretrainingOf(from, tiny, direction);
  const program = compilePretraining(pretraining);
  try {
    const runs = [];
    for (const seed of seeds) runs.push(await pretrain(program, pretraining, seed));
    return runs;
  } finally {
    program.dispose();
  }
}

for (const direction of ['causal', 'non-causal'] as const) {
  test(`the same seed pre-trains the same trunk twice, another seed another one, ${direction}`, async () => {
    const [a, b] = await pretrainTwice([1, 1], source, preset, direction);
    const [c] = await pretrainTwice([2, 2], source, preset, direction);
    assert.deepEqual(b.weights, a.weights);
    assert.deepEqual(b.lastItems, a.lastItems);
    assert.notDeepEqual(c.weights, a.weights);
  });

  test(`pre-training trains every weight but the embedding of [TCL], which it never sees, ${direction}`, async () => {
    const [{ weights }] = await pretrainTwice([1, 1], source, preset, direction);
    const start = freshPretraining(pretrainingOf(source, preset, direction), 1);
    const after = new Map(leaves<Weight>(weights as Tree<Weight>));
    for (const [path, { values }] of leaves<Weight>(start as Tree<Weight>)) {
      assert.notDeepEqual(after.get(path)?.values, values, path);
    }
    const row = (id: number, { trunk }: typeof start) =>
      trunk.embedding.values.slice(id * preset.channels, (id + 1) * preset.channels);
    const [tcl, mask] = [tclId({ items: 12 }), maskId({ items: 12 })];
    assert.deepEqual(row(tcl, weights), row(tcl, start));
    if (direction === 'non-causal') assert.notDeepEqual(row(mask, weights), row(mask, start));
  });
}

/** Every user watches 1 2 3 … in turn, so that the next item follows from the last. */
const cyclic: Source = {
  ...source,
  name: 'Cycle',
  sequences: source.users.map((_, user) => Int32Array.from({ length: 8 }, (_, i) => 1 + ((user + i) % 12))),
};

/** Everything in its order, and nothing left out. */
const plain = { windows: 'latest', shuffled: 0, dropout: 0 } as const;

const sampled = { fullUpTo: 11, candidates: 4 };
const learnt: readonly (readonly [string, Direction, Partial<Preset>])[] = [
  ['embedded padding', 'causal', { padding: 'embedded' }],
  ['masked padding', 'causal', { padding: 'masked' }],
  ['a softmax over sampled items', 'causal', { softmax: sampled }],
  ['masked items, embedded padding', 'non-causal', { padding: 'embedded' }],
  ['masked items, masked padding', 'non-causal', { padding: 'masked' }],
  ['masked items as the authors mask them', 'non-causal', { masking: 'authors' }],
  ['masked items, a softmax over sampled items', 'non-causal', { softmax: sampled }],
];
for (const [name, direction, options] of learnt) {
  test(`what follows from the items before is learnt: the last item of held-out users ranks first, ${name}`, async () => {
    const budget = { ...plain, batch: 16, rate: 0.02, passes: 1000, steps: 150, evaluations: 1 };
    const tiny = { ...preset, ...options, pretraining: { causal: budget, 'non-causal': budget } };
    const [{ lastItems, curve }] = await pretrainTwice([1, 1], cyclic, tiny, direction);
    assert.equal(curve[0].valid['MRR@5'], 1);
    assert.ok(lastItems.every(({ rank }) => rank === 1));
  });
}

test('masked: users of several lengths train one trunk, the same for the same seed', async () => {
  const masked = {
    ...preset,
    padding: 'masked' as const,
    pretraining: { ...preset.pretraining, causal: { ...preset.pretraining.causal, steps: 12 } },
  };
  assert.deepEqual(lengthsOf(source, masked), [2, 4, 8]);
  const [a, b] = await pretrainTwice([1, 1], source, masked);
  assert.deepEqual(b.weights, a.weights);
  const [embedded] = await pretrainTwice([1, 1], source, { ...masked, padding: 'embedded' });
  assert.notDeepEqual(embedded.weights, a.weights);
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

const hashOf = (tiny: Preset, direction: Direction = 'causal') =>
  fingerprint(declarationOfTrunk({ codes: {} }, pretrainingOf(source, tiny, direction)));

test('how the softmax is taken is part of what names a trunk', () => {
  const hash = (softmax: typeof sampled) => hashOf({ ...preset, softmax });
  assert.notEqual(hash(sampled), hash({ ...sampled, fullUpTo: 12 }));
  assert.notEqual(hash(sampled), hash({ ...sampled, candidates: 5 }));
});

test('the direction and, for a non-causal trunk, the masking are part of what names it', () => {
  const hash = (direction: Direction, masking: MaskingRule) => hashOf({ ...preset, masking }, direction);
  for (const direction of ['causal', 'non-causal'] as const) {
    const { method } = subjectOfTrunk(pretrainingOf(source, preset, direction));
    assert.deepEqual([method.id, method.trunk], ['pretrain', direction]);
  }
  assert.equal(hash('causal', 'paper'), hash('causal', 'authors'));
  assert.notEqual(hash('non-causal', 'paper'), hash('non-causal', 'authors'));
  assert.notEqual(hash('non-causal', 'paper'), hash('causal', 'paper'));
});

test('padding is part of what names a trunk', () => {
  const hash = (padding: Padding) => hashOf({ ...preset, padding });
  assert.equal(hash('embedded'), hash('embedded'));
  assert.notEqual(hash('embedded'), hash('masked'));
});

test('the held-out users are ranked, and item popularity counts the others only', async () => {
  const [{ lastItems }] = await pretrainTwice([1, 1]);
  const { train, valid } = splitSource(source, 1);
  assert.deepEqual(
    lastItems.map(({ user }) => user),
    valid,
  );
  const counts = new Map<number, number>();
  for (const user of train)
    for (const item of source.sequences[user]) counts.set(item, (counts.get(item) ?? 0) + 1);
  for (const { user, popularityRank } of lastItems) {
    const last = source.sequences[user].at(-1) as number;
    const atLeast = source.items.filter((_, i) => (counts.get(i + 1) ?? 0) >= (counts.get(last) ?? 0)).length;
    assert.equal(popularityRank, atLeast);
  }
});

test('popularity leaves out what a user has had, unless someone has an item twice', () => {
  const items = ['a', 'b', 'c', 'd'];
  /** Of last items after 1 and 3: 2, 4 and 1 again. */
  const ranks = (...sequences: readonly number[][]) => {
    const rankOf = popularityRanks(
      { items, sequences: sequences.map((ids) => Int32Array.from(ids)) },
      [0, 1],
    );
    return [2, 4, 1].map((last) => rankOf(Int32Array.of(1, 3, last)));
  };
  assert.deepEqual(ranks([1, 2, 3], [1, 3], [4]), [1, 2, 4]); // by −∞, 1, −∞, 0
  assert.deepEqual(ranks([1, 2, 1], [1, 3], [4]), [3, 4, 1]); // by 3, 1, 1, 0
});
