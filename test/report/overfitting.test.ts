import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/methods/family';
import { called, type Method } from '../../lib/methods/identity';
import { LabelCS } from '../../lib/methods/opponents';
import { overfitting, overfittingTable } from '../../lib/report/overfitting';
import { toMarkdown } from '../../lib/report/table/formats';
import { sampleResult } from './sampleResults';

const { FineAll, PeterRec } = causal;

const point = (step: number, loss: number, accuracy: number) => ({
  ...{ step, loss, epoch: 0, seconds: 0, valid: {} },
  test: { Acc: accuracy },
});
const rates = { everything: 0.007, part: 0.001 };
const runOf = (method: Method, seed: number, accuracies: number[], stoppedAt: number) => ({
  ...sampleResult(
    { task: 'AgeEst', method, seed, test: { Acc: accuracies[stoppedAt / 10 - 1] } },
    accuracies.map((accuracy, i) => point(10 * (i + 1), 3 - i, accuracy)),
  ),
  stoppedAt,
  declaration: { tuned: method === FineAll ? 'everything' : 'classifier', budget: { rates, dropout: 0.2 } },
});

/** FineAll is kept in the middle, at 0.4 in the mean, and ends at 0.3, one seed later than the other; PeterRec rises. */
const results = [
  runOf(FineAll, 1, [0.3, 0.45, 0.25], 20),
  runOf(FineAll, 2, [0.3, 0.35, 0.35, 0.35], 20),
  runOf(PeterRec, 1, [0.25, 0.25, 0.375], 30),
  sampleResult({ task: 'AgeEst', method: LabelCS, seed: 1, test: { Acc: 0.3 } }),
];

test('a method loses what its kept state has above its last one, seed by seed', () => {
  const [fineAll, peterRec, ...others] = overfitting(results, [FineAll, PeterRec, LabelCS]);
  assert.deepEqual(others, []);
  assert.deepEqual([fineAll.keptStep, fineAll.lastStep], [20, 35]);
  const shown = [fineAll.kept.mean, fineAll.last.mean, fineAll.lost.mean, fineAll.lost.sd];
  assert.deepEqual(
    shown.map((value) => value.toFixed(4)),
    ['0.4000', '0.3000', '0.1000', '0.1414'], // lost: 0.2 and 0
  );
  assert.deepEqual([peterRec.keptStep, peterRec.lost.mean], [30, 0]);
});

test('the training loss where it is kept and at the last step stands beside it', () => {
  const table = overfittingTable({ name: 'o', caption: 'C.' }, overfitting(results, [FineAll]));
  assert.match(
    toMarkdown(table),
    /AgeEst \| FineAll \| Acc .* 20 \| 0\.400 ± 0\.071 .* 35 \| 0\.300 ± 0\.071 \| 0\.100 ± 0\.141 \| .*2\.000 \| 0\.500 \| 0\.00700 \| +0\.200 \|/,
  );
});

test('each stands beside the rate and the dropout that it trained with', () => {
  const found = overfitting(results, [FineAll, PeterRec]);
  assert.deepEqual(
    found.map(({ rate, dropout }) => [rate, dropout]),
    [
      [0.007, 0.2],
      [0.001, 0.2],
    ],
  );
});

test('what learns from a share of the training instances is a task of its own, under the label asked for', () => {
  const little = { ...PeterRec, training: 0.1 };
  const found = overfitting(
    [...results, runOf(little, 1, [0.2, 0.3, 0.1], 20)],
    [PeterRec, called(little, 'with little')],
  );
  assert.deepEqual(
    found.map(({ task, method, keptStep }) => [task, method, keptStep]),
    [
      ['AgeEst', 'PeterRec', 30],
      ['AgeEst, 10 %', 'with little', 20],
    ],
  );
});
