/** The jobs of a plan: every document once, trunks before what starts from them, and each long enough. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { batchesOf } from '../../../lib/experiments/cluster/batches';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { untrained } from '../../../lib/experiments/opponents/opponents';
import { planOf, stemIn, unitsOf } from '../../../lib/experiments/runs/plan';
import { folderWith } from '../../data/folders';
import { everywhere, options } from '../runs/tinyRun';

const methods = [causal.PeterRec, causal.FineCLS, causal.FineZero, nonCausal.PeterRec];
const planned = everywhere(...untrained, ...methods);
const plan = planOf({ ...options, seeds: 2, out: folderWith({}), codes: {} }, planned);
const units = unitsOf(plan);
const batches = (seconds: number, own = units) => batchesOf(plan, own, () => seconds);

test('each document is in one job, and each job has a name of its own', () => {
  for (const seconds of [0, 1, 100, 1000]) {
    const found = batches(seconds);
    const documents = found.flatMap((batch) => batch.documents);
    assert.deepEqual([...documents].sort(), units.map((unit) => stemIn(plan, unit)).sort());
    assert.equal(new Set(found.map(({ name }) => name)).size, found.length);
    for (const { name } of found) assert.match(name, /^\w+$/);
  }
});

test('a job needs the trunk that its documents start from, which another job makes alone', () => {
  const found = batches(1);
  const makers = new Map(found.flatMap((batch) => batch.makes.map((file) => [file, batch] as const)));
  const needing = found.filter(({ needs }) => needs.length > 0);
  // Two seeds of a causal and of a non-causal trunk.
  assert.equal(needing.length, 4);
  for (const { needs } of needing) {
    assert.deepEqual(needs.map(path.extname), ['.safetensors', '.json']);
    for (const file of needs) assert.equal(makers.get(file)?.documents.length, 1);
  }
  // A trunk that is there is not waited for.
  const experiments = units.filter(({ place }) => plan.jobs[place].of === 'experiment');
  assert.ok(batches(1, experiments).every(({ needs }) => needs.length === 0));
});

test('experiments of a trunk share a job until it is worth one', () => {
  const sizes = (seconds: number) =>
    batches(seconds)
      .filter(({ needs }) => needs.length > 0)
      .map(({ documents }) => documents.length);
  assert.deepEqual(sizes(1), [4, 4, 2, 2]); // PeterRec and FineCLS on two tasks; PeterRec on two
  assert.deepEqual(sizes(600), [2, 2, 2, 2, 2, 2]);
  assert.deepEqual(sizes(1000), Array(12).fill(1));
});
