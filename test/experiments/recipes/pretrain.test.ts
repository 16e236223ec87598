import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../../../lib/data/tasks/source';
import { splitSource } from '../../../lib/data/tasks/split';
import type { Direction } from '../../../lib/engine/ops/convolution';
import { leaves, type Tree, type Weight } from '../../../lib/engine/weights';
import type { Preset } from '../../../lib/experiments/methods/presets';
import {
  compilePretraining,
  freshPretraining,
  popularityRanks,
} from '../../../lib/experiments/recipes/pretrain';
import { pretrainingOf } from '../../../lib/experiments/recipes/settings';
import { keyOfTrunk, subjectOfTrunk } from '../../../lib/experiments/runs/declaration';
import { maskId, tclId } from '../../../lib/model/trunk';
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
    const budget = { ...plain, batch: 16, rate: 0.02, passes: 1000, steps: 150, evaluations: 1 };
    const own = { ...preset, ...options, pretraining: { causal: budget, 'non-causal': budget } };
    const { lastItems, curve } = await pretrained(direction, { preset: own, source: cyclic });
    assert.equal(curve[0].valid['MRR@5'], 1);
    assert.ok(lastItems.every(({ rank }) => rank === 1));
  });
}

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

test('softmax, padding, direction and, for a non-causal trunk, masking are part of what names a trunk', () => {
  const hash = (changed: Partial<Preset>, direction: Direction = 'causal') =>
    keyOfTrunk({ codes: {} }, pretrainingOf(source, { ...preset, ...changed }, direction), 1).hash;
  const named = [
    hash({ softmax: sampled, padding: 'embedded' }),
    hash({ softmax: { ...sampled, fullUpTo: 12 }, padding: 'embedded' }),
    hash({ softmax: { ...sampled, candidates: 5 }, padding: 'embedded' }),
    hash({ softmax: sampled, padding: 'masked' }),
    hash({ masking: 'paper' }, 'non-causal'),
    hash({ masking: 'authors' }, 'non-causal'),
    hash({ masking: 'paper' }),
  ];
  assert.equal(new Set(named).size, named.length);
  assert.equal(hash({ masking: 'authors' }), hash({ masking: 'paper' }));
  const { method } = subjectOfTrunk(pretrainingOf(source, preset, 'non-causal'));
  assert.deepEqual([method.id, method.trunk], ['pretrain', 'non-causal']);
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

test('popularity leaves out what a user has had, unless someone has an item twice', () => {
  const items = ['a', 'b', 'c', 'd'];
  /** Of last items after 1 and 3: 2, 4 and 1 again. */
  const ranks = (...sequences: readonly number[][]) => {
    const arrays = sequences.map((ids) => Int32Array.from(ids));
    const rankOf = popularityRanks({ items, sequences: arrays }, [0, 1]);
    return [2, 4, 1].map((last) => rankOf(Int32Array.of(1, 3, last)));
  };
  assert.deepEqual(ranks([1, 2, 3], [1, 3], [4]), [1, 2, 4]); // by −∞, 1, −∞, 0
  assert.deepEqual(ranks([1, 2, 1], [1, 3], [4]), [3, 4, 1]); // by 3, 1, 1, 0
});
