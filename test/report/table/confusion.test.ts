import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../lib/experiments/documents/document';
import { causal } from '../../../lib/experiments/methods/family';
import { confusionTable } from '../../../lib/report/table/confusion';
import { sampleResult } from '../sampleResults';

const METHOD = causal.PeterZeroFrozen;
const CLASSES = ['single', 'married', 'parent'];

const completed = (seed: number, counts?: readonly (readonly number[])[]): Result => ({
  ...sampleResult({ task: 'LifeEst', method: METHOD, seed, test: { Acc: 0 } }),
  ...(counts ? { confusion: { classes: CLASSES, counts } } : {}),
});

test('a confusion matrix has the classes of the data set as rows and columns and sums the seeds', () => {
  const results = [
    completed(1, [
      [1, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]),
    completed(2, [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]),
  ];
  const { name, columns, rows } = confusionTable({ results }, 'LifeEst', METHOD);
  assert.equal(name, 'confusion-LifeEst-PeterZero-frozen-trunk');
  assert.equal(columns.map(({ label }) => label).join(), 'Class,single,married,parent');
  assert.deepEqual(rows.map(Object.values), [
    ['single', 2, 0, 0],
    ['married', 1, 1, 0],
    ['parent', 0, 0, 0],
  ]);
});

test('a task without classes and a method that has not run are told in one line', () => {
  for (const [method, message] of [
    [METHOD, /LifeEst: a confusion matrix/],
    [causal.FineAll, /LifeEst: .* FineAll on the causal trunk$/],
  ] as const)
    assert.throws(() => confusionTable({ results: [completed(1)] }, 'LifeEst', method), {
      name: 'UserError',
      message,
    });
});
