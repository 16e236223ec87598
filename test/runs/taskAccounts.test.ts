import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nonCausal } from '../../lib/methods/family';
import { LabelCS, opponents } from '../../lib/methods/opponents';
import { run } from '../../lib/runs/run';
import { taskAccounts } from '../../lib/runs/taskAccounts';
import { inFolder, news, parity, preset } from '../recipes/tinyTasks';
import { everywhere, options } from './tinyRun';

test('without training the accounts are those of the documents that a run leaves', () =>
  inFolder(async (out) => {
    const { ItemCooccurrence, DeepFM, MTL } = opponents;
    const experiments = [LabelCS, ItemCooccurrence, DeepFM, MTL, nonCausal.PeterRec];
    const { results } = await run({ ...options, out, tasks: [parity] }, everywhere(...experiments));
    assert.deepEqual(
      taskAccounts([parity], experiments, preset).map(({ components: _, method, ...account }) => ({
        ...account,
        method: method.label,
      })),
      results.map(({ task, method, parameters }) => ({ task, method, ...parameters })),
    );
  }));

test('components of a model add up to it: k = 8, two blocks, patches of one channel, ten labels', () => {
  const [{ components, total }] = taskAccounts([news], [nonCausal.PeterRec], preset);
  assert.deepEqual(components, {
    embedding: (12 + 3) * 8, // items, padding, [TCL], [MASK]
    convolutions: 4 * (3 * 8 * 8 + 8),
    norms: 4 * 2 * 8,
    patches: 4 * (2 * 8 + 1 + 8),
    classifier: 10 * 9,
  });
  assert.equal(
    Object.values(components).reduce((sum, count) => sum + count, 0),
    total,
  );
});

test('an opponent has no components', () => {
  const [{ components }] = taskAccounts([news], [opponents.DeepFM], preset);
  assert.equal(components, undefined);
});
