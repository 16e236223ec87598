import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/experiments/methods/family';
import { called, type Method } from '../../lib/experiments/methods/identity';
import { LabelCS } from '../../lib/experiments/methods/opponents';
import { overfittingTable } from '../../lib/report/overfitting';
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

const tableOf = (found: typeof results, ...methods: readonly Method[]) =>
  overfittingTable({ name: 'o', caption: 'C.' }, found, methods);

test('kept and last state, the loss between them seed by seed, training losses, rate and dropout', () => {
  assert.match(
    toMarkdown(tableOf(results, FineAll)),
    // lost: 0.2 and 0
    /AgeEst \| FineAll \| Acc .* 20 \| 0\.400 ± 0\.071 .* 35 \| 0\.300 ± 0\.071 \| 0\.100 ± 0\.141 \| .*2\.000 \| 0\.500 \| 0\.00700 \| +0\.200 \|/,
  );
});

test('each method that trains and each share of the training instances is a row, under the label asked for', () => {
  const little = { ...PeterRec, training: 0.1 };
  const found = [...results, runOf(little, 1, [0.2, 0.3, 0.1], 20)];
  const { rows } = tableOf(found, PeterRec, LabelCS, called(little, 'with little'));
  assert.deepEqual(
    rows.map(({ task, method, keptStep, rate }) => [task, method, keptStep, rate]),
    [
      ['AgeEst', 'PeterRec', 30, 0.001],
      ['AgeEst, 10 %', 'with little', 20, 0.001],
    ],
  );
});
