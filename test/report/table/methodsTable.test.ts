import assert from 'node:assert/strict';
import { test } from 'node:test';
import { better } from '../../../lib/evidence/questions';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { called, type Method } from '../../../lib/experiments/methods/identity';
import { LabelCS, opponents } from '../../../lib/experiments/opponents/opponents';
import { type MethodsTable, methodsTable, tunedShare } from '../../../lib/report/table/methodsTable';
import { sampleClaim } from '../sampleClaim';
import { sampleResult } from '../sampleResults';

const { PeterRec, FineAll } = causal;
const { BagOfItems } = opponents;

const table: MethodsTable = {
  ...{ name: 'table', caption: '', columns: [], methods: [LabelCS, FineAll, PeterRec] },
};
const hit = (method: Method, seed: number, value: number, share = 0.1) =>
  sampleResult({ task: 'ColdRec-1', method, seed, test: { 'HR@5': value, 'MRR@5': 0 }, share });
const accuracy = (method: Method, seed: number, value: number, share = 0.1) =>
  sampleResult({ task: 'GenEst', method, seed, test: { Acc: value }, share });

test('a row a method and a column a task hold mean, sd and seeds; a method that did not run has an empty cell', () => {
  const { columns, rows, note } = methodsTable(table, [
    accuracy(PeterRec, 1, 0.5),
    hit(PeterRec, 1, 0.25),
    hit(PeterRec, 2, 0.75),
    hit(LabelCS, 1, 0.125),
  ]);
  assert.equal(columns.map(({ label }) => label).join(), 'Method,ColdRec-1 HR@5,GenEst Acc');
  assert.deepEqual(rows[1]['ColdRec-1 HR@5'], { mean: 0.5, sd: Math.sqrt(0.125), n: 2 });
  assert.deepEqual(rows[0], {
    method: 'LabelCS',
    'ColdRec-1 HR@5': { mean: 0.125, sd: 0, n: 1 },
    'GenEst Acc': null,
  });
  assert.equal(note, 'Mean ± standard deviation over 2 seeds.');
});

test('methods stand in the order and under the labels asked for, those alone that ran, and no others', () => {
  const methods = [FineAll, called(PeterRec, 'Ours'), LabelCS];
  const others = [hit(BagOfItems, 1, 0.5), accuracy(BagOfItems, 1, 0.5)];
  const results = [hit(LabelCS, 1, 0.5), hit(PeterRec, 1, 0.5), ...others];
  const { columns, rows } = methodsTable({ ...table, methods }, results);
  assert.equal(rows.map(({ method }) => method).join(), 'Ours,LabelCS');
  assert.equal(columns.map(({ label }) => label).join(), 'Method,ColdRec-1 HR@5');
});

test('namesakes on either trunk, and with a share, are rows of their own that say what tells them apart', () => {
  const methods = [nonCausal.PeterRec, PeterRec, { ...nonCausal.PeterRec, training: 0.1 }, FineAll];
  const results = methods.map((method, i) => hit(method, 1, i / 4));
  const named = ['PeterRec on the non-causal trunk', 'PeterRec on the causal trunk'];
  const { rows } = methodsTable({ ...table, methods }, results);
  assert.deepEqual(
    rows.map((row) => row.method),
    [...named, 'PeterRec on the non-causal trunk, training 0.1', 'FineAll'],
  );
  for (const [i, row] of rows.entries())
    assert.deepEqual(row['ColdRec-1 HR@5'], { mean: i / 4, sd: 0, n: 1 });
});

test('the share of tuned weights is a range where tasks differ, and empty where nothing is tuned', () => {
  const results = [hit(PeterRec, 1, 0.5, 0.0942), accuracy(PeterRec, 1, 0.5, 0.0016)];
  const { rows } = methodsTable({ ...table, columns: [tunedShare] }, [...results, hit(LabelCS, 1, 0.5, 0)]);
  assert.deepEqual([rows[0].tuned, rows[1].tuned], [null, '0.16% to 9.42%']);
});

test('a mark says that all claims hold that a method on a task is better than its own start from random', () => {
  const { PeterZeroAll, PeterZeroFrozen, FineZero } = causal;
  const namesake = called(nonCausal.PeterRec, 'PeterRec_on');
  const on = <M extends Method>(method: M) => ({ ...method, label: `${method.label}, mine` });
  const claims = [
    sampleClaim({ question: better(on(FineAll), FineZero) }),
    sampleClaim({ question: better(FineAll, FineZero), task: 'ColdRec-1', verdict: 'undecided' }),
    sampleClaim({ question: better(PeterRec, PeterZeroFrozen) }),
    sampleClaim({ question: better(PeterRec, PeterZeroAll), verdict: 'does not hold' }),
    sampleClaim({ question: better(namesake, PeterZeroFrozen) }),
  ];
  const methods = [FineAll, FineZero, PeterRec, nonCausal.PeterRec];
  const results = methods.flatMap((method) => [accuracy(method, 1, 0.5), hit(method, 1, 0.5)]);
  const { rows, note } = methodsTable({ ...table, methods, claims }, results);
  const marks = ['GenEst Acc', 'ColdRec-1 HR@5'].map((key) =>
    rows.map((row) => (row[key] as { mark?: string }).mark ?? '').join(),
  );
  assert.deepEqual(marks, ['*,,,*', ',,,']);
  assert.match(note ?? '', /^One seed, so no spread\. \* better than its own start from random/);
});

test('results of pre-training, which have no test metric, stay out', () => {
  const pretraining = sampleResult({ task: 'ColdRec-2', method: PeterRec, seed: 1, test: {} });
  const { columns, rows } = methodsTable(table, [pretraining, hit(PeterRec, 1, 0.5)]);
  assert.deepEqual([columns.length, rows.length], [2, 1]);
});
