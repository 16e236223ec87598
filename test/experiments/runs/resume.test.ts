import assert from 'node:assert/strict';
import fs from 'node:fs';
import { before, test } from 'node:test';
import { backend, tf } from '../../../lib/engine/native';
import { causal } from '../../../lib/experiments/methods/family';
import { untrained } from '../../../lib/experiments/methods/opponents';
import { run } from '../../../lib/experiments/runs/run';
import type { Progress, RunOptions } from '../../../lib/experiments/runs/session';
import { folderWith } from '../../data/folders';
import { inFolder, parity, preset } from '../recipes/tinyTasks';
import { allNumbers, both, everywhere, files, options } from './tinyRun';

test('a second run computes nothing and gives the same results; a further seed is added', () =>
  inFolder(async (out) => {
    const first = await run({ ...options, out }, both);
    const there = files(out);
    const seen: Progress[] = [];
    const second = await run({ ...options, out, onProgress: (progress) => seen.push(progress) }, both);
    assert.deepEqual(second, first);
    assert.deepEqual(files(out), there);
    assert.deepEqual(seen, [{ label: 'all of it is there', done: 5, total: 5, share: 1 }]);
    const two = await run({ ...options, out, seeds: 2 }, both);
    assert.deepEqual(
      two.results.filter(({ seed }) => seed === 1),
      first.results,
    );
    for (const [name, time] of there) assert.equal(files(out).get(name), time, name);
    assert.equal(files(out).size, 2 * there.size);
  }));

const { PeterZeroFrozen, FineCLS, PeterRec } = causal;
const longer = { ...preset.pretraining.causal, steps: 5 };
const others = parity.instances.map(({ user }) => ({ user, label: user % 3 ? 0 : 1 }));
const parallel = { ...PeterRec, patches: { ...PeterRec.patches, place: 'parallel' } } as typeof PeterRec;

/** What is computed anew when a run on `parity` is repeated with something changed. */
const changes: readonly (readonly [
  name: string,
  changed: Partial<RunOptions>,
  recomputed: string[],
  planned?: ReturnType<typeof everywhere>,
])[] = [
  [
    'a longer pre-training recomputes the trunks and what starts from them',
    { preset: { ...preset, pretraining: { ...preset.pretraining, causal: longer } } },
    ['Films-pretrain', 'Parity-FineCLS', 'Parity-PeterRec'],
  ],
  [
    'a longer fine-tuning of profiles recomputes what is fine-tuned',
    { preset: { ...preset, classify: { ...preset.classify, steps: 5 } } },
    ['Parity-FineCLS', 'Parity-PeterRec', 'Parity-PeterZero-frozen'],
  ],
  [
    'a longer fine-tuning of recommendation recomputes no profile',
    { preset: { ...preset, recommend: { ...preset.recommend, steps: 5 } } },
    [],
  ],
  [
    'other labels of the users recompute the task, not its trunks',
    { tasks: [{ ...parity, instances: others }] },
    ['Parity-FineCLS', 'Parity-LabelCS', 'Parity-PeterRec', 'Parity-PeterZero-frozen'],
  ],
  ['a changed experiment recomputes itself only', {}, ['Parity-PeterRec'], everywhere(parallel, FineCLS)],
];
const planned = everywhere(...untrained, PeterZeroFrozen, FineCLS, PeterRec);
const once = { ...options, tasks: [parity] };
const done = folderWith({});
before(() => run({ ...once, out: done }, planned));

for (const [name, changed, recomputed, again = planned] of changes) {
  test(name, () =>
    inFolder(async (out) => {
      fs.cpSync(done, out, { recursive: true });
      const there = files(out);
      await run({ ...once, out, ...changed }, again);
      for (const [file, time] of there) assert.equal(files(out).get(file), time, file);
      const added = [...files(out).keys()].filter((file) => file.endsWith('.tsv') && !there.has(file));
      assert.deepEqual(
        added.map((file) => file.replace(/results.(.*)-[0-9a-f]{12}-s1.tsv/, '$1')).sort(),
        recomputed,
      );
    }),
  );
}

test('a run that is stopped keeps what was finished, releases TensorFlow, and goes on from there', () =>
  inFolder(async (out) => {
    const controller = new AbortController();
    const tensors = tf.memory().numTensors;
    const onProgress = ({ label, done }: Progress) => {
      if (/^News, PeterRec/.test(label) && done % 1 !== 0) controller.abort();
    };
    await assert.rejects(run({ ...options, out, onProgress, signal: controller.signal }, both), {
      name: 'AbortError',
    });
    assert.equal(backend.getNumOfSavedModels(), 0);
    assert.equal(tf.memory().numTensors, tensors);
    const kept = new Map([...files(out)].filter(([name]) => !name.startsWith('checkpoints/')));
    assert.deepEqual([...kept.keys()].map((name) => name.replace(/-[0-9a-f]{12}-s1/, '')).sort(), [
      'models/Films-pretrain.items.json',
      'models/Films-pretrain.json',
      'models/Films-pretrain.safetensors',
      'results/Films-pretrain.json',
      'results/Films-pretrain.tsv',
      'results/News-Popularity.json',
      'results/News-Popularity.tsv',
    ]);
    const ended = await run({ ...options, out }, both);
    for (const [name, time] of kept) assert.equal(files(out).get(name), time, name);
    assert.deepEqual(allNumbers(ended), allNumbers(await run({ ...options, out: folderWith({}) }, both)));
  }));
