import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headlineMetric } from '../../lib/experiments/headline';
import { meanCurve, meanSd } from '../../lib/report/aggregate';
import { figure4, table1, table2 } from '../../lib/report/rq1';
import { sampleResult, sampleResults } from './sampleResults';

test('mean and sample standard deviation of 1, 2, 6 are 3 and √7; one value has no spread', () => {
  assert.deepEqual(meanSd([1, 2, 6]), { mean: 3, sd: Math.sqrt(7), n: 3 });
  assert.deepEqual(meanSd([5]), { mean: 5, sd: 0, n: 1 });
});

test('the headline metric is HR@5, MRR@5 on ColdRec-2 and accuracy on profiles', () => {
  const ranking = { 'HR@5': 0.3, 'MRR@5': 0.2 };
  assert.equal(headlineMetric('ColdRec-1', ranking), 'HR@5');
  assert.equal(headlineMetric('ColdRec-2', ranking), 'MRR@5');
  assert.equal(headlineMetric('MyTask', ranking), 'HR@5');
  assert.equal(headlineMetric('GenEst', { Acc: 0.6 }), 'Acc');
});

test('Table 1 has one row a task', () => {
  const row = {
    task: 'GenEst',
    users: 943,
    sourceInstances: 943,
    targetInstances: 943,
    sourceItems: 1200,
    labels: 2,
  };
  assert.deepEqual(table1([row]).rows, [row]);
});

const hit = (method: string, seed: number, value: number, share: number) =>
  sampleResult({ task: 'ColdRec-1', method, seed, test: { 'HR@5': value, 'MRR@5': 0 }, share });
const accuracy = (method: string, seed: number, value: number, share: number) =>
  sampleResult({ task: 'GenEst', method, seed, test: { Acc: value }, share });

test('Table 2 holds mean, sd and seeds of each method on each task, and the range of tuned shares', () => {
  const results = [
    accuracy('PeterRec', 1, 0.5, 0.0016),
    hit('PeterRec', 1, 0.25, 0.0942),
    hit('PeterRec', 2, 0.75, 0.0942),
    hit('LabelCS', 1, 0.125, 0),
  ];
  const { columns, rows } = table2(results);
  assert.deepEqual(
    columns.map(({ label }) => label),
    ['Method', 'Tuned, of FineAll', 'ColdRec-1 HR@5', 'GenEst Acc'],
  );
  assert.deepEqual(rows, [
    { method: 'LabelCS', tuned: null, 'ColdRec-1 HR@5': { mean: 0.125, sd: 0, n: 1 }, 'GenEst Acc': null },
    {
      method: 'PeterRec',
      tuned: '0.16% to 9.42%',
      'ColdRec-1 HR@5': { mean: 0.5, sd: Math.sqrt(0.125), n: 2 },
      'GenEst Acc': { mean: 0.5, sd: 0, n: 1 },
    },
  ]);
});

test('Table 2 carries the marks it is given to their method and task, and their meaning to the note', () => {
  const results = [hit('PeterRec', 1, 0.5, 0.1), hit('FineAll', 1, 0.25, 1)];
  const marks = [{ task: 'ColdRec-1', method: 'PeterRec', mark: '*' }];
  const { rows, note } = table2(results, { marks, note: '* above FineAll.' });
  assert.deepEqual(
    rows.map((row) => row['ColdRec-1 HR@5']),
    [
      { mean: 0.25, sd: 0, n: 1 },
      { mean: 0.5, sd: 0, n: 1, mark: '*' },
    ],
  );
  assert.equal(note, 'One seed, so no spread. * above FineAll.');
});

test('results of pre-training, which have no test metric, stay out of Table 2', () => {
  const pretraining = sampleResult({ task: 'ColdRec-2', method: 'pre-training', seed: 1, test: {} });
  const { columns, rows } = table2([pretraining, hit('PeterRec', 1, 0.5, 0.1)]);
  assert.deepEqual(
    columns.map(({ key }) => key),
    ['method', 'tuned', 'ColdRec-1 HR@5'],
  );
  assert.equal(rows.length, 1);
});

test('a seed that occurs twice is refused, not averaged', () => {
  assert.throws(() => table2([hit('PeterRec', 1, 0.5, 0.1), hit('PeterRec', 1, 0.4, 0.1)]), /for seed 1/);
});

test('a mean curve averages each step over the seeds that measured it, with one sd on either side', () => {
  const point = (step: number, value: number) => ({
    step,
    epoch: 0,
    seconds: 0,
    loss: 0,
    valid: {},
    test: { 'HR@5': value },
  });
  const fields = { task: 'ColdRec-1', method: 'PeterRec', test: {} };
  const runs = [
    sampleResult({ ...fields, seed: 1 }, [point(10, 1), point(20, 4)]),
    sampleResult({ ...fields, seed: 2 }, [point(10, 3)]),
  ];
  assert.deepEqual(meanCurve(runs, 'HR@5'), [
    { x: 10, mean: 2, low: 2 - Math.SQRT2, high: 2 + Math.SQRT2 },
    { x: 20, mean: 4, low: 4, high: 4 },
  ]);
});

test('Figure 4 has a panel a task in the order of the paper, three curves each and the untrained baseline', () => {
  const { data, layout } = figure4(sampleResults()).spec;
  assert.deepEqual(
    layout.annotations?.map(({ text }) => text),
    ['ColdRec-1', 'ColdRec-2', 'GenEst', 'AgeEst', 'LifeEst'],
  );
  const curves = ['PeterRec', 'PeterZero (frozen trunk)', 'PeterZero (everything)', 'Most frequent label'];
  for (const panel of ['x', 'x2', 'x3', 'x4', 'x5']) {
    const names = data
      .filter(({ xaxis, name }) => xaxis === panel && name !== undefined)
      .map(({ name }) => name);
    assert.deepEqual(names, curves);
  }
  assert.equal(layout.yaxis2.title?.text, 'MRR@5');
});

test('Figure 4 of data with a single task is one panel', () => {
  const one = sampleResults().filter(({ task }) => task === 'AgeEst');
  const { layout } = figure4(one).spec;
  assert.deepEqual(layout.xaxis.domain, [0, 1]);
  assert.equal(layout.annotations?.length, 1);
});
