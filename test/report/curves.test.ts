import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/methods/family';
import { lengthRemarks } from '../../lib/report/curves';
import { news } from '../recipes/tinyTasks';
import { sampleRan, sampleResult } from './sampleResults';

/** A validation part of 27 or of 270 instances, by the size of the task. */
const sized = (instances: number) => ({
  ...news,
  instances: Array.from({ length: instances }, (_, i) => ({ user: i % 40, label: 0 })),
});

const curve = (values: readonly number[], losses: readonly number[]) =>
  values.map((value, i) => ({
    ...{ step: 10 * (i + 1), epoch: i + 1, seconds: i, loss: losses[i] },
    ...{ valid: { 'HR@5': value }, test: { 'HR@5': value } },
  }));

const ranWith = (
  instances: number,
  values: readonly number[],
  stoppedAt: number,
  losses: readonly number[] = [3, 2, 1],
) => {
  const fields = { task: 'News', method: causal.PeterRec, seed: 1, test: { 'HR@5': 0.2 } };
  const result = { ...sampleResult(fields, curve(values, losses)), stoppedAt };
  return { ...sampleRan('', [result], []), tasks: [sized(instances)] };
};

test('what was best at its last evaluation is named, and what validation stopped before is not', () => {
  assert.deepEqual(lengthRemarks(ranWith(9000, [0.1, 0.2, 0.3], 30)), [
    'Ended by the budget, before validation had stopped it: PeterRec on News.',
  ]);
  assert.deepEqual(lengthRemarks(ranWith(9000, [0.1, 0.3, 0.2], 20)), []);
});

test('what took every evaluation of its budget is named, though an earlier state was the best', () => {
  const { results, ...ran } = ranWith(9000, [0.1, 0.3, 0.2], 20);
  const remarks = (evaluations: number) =>
    lengthRemarks({
      ...ran,
      results: results.map((result) => ({
        ...result,
        declaration: { patience: 3, budget: { evaluations } },
      })),
    });
  assert.deepEqual(remarks(3), ['Ended by the budget, before validation had stopped it: PeterRec on News.']);
  assert.deepEqual(remarks(4), []);
});

test('where validation is too small to stop it, what has fallen by more than .05 is named', () => {
  assert.deepEqual(lengthRemarks(ranWith(90, [0.1, 0.3, 0.2], 30)), [
    'Below its best by more than .05 on validation data at the last pass, where these are too few to stop it: PeterRec on News.',
  ]);
  assert.deepEqual(lengthRemarks(ranWith(90, [0.1, 0.3, 0.26], 30)), []);
});

test('a loss that was never below its start is named, whatever validation says', () => {
  assert.deepEqual(lengthRemarks(ranWith(9000, [0.1, 0.2, 0.3], 30, [1, 1, 1.5])), [
    'The loss was never below that of the first evaluation; a higher or a lower rate may help (`npm run tune` tries some): PeterRec on News.',
  ]);
  assert.deepEqual(lengthRemarks(ranWith(9000, [0.1, 0.3, 0.2], 20, [1, 0.9, 1.5])), []);
});
