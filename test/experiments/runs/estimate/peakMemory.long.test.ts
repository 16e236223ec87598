/** Peak memory of steps, measured in processes of their own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../../../lib/experiments/methods/family';
import { identityOf } from '../../../../lib/experiments/methods/identity';
import { peakMemory } from '../../../../lib/experiments/runs/estimate/memory';
import { openWorkbench } from '../../../../lib/experiments/workbench/workbench';
import { folderWith } from '../../../data/folders';

test('a method is measured once', async () => {
  const out = folderWith({});
  const bench = openWorkbench({ data: 'movielens-100k', preset: 'quick', seeds: 1, out, device: 'auto' });
  const { FineCLS } = causal;
  const first = await peakMemory(bench, [FineCLS]);
  assert.deepEqual(Object.keys(first), [identityOf(FineCLS)]);
  assert.ok(first[identityOf(FineCLS)] > 1e6);
  assert.deepEqual(await peakMemory(bench, [FineCLS]), first);
});
