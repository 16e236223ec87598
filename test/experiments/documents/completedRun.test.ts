import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completedOn, resultsOf, runsOf, withOthers } from '../../../lib/experiments/documents/completedRun';
import { methodOf } from '../../../lib/experiments/documents/document';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { called, type Method } from '../../../lib/experiments/methods/identity';
import { sampleCompletedRun, sampleResult } from '../../report/sampleResults';

const { PeterRec, FineAll } = causal;
const completed = (method: Method, seed = 1, task = 'GenEst') =>
  sampleResult({ task, method, seed, test: { Acc: 0.5 } });

test('documents belong to an experiment by id, trunk and shares, whatever it is called', () => {
  const shares = { training: 0.3, pretraining: 0.1 };
  const { id, label, trunk } = nonCausal.FineAll;
  assert.deepEqual(methodOf(completed({ ...nonCausal.FineAll, ...shares })), { id, label, trunk, ...shares });
  const methods = [
    ...[PeterRec, FineAll, nonCausal.PeterRec],
    ...[{ training: 0.1 }, { pretraining: 0.1 }].map((share) => ({ ...PeterRec, ...share })),
  ];
  const results = methods.map((method) => completed(method));
  for (const [i, method] of methods.entries())
    assert.deepEqual(resultsOf(results, called(method, 'mine')), [results[i]]);
});

test('runs on a task are those of every seed, in the order of seeds; a seed that occurs twice is refused', () => {
  const results = [
    completed(PeterRec, 3),
    completed(PeterRec, 1),
    completed(PeterRec, 2, 'AgeEst'),
    completed(FineAll, 2),
  ];
  assert.deepEqual(runsOf(results, 'GenEst', PeterRec), [results[1], results[0]]);
  assert.throws(
    () => runsOf([completed(PeterRec, 1), completed(PeterRec, 1)], 'GenEst', PeterRec),
    /^UserError: two results of PeterRec .* on GenEst for seed 1/,
  );
});

test('what ran on some tasks leaves out the results of the others', () => {
  const all = sampleCompletedRun('nowhere', [
    completed(PeterRec, 1, 'ColdRec-1'),
    completed(PeterRec, 1, 'AgeEst'),
  ]);
  const tasksOn = (wanted: Parameters<typeof completedOn>[1]) =>
    completedOn(all, wanted).results.map(({ task }) => task);
  assert.deepEqual(tasksOn('all'), ['ColdRec-1', 'AgeEst']);
  assert.deepEqual(tasksOn('classify'), ['AgeEst']);
  assert.deepEqual(tasksOn(['ColdRec-1', 'ColdRec-2']), ['ColdRec-1']);
});

test('what else ran stands behind the methods, each once and under its own label', () => {
  const results = [
    completed(FineAll),
    completed(PeterRec),
    completed(nonCausal.PeterRec),
    completed(FineAll, 2),
  ];
  const found = withOthers([called(PeterRec, 'mine')], results).map(
    ({ label, trunk }) => `${label}, ${trunk}`,
  );
  assert.deepEqual(found, ['mine, causal', 'FineAll, causal', 'PeterRec, non-causal']);
});
