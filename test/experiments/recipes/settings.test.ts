import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInstances } from '../../../lib/data/tasks/split';
import type { Task } from '../../../lib/data/tasks/tasks';
import { type Length, onShare, type Pretraining } from '../../../lib/experiments/methods/budgets';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { presets } from '../../../lib/experiments/methods/presets';
import { opponentOf, opponents } from '../../../lib/experiments/opponents/opponents';
import { fineTuningSteps, pretrainingSteps } from '../../../lib/experiments/recipes/batches';
import { courseOf } from '../../../lib/experiments/records/courses';
import { itemRankOf, sizedPatches } from '../../../lib/experiments/records/patches';
import type { FeatureRecord } from '../../../lib/experiments/records/record';
import { lengthsOf, trunkRecord, trunkShape } from '../../../lib/experiments/records/trunks';
import { budgetOf } from '../../../lib/experiments/resolve/tasks';
import type { Insertion } from '../../../lib/model/patches/bottleneck';
import { objectiveOf, type TrunkName } from '../../../lib/model/trunks/names';
import { pretrainingOf, recordOf, tuningOf } from './settingsOf';
import { fineTuning, news, parity, preset, source } from './tinyTasks';

const { PeterRec, FineAll } = causal;

test('pre-training follows from a source, a preset and a direction', () => {
  const large = { ...preset, padding: 'masked', softmax: { fullUpTo: 11, candidates: 4 } } as const;
  assert.deepEqual(pretrainingOf(source, large, 'non-causal'), {
    source,
    shape: {
      ...{ trunk: 'non-causal', items: 12, channels: 8, kernel: 3, dilations: [1, 2] },
      padding: 'masked',
    },
    ...{ batch: 8, rate: 0.01, windows: 'anywhere', shuffled: 0.5, dropout: 0.2, patience: 3 },
    ...{ steps: 4, evaluations: 2, masking: 'paper', lengths: [2, 4, 8], sampledItems: 4 },
    ...{ users: 1, halves: 0 },
    precision: 'float32',
  });
  assert.equal(trunkRecord(source, large, 'non-causal').passes, (4 * 8) / 65); // of 65 windows
  const small = { ...large, padding: 'embedded', softmax: { fullUpTo: 12, candidates: 4 } } as const;
  assert.equal(pretrainingOf(source, small, 'causal').sampledItems, null); // a catalogue at the limit
  assert.deepEqual(lengthsOf(source, small), [8]);
});

test('a size that a preset lacks is asked for', () => {
  const { dilations: _, ...without } = { ...preset, name: 'mine' };
  assert.throws(() => trunkShape(source, without as typeof preset, 'causal'), {
    name: 'UserError',
    message: 'preset mine: expected dilations, a size of causal, found none',
  });
});

test('a rank may be the one with about as many weights as the paper’s patches, on any trunk', () => {
  const wide = { ...presets.default, channels: 64 };
  const large = { ...source, items: Array.from({ length: 3416 }, (_, item) => String(item)) };
  const ranksOn = (trunk: TrunkName) => {
    const shape = trunkShape(large, wide, trunk);
    const LoRA = sizedPatches({ patches: { form: 'LoRA', rank: { as: 8 }, alpha: 8 } }, shape);
    return [(LoRA as { rank: number }).rank, itemRankOf({ as: 8 }, shape)];
  };
  // Of patches with 2 · 64 · 8 + 8 + 64 weights each: six over six kernels of 3 · 64 · r + r · 64, or over 3418 r + r · 64 of items
  assert.deepEqual(ranksOn('causal'), [Math.round(6576 / 1536), Math.round(6576 / 3482)]);
  assert.deepEqual(ranksOn('SASRec'), [Math.round(4384 / 1536), 1]); // four over twelve of 64 · r + r · 64
  assert.deepEqual(ranksOn('GRU'), [Math.round(1096 / 512), 1]); // one over two of 64 · r + r · 192
});

test('from a share of the labels an opponent may take as many steps as from all', () => {
  const { NeuFM } = opponents;
  const own = opponentOf('NeuFM').budgets.default.recommend as Length;
  const part = { ...NeuFM, training: 0.25 };
  assert.deepEqual(onShare(own, part.training), { ...own, passes: 128, evaluations: 128 });
  const many = { ...news, instances: Array.from({ length: 100 }, () => news.instances).flat() };
  const [all, quarter] = [NeuFM, part].map((method) =>
    recordOf<FeatureRecord>(many, method, presets.default),
  );
  assert.equal(all.steps, quarter.steps);
  assert.deepEqual([all.evaluations, quarter.evaluations], [own.evaluations, 128]);
});

test('a share of pre-training has that share of the users in a pass, and takes as many passes', () => {
  const budget = { ...preset.pretraining.nextItem, passes: 300, steps: 1e6, evaluations: 150 };
  const long = { ...preset, pretraining: { ...preset.pretraining, nextItem: budget } };
  const [half, whole] = [0.5, 1].map((share) => trunkRecord(source, long, 'causal', share));
  assert.equal(half.record.users, 0.5);
  assert.ok(Math.abs(half.passes - 300) < 1 && Math.abs(whole.passes - 300) < 1);
  const [some, all] = [half.record.steps, whole.record.steps];
  assert.ok(Math.abs(some / all - 1 / 2) < 0.03, `${some} of ${all}`); // windows are whole numbers
});

test('pre-training is judged every 1,000 steps at least', () => {
  const evaluationsOf = (evaluations: number, steps: number) => {
    const nextItem = { ...preset.pretraining.nextItem, passes: 1e6, steps, evaluations };
    const own = { ...preset, pretraining: { ...preset.pretraining, nextItem } };
    return pretrainingOf(source, own, 'causal').evaluations;
  };
  assert.deepEqual([evaluationsOf(100, 20_000), evaluationsOf(100, 1e6)], [100, 1000]);
});

test('where validation is too small to stop a training, its fixed passes have evaluations as far apart as all passes would', () => {
  const budget = { batch: 8, passes: 60, fixed: 20, evaluations: 30 };
  const instances = Array.from({ length: 4000 }, (_, i) => ({ user: i % 40, label: i % 2 }));
  const [small, large] = [parity, { ...parity, instances }].map((task) => courseOf(task, budget, preset));
  assert.deepEqual([Math.round(small.passes), small.course.evaluations], [20, 10]); // 40 users
  assert.deepEqual([Math.round(large.passes), large.course.evaluations], [60, 30]);
});

test('a bottleneck is an eighth of the channels, and at least one', () => {
  const bottleneckOf = (channels: number) =>
    (tuningOf(news, PeterRec, { ...preset, channels }).model.insertion as Insertion).bottleneck;
  assert.deepEqual([32, 20, 4].map(bottleneckOf), [4, 2, 1]);
  assert.equal(tuningOf(news, FineAll, preset).model.insertion, undefined);
});

test('the rate is that of what is tuned, the budget that of the kind of task, the shape that of the trunk', () => {
  const rates = { everything: 0.1, part: 0.2 };
  const changed = { ...preset, classify: { ...preset.classify, batch: 5, rates } };
  const [all, part] = [FineAll, nonCausal.PeterRec].map((method) => tuningOf(parity, method, changed));
  assert.deepEqual([all.rate, part.rate], [0.1, 0.2]);
  assert.deepEqual(budgetOf('classify', FineAll, changed), changed.classify);
  assert.equal(all.labelsPerBatch, 5);
  assert.deepEqual([all.model.shape.trunk, part.model.shape.trunk], ['causal', 'non-causal']);
  assert.deepEqual(part.model.shape, pretrainingOf(source, changed, 'non-causal').shape);
});

/** The eight users with four items have one label, the 32 with more have three. */
const known = source.sequences.map(({ length }) => (length === 4 ? [0] : [0, 1, 2]));
const instances = known.flatMap((labels, user) => labels.map((label) => ({ user, label })));
const split = { train: [...instances.keys()], valid: [], test: [] };
const uneven: Task = { ...news, instances, known, given: { split, negatives: [] } };
const six = { ...preset, padding: 'masked', recommend: { ...preset.recommend, batch: 6 } } as const;

test('a batch of six labels has six users of one label or two of three; of a length that nobody has, the average', () => {
  assert.deepEqual(
    [...tuningOf(uneven, PeterRec, six).sizes],
    [
      [2, { users: 3, labels: 6 }], // 6 · 40 users / 104 instances, rounded up
      [4, { users: 6, labels: 6 }],
      [8, { users: 2, labels: 6 }],
    ],
  );
});

const users = source.users.map((_, user) => user);

const plain = { windows: 'latest', shuffled: 0, dropout: 0 } as const;

/** The steps of pre-training. */
function stepsOf(changes: Partial<Pretraining>, trunk: TrunkName = 'causal', seed = 1, of = source) {
  const objective = objectiveOf({ trunk });
  const budget = { ...preset.pretraining[objective], ...plain, ...changes };
  const pretraining = { ...preset.pretraining, [objective]: budget };
  return pretrainingSteps(pretrainingOf(of, { ...preset, pretraining }, trunk), users, seed);
}

const taken = (...of: Parameters<typeof stepsOf>) => {
  const { next } = stepsOf(...of);
  return Array.from({ length: 20 }, () => next().batch);
};

test('windows anywhere hold items from before the latest sequences', () => {
  const earlier = { ...source, preceding: source.preceding.map((items) => items.map(() => 12)) };
  const rows = taken({ windows: 'anywhere' }, 'causal', 1, earlier);
  assert.ok(rows.some(({ ids }) => ids.join(' ').includes('12 12 12')));
});

for (const direction of ['causal', 'non-causal'] as const) {
  test(`dropout covers embeddings and predicted states, and batches follow from the seed, ${direction}`, () => {
    const batches = taken({ dropout: 0.25 }, direction);
    for (const { ids, labels, embeddingMask, stateMask } of batches) {
      assert.equal(embeddingMask.length, ids.length * preset.channels);
      assert.equal(stateMask.length, labels.length * preset.channels);
    }
    const values = batches.flatMap(({ embeddingMask }) => [...(embeddingMask as Float32Array)]);
    assert.ok(Math.abs(values.filter((value) => value === 0).length / values.length - 0.25) < 0.02);
    assert.ok(!('embeddingMask' in taken({}, direction)[0]));
    const robust = { windows: 'anywhere', shuffled: 0.5, dropout: 0.2 } as const;
    assert.deepEqual(taken(robust, direction, 1), taken(robust, direction, 1));
    assert.notDeepEqual(taken(robust, direction, 1), taken(robust, direction, 2));
  });
}

/** Three labels of each user. */
const three = news.known.map((_, user) => [0, 1, 2].map((i) => (user + i) % news.labels.length));
const task: Task = {
  ...news,
  known: three,
  instances: three.flatMap((own, user) => own.map((label) => ({ user, label }))),
};

/** The same training part; other labels in the others, and with them other known targets of the users. */
function withOtherHeldOut(seed: number): Task {
  const { valid, test: tested } = splitInstances(task, seed);
  const heldOut = new Set([...valid, ...tested]);
  const other = (label: number, i: number) => (heldOut.has(i) ? (label + 3) % task.labels.length : label);
  const instances = task.instances.map(({ user, label }, i) => ({ user, label: other(label, i) }));
  const known = task.known.map((_, u) => instances.filter(({ user }) => user === u).map((own) => own.label));
  return { ...task, instances, known };
}

test('training batches, negatives included, stay the same whatever the held-out labels are', () => {
  const batches = [task, withOtherHeldOut(1)].map((seen) => {
    const steps = fineTuningSteps(tuningOf(seen, fineTuning('PeterRec'), preset), 1);
    return Array.from({ length: 20 }, () => steps.next());
  });
  assert.ok(batches[0].every(({ batch }) => batch.negatives.length > 0));
  assert.deepEqual(batches[1], batches[0]);
});
