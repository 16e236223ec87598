import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanSd, metricOf, placesOf, seedCount, tasksOf, tested } from '../../lib/evidence/aggregate';
import { causal } from '../../lib/experiments/methods/family';
import type { Method } from '../../lib/experiments/methods/identity';
import { sampleResult } from '../report/sampleResults';

const { PeterRec, FineAll } = causal;
const ran = (task: string, method: Method, seed = 1) =>
  sampleResult({ task, method, seed, test: { Acc: 0.5 } });

test('of 1, 2, 6 the mean is 3, the sample standard deviation √7, the t interval 3 ± 4.303 √7/√3', () => {
  const { interval = [], ...found } = meanSd([1, 2, 6]);
  assert.deepEqual(found, { mean: 3, sd: Math.sqrt(7), n: 3 });
  assert.equal(interval.map((end) => end.toFixed(2)).join(), '-3.57,9.57');
  assert.deepEqual(meanSd([5]), { mean: 5, sd: 0, n: 1 }); // one value has no spread
});

test('what has no test metric, as pre-training, is not tested', () => {
  const pretraining = sampleResult({ task: 'Films', method: PeterRec, seed: 1, test: {} });
  const result = ran('GenEst', PeterRec);
  assert.deepEqual(tested([pretraining, result]), [result]);
});

test('the tasks that occur stand in the paper’s order, then as they occur', () => {
  const results = ['Mine', 'AgeEst', 'Other', 'GenEst', 'ColdRec-1', 'GenEst'].map((task) => ({ task }));
  assert.deepEqual(tasksOf(results), ['ColdRec-1', 'GenEst', 'AgeEst', 'Mine', 'Other']);
});

test('the metric of a task is the one that its documents name', () => {
  const results = [ran('GenEst', PeterRec), { ...ran('Job', PeterRec), metric: 'MacroF1' }];
  assert.equal(['GenEst', 'Job', 'AgeEst'].map((task) => metricOf(results, task)).join(), 'Acc,MacroF1,');
});

test('seeds are counted once each', () => {
  assert.equal(seedCount([ran('GenEst', PeterRec), ran('AgeEst', PeterRec)]), '1 seed');
  assert.equal(seedCount([ran('GenEst', PeterRec, 1), ran('GenEst', PeterRec, 3)]), '2 seeds');
});

test('methods share a place where they learn a task from the same share of its training instances', () => {
  const little = { ...PeterRec, training: 0.1 };
  const less = { ...FineAll, training: 0.1 };
  const results = [ran('LifeEst', PeterRec), ran('LifeEst', little), ran('GenEst', PeterRec)];
  assert.deepEqual(placesOf(results, [little, PeterRec, less]), [
    { task: 'GenEst', title: 'GenEst', methods: [PeterRec] },
    { task: 'LifeEst', title: 'LifeEst, 10 %', methods: [little, less] },
    { task: 'LifeEst', title: 'LifeEst', methods: [PeterRec] },
  ]);
});
