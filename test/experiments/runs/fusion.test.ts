/** Patches of several tasks, fused: tuned first, read from what they left, and left as they are. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { leaves, type Tree, type Weight } from '../../../lib/engine/weights';
import { modelFile } from '../../../lib/experiments/documents/document';
import { causal } from '../../../lib/experiments/methods/family';
import { fusedOver } from '../../../lib/experiments/methods/insertions';
import { type Changes, vary } from '../../../lib/experiments/methods/vary';
import { keyOfPair } from '../../../lib/experiments/runs/declaration';
import { leftOf, planOf, startsOf, stemIn } from '../../../lib/experiments/runs/plan';
import { run } from '../../../lib/experiments/runs/run';
import { loadUserModel } from '../../../lib/model/files/patchFile';
import { folderWith } from '../../data/folders';
import { news, parity } from '../recipes/tinyTasks';
import { allNumbers, options } from './tinyRun';

const thirds = {
  ...parity,
  name: 'Thirds',
  labels: ['none', 'one', 'two'],
  instances: parity.instances.map(({ user }) => ({ user, label: user % 3 })),
  known: parity.instances.map(({ user }) => [user % 3]),
};
const tasks = [news, parity, thirds];
const fused = fusedOver(causal.PeterRec, ['Parity', 'Thirds']);
const planned = [{ on: ['Parity'], experiments: [fused] }];

test('what is fused is planned before, trained before, and stays as it was', async () => {
  const out = folderWith({});
  const asked = { ...options, tasks, out };
  const plan = planOf(asked, planned);
  assert.deepEqual(
    plan.pairs.map(({ task, experiment }) => [task.name, experiment.id]),
    [
      ['Parity', 'PeterRec'],
      ['Thirds', 'PeterRec'],
      ['Parity', 'PeterRec-fused'],
    ],
  );
  const last = leftOf(plan).at(-1);
  assert.ok(last);
  assert.equal(startsOf(plan, last).length, 3);

  const numbers = allNumbers(await run(asked, planned));
  assert.deepEqual(leftOf(planOf(asked, planned)), []);
  const [own, other, together] = plan.pairs.map((pair) => modelFile(out, keyOfPair(plan.session, pair, 1)));
  const [trunk] = plan.jobs.filter(({ of }) => of === 'trunk').map(({ keyOf }) => modelFile(out, keyOf(1)));
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
  const pairsOn = (own: typeof tasks) =>
    planOf({ ...options, tasks: own, out: 'nowhere' }, [{ on: 'all', experiments: [all] }]).pairs;
  const found = pairsOn(tasks).filter(({ experiment }) => experiment.id === 'PeterRec-fused');
  assert.deepEqual(
    found.map(({ task, experiment }) => [task.name, (experiment as typeof all).fused?.tasks]),
    ['Parity', 'Thirds'].map((name) => [name, ['Parity', 'Thirds']]),
  );
  assert.deepEqual(pairsOn([news, parity]), []);
});

test('patches of another one than these change what is fused: its document has another name', () => {
  const stems = (rate: number) => {
    const rates = { everything: 0.01, part: rate };
    const preset = { ...options.preset, classify: { ...options.preset.classify, rates } };
    const plan = planOf({ ...options, preset, tasks, out: 'nowhere' }, planned);
    return leftOf(plan).map((unit) => stemIn(plan, unit));
  };
  assert.notEqual(stems(0.01).at(-1), stems(0.02).at(-1));
});

test('tasks of another kind, and a form without what it fuses, are refused by name', () => {
  const refused = (experiment: typeof fused, message: RegExp) =>
    assert.throws(
      () => planOf({ ...options, tasks, out: 'nowhere' }, [{ on: ['Parity'], experiments: [experiment] }]),
      {
        name: 'UserError',
        message,
      },
    );
  refused(
    fusedOver(causal.PeterRec, ['Parity', 'News']),
    /fused News: expected each task of its source and kind once/,
  );
  refused(
    fusedOver(causal.PeterZeroFrozen, ['Parity', 'Thirds']),
    /expected shipped patches .* pre-trained trunk/,
  );
  refused({ ...fused, trunk: 'SASRec' }, /expected the same trunk/);
  refused(fusedOver(causal.PeterRec, ['Parity', 'Parity']), /once/);
  const { fused: _, ...without } = fused;
  refused(without, /PeterRec-fused: patches of the form fusion and `fused`: expected both or none/);
});

test('what a trunk does not have is refused when it is planned', () => {
  const refused = (changes: Changes, message: RegExp) =>
    assert.throws(
      () =>
        planOf({ ...options, tasks, out: 'nowhere' }, [
          { on: ['Parity'], experiments: [vary(causal.PeterRec, changes)] },
        ]),
      {
        name: 'UserError',
        message,
      },
    );
  refused(
    { trunk: 'GRU', patches: { place: 'serial after norm' } },
    /GRU trunk: patches.place serial after norm: expected/,
  );
  refused({ trunk: 'SASRec', patches: { place: 'parallel after norm' } }, /no norm follows/);
  refused({ trunk: 'GRU', tuned: 'norms and classifier' }, /GRU has no norm/);
  refused({ trunk: 'GRU', tuned: 'last two layers and classifier' }, /GRU has one layer/);
  refused({ itemRank: 2, tuned: 'classifier' }, /itemRank 2: expected tuned everything or patches/);
});
