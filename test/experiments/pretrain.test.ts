import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../../lib/datasets/source';
import { splitSource } from '../../lib/datasets/split';
import { lengthsOf } from '../../lib/experiments/buckets';
import { compilePretraining, freshPretraining, pretrain } from '../../lib/experiments/pretrain';
import { pretrainingKey } from '../../lib/experiments/trunks';
import type { Work } from '../../lib/experiments/work';
import type { Padding } from '../../lib/model/trunk';
import { leaves, type Tree, type Weight } from '../../lib/tensorflow/weights';
import { preset, source } from './tinyTasks';

async function pretrainTwice(seeds: readonly [number, number], from: Source = source, tiny = preset) {
  const program = compilePretraining(from, tiny);
  try {
    const runs = [];
    for (const seed of seeds) runs.push(await pretrain(program, from, tiny, seed));
    return runs;
  } finally {
    program.dispose();
  }
}

test('the same seed pre-trains the same trunk twice, another seed another one', async () => {
  const [a, b] = await pretrainTwice([1, 1]);
  const [c] = await pretrainTwice([2, 2]);
  assert.deepEqual(b.weights, a.weights);
  assert.deepEqual(b.lastItems, a.lastItems);
  assert.notDeepEqual(c.weights, a.weights);
});

test('pre-training trains every weight but the embedding of [TCL], which it never sees', async () => {
  const [{ weights }] = await pretrainTwice([1, 1]);
  const start = freshPretraining(source, preset, 1);
  const after = new Map(leaves<Weight>(weights as Tree<Weight>));
  for (const [path, { values }] of leaves<Weight>(start as Tree<Weight>)) {
    assert.notDeepEqual(after.get(path)?.values, values, path);
  }
  const tclRow = ({ trunk }: typeof start) => trunk.embedding.values.slice(-preset.channels);
  assert.deepEqual(tclRow(weights), tclRow(start));
});

/** Every user watches 1 2 3 … in turn, so that the next item follows from the last. */
const cyclic: Source = {
  ...source,
  name: 'Cycle',
  sequences: source.users.map((_, user) => Int32Array.from({ length: 8 }, (_, i) => 1 + ((user + i) % 12))),
};

const sampled = { fullUpTo: 11, candidates: 4 };
for (const [name, options] of [
  ['embedded padding', { padding: 'embedded' }],
  ['masked padding', { padding: 'masked' }],
  ['a softmax over sampled items', { softmax: sampled }],
] as const) {
  test(`what follows from the items before is learnt: the last item of held-out users ranks first, ${name}`, async () => {
    const [{ lastItems, curve }] = await pretrainTwice([1, 1], cyclic, {
      ...preset,
      ...options,
      pretraining: { batch: 16, rate: 0.02, steps: 150, evaluations: 1 },
    });
    assert.equal(curve[0].valid['MRR@5'], 1);
    assert.ok(lastItems.every(({ rank }) => rank === 1));
  });
}

test('masked: users of several lengths train one trunk, the same for the same seed', async () => {
  const masked = { ...preset, padding: 'masked' as const, pretraining: { ...preset.pretraining, steps: 12 } };
  assert.deepEqual(lengthsOf(source, masked), [2, 4, 8]);
  const [a, b] = await pretrainTwice([1, 1], source, masked);
  assert.deepEqual(b.weights, a.weights);
  const [embedded] = await pretrainTwice([1, 1], source, { ...masked, padding: 'embedded' });
  assert.notDeepEqual(embedded.weights, a.weights);
});

test('above its limit the softmax samples items, and only rows of the tables are updated', () => {
  const ops = (softmax: typeof sampled) => {
    const program = compilePretraining(source, { ...preset, padding: 'embedded', softmax });
    const found = program.ops('train-8');
    program.dispose();
    return found;
  };
  assert.ok(ops(sampled).includes('ResourceScatterUpdate'));
  assert.ok(!ops({ ...sampled, fullUpTo: 12 }).includes('ResourceScatterUpdate'));
});

test('how the softmax is taken is part of what names a trunk', () => {
  const hash = (softmax: typeof sampled) =>
    pretrainingKey({ preset: { ...preset, softmax }, code: '' } as Work, source, 1).hash;
  assert.notEqual(hash(sampled), hash({ ...sampled, fullUpTo: 12 }));
  assert.notEqual(hash(sampled), hash({ ...sampled, candidates: 5 }));
});

test('padding is part of what names a trunk', () => {
  const hash = (padding: Padding) =>
    pretrainingKey({ preset: { ...preset, padding }, code: '' } as Work, source, 1).hash;
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
