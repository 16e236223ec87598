import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineupsOf, meanSd } from '../../lib/evidence/aggregate';
import { causal } from '../../lib/experiments/methods/family';
import type { Method } from '../../lib/experiments/methods/identity';
import { sampleResult } from '../report/sampleResults';

const { PeterRec, FineAll } = causal;
const completed = (task: string, method: Method, seed = 1) =>
  sampleResult({ task, method, seed, test: { Acc: 0.5 } });

test('of 1, 2, 6 the mean is 3, the sample standard deviation √7', () => {
  assert.deepEqual(meanSd([1, 2, 6]), { mean: 3, sd: Math.sqrt(7), n: 3 });
  assert.deepEqual(meanSd([5]), { mean: 5, sd: 0, n: 1 }); // one value has no spread
});

test('methods share a place where they learn a task from the same share of its training instances', () => {
  const little = { ...PeterRec, training: 0.1 };
  const less = { ...FineAll, training: 0.1 };
  const results = [
    completed('LifeEst', PeterRec),
    completed('LifeEst', little),
    completed('GenEst', PeterRec),
  ];
  assert.deepEqual(lineupsOf(results, [little, PeterRec, less]), [
    { task: 'GenEst', title: 'GenEst', methods: [PeterRec] },
    { task: 'LifeEst', title: 'LifeEst, 10 %', methods: [little, less] },
    { task: 'LifeEst', title: 'LifeEst', methods: [PeterRec] },
  ]);
});
