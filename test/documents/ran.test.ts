import assert from 'node:assert/strict';
import { test } from 'node:test';
import { methodOf } from '../../lib/documents/document';
import { ranOn, resultsOf, runsOf, withOthers } from '../../lib/documents/ran';
import { causal, nonCausal } from '../../lib/methods/family';
import { called, type Method } from '../../lib/methods/identity';
import { sampleRan, sampleResult } from '../report/sampleResults';

const { PeterRec } = causal;
const ran = (method: Method, seed = 1, task = 'GenEst') =>
  sampleResult({ task, method, seed, test: { Acc: 0.5 } });

test('the experiment of a document is the one that ran', () => {
  const method = { ...nonCausal.FineAll, training: 0.3, pretraining: 0.1 };
  const { id, label, trunk, training, pretraining } = method;
  assert.deepEqual(methodOf(ran(method)), { id, label, trunk, training, pretraining });
});

test('documents belong to an experiment by id, trunk and shares, whatever it is called', () => {
  const methods = [
    PeterRec,
    causal.FineAll,
    nonCausal.PeterRec,
    { ...PeterRec, training: 0.1 },
    { ...PeterRec, pretraining: 0.1 },
  ];
  const results = methods.map((method) => ran(method));
  methods.forEach((method, i) => {
    assert.deepEqual(resultsOf(results, called(method, 'mine')), [results[i]]);
  });
});

test('runs on a task are those of every seed, in the order of seeds', () => {
  const results = [ran(PeterRec, 3), ran(PeterRec, 1), ran(PeterRec, 2, 'AgeEst'), ran(causal.FineAll, 2)];
  assert.deepEqual(runsOf(results, 'GenEst', PeterRec), [results[1], results[0]]);
});

test('a seed that occurs twice is refused', () => {
  assert.throws(
    () => runsOf([ran(PeterRec, 1), ran(PeterRec, 1)], 'GenEst', PeterRec),
    /^UserError: two results of PeterRec on the causal trunk on GenEst for seed 1: expected one$/,
  );
});

test('what ran on some tasks leaves out the results of the others', () => {
  const all = sampleRan('nowhere', [ran(PeterRec, 1, 'ColdRec-1'), ran(PeterRec, 1, 'AgeEst')]);
  const tasksOn = (wanted: Parameters<typeof ranOn>[1]) => ranOn(all, wanted).results.map(({ task }) => task);
  assert.deepEqual(tasksOn('all'), ['ColdRec-1', 'AgeEst']);
  assert.deepEqual(tasksOn('classify'), ['AgeEst']);
  assert.deepEqual(tasksOn(['ColdRec-1', 'ColdRec-2']), ['ColdRec-1']);
});

test('what else ran stands behind the methods, each once and under its own label', () => {
  const mine = called(PeterRec, 'mine');
  const results = [ran(causal.FineAll), ran(PeterRec), ran(nonCausal.PeterRec), ran(causal.FineAll, 2)];
  assert.deepEqual(
    withOthers([mine], results).map(({ label, trunk }) => `${label}, ${trunk}`),
    ['mine, causal', 'FineAll, causal', 'PeterRec, non-causal'],
  );
});
