import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/methods/family';
import { called, type Method } from '../../lib/methods/identity';
import { LabelCS } from '../../lib/methods/opponents';
import { overfitting, overfittingAnswer, overfittingTable } from '../../lib/report/overfitting';
import { toMarkdown } from '../../lib/report/table/formats';
import { sampleResult } from './sampleResults';

const { FineAll, PeterRec } = causal;

const point = (step: number, loss: number, accuracy: number) => ({
  ...{ step, loss, epoch: 0, seconds: 0, valid: {} },
  test: { Acc: accuracy },
});
const runOf = (method: Method, seed: number, accuracies: number[]) =>
  sampleResult(
    { task: 'AgeEst', method, seed, test: { Acc: accuracies[2] } },
    accuracies.map((accuracy, i) => point(10 * (i + 1), 3 - i, accuracy)),
  );

/** FineAll is at its best in the middle, on average 0.4, and ends at 0.3; PeterRec rises. */
const results = [
  runOf(FineAll, 1, [0.3, 0.45, 0.25]),
  runOf(FineAll, 2, [0.3, 0.35, 0.35]),
  runOf(PeterRec, 1, [0.25, 0.25, 0.375]),
  sampleResult({ task: 'AgeEst', method: LabelCS, seed: 1, test: { Acc: 0.3 } }),
];

test('a method loses the mean of its best step minus that of its last one, seed by seed', () => {
  const [fineAll, peterRec, ...others] = overfitting(results, [FineAll, PeterRec, LabelCS]);
  assert.deepEqual(others, []);
  assert.deepEqual([fineAll.bestStep, fineAll.lastStep], [20, 30]);
  const shown = [fineAll.best.mean, fineAll.last.mean, fineAll.lost.mean, fineAll.lost.sd];
  assert.deepEqual(
    shown.map((value) => value.toFixed(4)),
    ['0.4000', '0.3000', '0.1000', '0.1414'], // lost: 0.2 and 0
  );
  assert.deepEqual([peterRec.bestStep, peterRec.lost.mean], [30, 0]);
});

test('the training loss at the best and at the last step stands beside it', () => {
  const table = overfittingTable({ name: 'o', caption: 'C.' }, overfitting(results, [FineAll]));
  assert.match(
    toMarkdown(table),
    /AgeEst \| FineAll \| Acc .* 20 \| 0\.400 ± 0\.071 .* 30 \| 0\.300 ± 0\.071 \| 0\.100 ± 0\.141 \| .*2\.000 \| 1\.000/,
  );
});

test('in words', () => {
  assert.equal(
    overfittingAnswer(overfitting(results, [PeterRec])),
    '- AgeEst: PeterRec is best after 30 of 30 steps (0.375) and ends at 0.375, 0.000 lower, ' +
      'while its training loss goes from 1.000 to 1.000.',
  );
});

test('what learns from a share of the training instances is a task of its own, under the label asked for', () => {
  const little = { ...PeterRec, training: 0.1 };
  const found = overfitting(
    [...results, runOf(little, 1, [0.2, 0.3, 0.1])],
    [PeterRec, called(little, 'with little')],
  );
  assert.deepEqual(
    found.map(({ task, method, bestStep }) => [task, method, bestStep]),
    [
      ['AgeEst', 'PeterRec', 30],
      ['AgeEst, 10 %', 'with little', 20],
    ],
  );
});
