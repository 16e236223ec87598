import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../../lib/methods/family';
import { freshPretraining } from '../../../lib/recipes/pretrain';
import { pretrainingOf } from '../../../lib/recipes/settings';
import { needsOf, needsOn, shortageOfJobs, shortages } from '../../../lib/runs/estimate/needs';
import { countWeights } from '../../../lib/tensorflow/weights';
import { preset, source } from '../../recipes/tinyTasks';
import { everywhere, options } from '../tinyRun';

const trunk = pretrainingOf(source, preset, 'causal');

test('the weights of a trunk are counted as its model has them, four bytes each, a trunk a seed', () => {
  const one = needsOf([trunk], 0, 1).disk;
  const two = needsOf([trunk], 0, 2).disk;
  assert.equal(two - one, 4 * countWeights(freshPretraining(trunk, 1).trunk));
  const all = countWeights(freshPretraining(trunk, 1));
  assert.equal(one - (two - one), 4 * 6 * all);
});

test('645,000 items at 256 channels need what training on them was measured to take, 5.9 GB, within a fifth', () => {
  const { shape } = trunk;
  const large = { ...trunk, shape: { ...shape, items: 645_000, channels: 256 }, candidates: 2000 };
  const { memory } = needsOf([large], 0, 1);
  assert.ok(Math.abs(memory / 5.9e9 - 1) < 0.2, String(memory));
});

test('what will not suffice is said with what is there and what to try; nothing where all does', () => {
  const needs = { memory: 3e9, disk: 5e9 };
  assert.deepEqual(shortages(needs, '/out', { memory: 4e9, disk: 6e9 }), []);
  const [memory, disk] = shortages(needs, '/out', { memory: 1e9, disk: 2e9 });
  assert.match(memory, /^About 3\.0 GB of memory are needed, 1\.0 GB are free: .*`channels`.*`length`/);
  assert.match(disk, /^About 5\.0 GB of disk under \/out are needed, 2\.0 GB are free: .*--out/);
});

test('a cluster’s job that gets less memory than it needs is said with what to ask for', () => {
  const needs = { memory: 5 * 2 ** 30, disk: 0 };
  assert.deepEqual(shortageOfJobs(needs, 5120), []);
  assert.deepEqual(shortageOfJobs(needs, 3000), [
    'A job needs about 5120 MB of memory and gets 3000: try --memory 5120.',
  ]);
});

test('the documents of all seeds and tasks are counted', () => {
  const out = process.cwd();
  const of = (seeds: number) => needsOn({ ...options, seeds, out }, everywhere(causal.PeterRec)).disk;
  assert.equal(of(3) - of(2), 200_000 * 3 + 4 * countWeights(freshPretraining(trunk, 1).trunk));
});
