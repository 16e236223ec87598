/** Peak memory of steps, measured in processes of their own. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { causal } from '../../../../lib/experiments/methods/family';
import { identityOf } from '../../../../lib/experiments/methods/identity';
import { peakMemory } from '../../../../lib/experiments/runs/estimate/peakMemory';
import { openWorkbench } from '../../../../lib/experiments/workbench/workbench';
import { folderWith } from '../../../data/folders';

test('a method is measured once, and again where the file is damaged', async () => {
  const out = folderWith({});
  const bench = openWorkbench({ data: 'movielens-100k', preset: 'quick', seeds: 1, out, device: 'auto' });
  const { FineCLS } = causal;
  const first = await peakMemory(bench, [FineCLS]);
  assert.deepEqual(Object.keys(first), [identityOf(FineCLS)]);
  assert.ok(first[identityOf(FineCLS)] > 1e6);
  assert.deepEqual(await peakMemory(bench, [FineCLS]), first);
  const [name] = fs.readdirSync(out);
  const file = path.join(out, name);
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('"peaks"', '"peak"'));
  const again = await peakMemory(bench, [FineCLS]);
  assert.deepEqual(Object.keys(again), Object.keys(first));
  assert.ok(fs.existsSync(`${file}.damaged`));
});
