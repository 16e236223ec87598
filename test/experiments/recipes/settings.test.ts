import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../lib/data/tasks/tasks';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { courseOf, lengthsOf, pretrainingOf, tuningOf } from '../../../lib/experiments/recipes/settings';
import { news, parity, preset, source } from './tinyTasks';

const { PeterRec, FineAll } = causal;

test('pre-training follows from a source, a preset and a direction', () => {
  const large = { ...preset, padding: 'masked', softmax: { fullUpTo: 11, candidates: 4 } } as const;
  assert.deepEqual(pretrainingOf(source, large, 'non-causal'), {
    source,
    shape: {
      ...{ direction: 'non-causal', items: 12, channels: 8, kernel: 3, dilations: [1, 2] },
      padding: 'masked',
    },
    share: 1,
    budget: preset.pretraining['non-causal'],
    passes: (4 * 8) / 65, // of 65 windows
    ...{ steps: 4, evaluations: 2, masking: 'paper', lengths: [2, 4, 8], candidates: 4 },
    precision: 'float32',
  });
  const small = { ...large, padding: 'embedded', softmax: { fullUpTo: 12, candidates: 4 } } as const;
  assert.equal(pretrainingOf(source, small, 'causal').candidates, undefined); // a catalogue at the limit
  assert.deepEqual(lengthsOf(source, small), [8]);
});

test('a share of pre-training has that share of the steps, rounded up, and is judged at its end', () => {
  const budget = { ...preset.pretraining.causal, steps: 45, evaluations: 9 };
  const long = { ...preset, pretraining: { ...preset.pretraining, causal: budget } };
  const tenth = pretrainingOf(source, long, 'causal', 0.1);
  assert.deepEqual([tenth.share, tenth.steps, tenth.evaluations], [0.1, 5, 1]);
  assert.deepEqual(tenth.budget, budget);
});

test('where validation is too small to stop a training, its fixed passes have evaluations as far apart as all passes would', () => {
  const budget = { batch: 8, passes: 60, fixed: 20, evaluations: 30 };
  const instances = Array.from({ length: 4000 }, (_, i) => ({ user: i % 40, label: i % 2 }));
  const found = [parity, { ...parity, instances }].map((task) => courseOf(task, budget, preset));
  assert.deepEqual(
    found.map(({ passes, evaluations }) => [Math.round(passes), evaluations]),
    [
      [20, 10], // 40 users
      [60, 30],
    ],
  );
});

test('a bottleneck is an eighth of the channels, and at least one', () => {
  const insertion = (channels: number, method = PeterRec) =>
    tuningOf(news, method, { ...preset, channels }).model.insertion;
  assert.deepEqual(
    [32, 20, 4].map((channels) => insertion(channels)?.bottleneck),
    [4, 2, 1],
  );
  assert.equal(insertion(8, FineAll), undefined);
});

test('the rate is that of what is tuned, the budget that of the kind of task, the shape that of the trunk', () => {
  const rates = { everything: 0.1, part: 0.2 };
  const changed = { ...preset, classify: { ...preset.classify, batch: 5, rates } };
  const [all, part] = [FineAll, nonCausal.PeterRec].map((method) => tuningOf(parity, method, changed));
  assert.deepEqual([all.rate, part.rate], [0.1, 0.2]);
  assert.deepEqual([all.budget, all.labelsPerBatch], [changed.classify, 5]);
  assert.deepEqual([all.model.shape.direction, part.model.shape.direction], ['causal', 'non-causal']);
  assert.deepEqual(part.model.shape, part.pretraining.shape);
});

test('labels are set against negatives by BPR and by the authors’ loss', () => {
  const losses = ['paper', 'authors', 'cross-entropy'] as const;
  const paired = (task: Task) => losses.map((loss) => tuningOf(task, { ...PeterRec, loss }, preset).paired);
  assert.deepEqual([news, parity].map(paired), [
    [true, true, false],
    [false, true, false],
  ]);
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
  const single = tuningOf(uneven, PeterRec, { ...six, grouping: 'instance' });
  assert.deepEqual([...single.sizes.values()], Array(3).fill({ users: 6, labels: 6 }));
});
