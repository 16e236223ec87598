/** Patches of several tasks, fused: tuned first, read from what they left, and left as they are. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { leaves, type Tree, type Weight } from '../../../lib/engine/weights';
import { modelFile } from '../../../lib/experiments/documents/document';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal } from '../../../lib/experiments/methods/family';
import { fusedOver } from '../../../lib/experiments/methods/insertions';
import { type Changes, vary } from '../../../lib/experiments/methods/vary';
import type { FineTuningRecord } from '../../../lib/experiments/records/record';
import { resolve, startsOf, stemIn } from '../../../lib/experiments/resolve/resolve';
import { leftOf, run } from '../../../lib/experiments/runs/run';
import { loadUserModel } from '../../../lib/model/files/patchFile';
import { folderWith } from '../../data/folders';
import { taskOn } from '../../data/tasks/taskWith';
import { news, parity } from '../recipes/tinyTasks';
import { allNumbers, options } from './tinyRun';

const thirds = taskOn(
  parity.source,
  { name: 'Thirds', kind: 'classify', labels: ['none', 'one', 'two'] },
  parity.source.users.map((_, user) => [user % 3]),
);
const tasks = [news, parity, thirds];
const fused = fusedOver(causal.PeterRec, ['Parity', 'Thirds']);
const planned = [{ on: ['Parity'], experiments: [fused] }];

test('what is fused is planned before, trained before, and stays as it was', async () => {
  const out = folderWith({});
  const asked = { ...options, tasks, out };
  const jobs = resolve(planned, asked);
  assert.deepEqual(
    jobs.map(({ about: { task, experiment } }) => [task, experiment]),
    [
      ['Films', 'pretrain'],
      ['Parity', 'PeterRec'],
      ['Thirds', 'PeterRec'],
      ['Parity', 'PeterRec-fused'],
    ],
  );
  assert.equal(leftOf(jobs, out).length, jobs.length);
  assert.deepEqual(startsOf(jobs[3]), jobs.slice(0, 3).map(stemIn));

  const numbers = allNumbers(await run(asked, planned));
  assert.deepEqual(leftOf(resolve(planned, asked), out), []);
  const [trunk, own, other, together] = jobs.map((job) => modelFile(out, stemIn(job)));
  const model = loadUserModel(trunk, together).weights;
  const valuesOf = (tree: unknown) => leaves<Weight>(tree as Tree<Weight>).map(([, { values }]) => values);
  for (const [i, file] of [own, other].entries())
    assert.deepEqual(valuesOf(model.others?.[i]), valuesOf(loadUserModel(trunk, file).weights.patches));
  const values = leaves<Weight>(model.patches as unknown as Tree<Weight>).filter(([at]) =>
    at.includes('value'),
  );
  assert.ok(values.some(([, weight]) => weight.values.some((one) => one !== 0 && one !== 1))); // V starts as I

  const again = path.join(out, 'again');
  assert.deepEqual(allNumbers(await run({ ...asked, out: again }, planned)), numbers);
});

test('all tasks of a source and kind are those that there are; one alone has nothing to fuse', () => {
  const all = fusedOver(causal.PeterRec, 'all');
  const jobsOn = (own: typeof tasks) =>
    resolve([{ on: 'all', experiments: [all] }], { ...options, tasks: own });
  const found = jobsOn(tasks).filter(({ about }) => about.experiment === 'PeterRec-fused');
  assert.deepEqual(
    found.map(({ record, about }) => [about.task, (record as FineTuningRecord).fused]),
    ['Parity', 'Thirds'].map((name) => [name, ['Parity', 'Thirds']]),
  );
  assert.deepEqual(jobsOn([news, parity]), []);
});

test('patches of another one than these change what is fused: its document has another name', () => {
  const stems = (rate: number) => {
    const rates = { everything: 0.01, part: rate };
    const preset = { ...options.preset, classify: { ...options.preset.classify, rates } };
    return resolve(planned, { ...options, preset, tasks }).map(stemIn);
  };
  assert.notEqual(stems(0.01).at(-1), stems(0.02).at(-1));
});

const { fused: _, ...without } = fused;
const refusals: readonly (readonly [FineTuning, RegExp])[] = [
  [fusedOver(causal.PeterRec, ['Parity', 'News']), /fused News: .* each task of its source and kind once/],
  [fusedOver(causal.PeterRec, ['Parity', 'Parity']), /once/],
  [fusedOver(causal.PeterZeroFrozen, ['Parity', 'Thirds']), /shipped patches .* pre-trained trunk/],
  [{ ...fused, trunk: 'SASRec' }, /expected the same trunk/],
  [without, /PeterRec-fused: patches of the form fusion and `fused`: expected both or none/],
];
/** What a trunk does not have. */
const lacking: readonly (readonly [Changes, RegExp])[] = [
  [{ trunk: 'GRU', patches: { place: 'serial after norm' } }, /GRU trunk: patches.place serial after norm: /],
  [{ trunk: 'SASRec', patches: { place: 'parallel after norm' } }, /no norm follows/],
  [{ trunk: 'GRU', tuned: 'norms and classifier' }, /GRU has no norm/],
  [{ trunk: 'GRU', tuned: 'last two layers and classifier' }, /GRU has one layer/],
  [{ itemRank: 2, tuned: 'classifier' }, /itemRank 2: expected tuned everything or patches/],
];
const varied = lacking.map(([changes, message]) => [vary(causal.PeterRec, changes), message] as const);
for (const [experiment, message] of [...refusals, ...varied])
  test(`refused when it is planned: ${message.source}`, () =>
    assert.throws(() => resolve([{ on: ['Parity'], experiments: [experiment] }], { ...options, tasks }), {
      name: 'UserError',
      message,
    }));
