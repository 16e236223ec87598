import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../../lib/experiments/methods/family';
import { confusionTable } from '../../../lib/report/table/confusion';
import { folderWith } from '../../data/folders';
import { leave, sampleResult } from '../sampleResults';

const task = { name: 'LifeEst', kind: 'classify' as const, labels: ['single', 'married', 'parent'] };
const METHOD = causal.PeterZeroFrozen;

/** One seed's instances as [class, predicted class]. */
const completed = (out: string, seed: number, ...pairs: (readonly [string, string])[]) =>
  leave(
    out,
    sampleResult({ task: task.name, method: METHOD, seed, test: { Acc: 0 } }),
    pairs.map(([label, predicted], row) => ({ row, label, predicted })),
  );

test('a confusion matrix has the classes of the data set as rows and columns and sums the seeds', () => {
  const out = folderWith({});
  const results = [
    completed(out, 1, ['single', 'single'], ['married', 'single']),
    completed(out, 2, ['single', 'single'], ['married', 'married']),
  ];
  const { name, columns, rows } = confusionTable({ out, results }, task, METHOD);
  assert.equal(name, 'confusion-LifeEst-PeterZero-frozen-trunk');
  assert.equal(columns.map(({ label }) => label).join(), 'Class,single,married,parent');
  assert.deepEqual(rows.map(Object.values), [
    ['single', 2, 0, 0],
    ['married', 1, 1, 0],
    ['parent', 0, 0, 0],
  ]);
});

test('a task without classes, a method that has not run and a strange class are told in one line', () => {
  const out = folderWith({});
  const results = [completed(out, 1, ['single', 'single'])];
  const items = { ...task, kind: 'recommend' as const };
  const strange = [completed(out, 2, ['single', 'widowed'])];
  for (const [found, asked, method, message] of [
    [results, items, METHOD, /LifeEst: a confusion matrix/],
    [results, task, causal.FineAll, /LifeEst: .* FineAll on the causal trunk$/],
    [strange, task, METHOD, /LifeEst: class widowed /],
  ] as const)
    assert.throws(() => confusionTable({ out, results: found }, asked, method), {
      name: 'UserError',
      message,
    });
});
