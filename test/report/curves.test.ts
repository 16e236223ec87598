import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from '../../lib/data/tasks/facts';
import type { Result } from '../../lib/experiments/documents/document';
import { causal } from '../../lib/experiments/methods/family';
import { called, type Method } from '../../lib/experiments/methods/identity';
import { LabelCS, opponents } from '../../lib/experiments/opponents/opponents';
import { lengthRemarks, overfittingTable, speedTable } from '../../lib/report/curves';
import { toMarkdown } from '../../lib/report/table/formats';
import { news } from '../experiments/recipes/tinyTasks';
import { sampleCompletedRun, samplePoint, sampleResult } from './sampleResults';

const { FineAll, PeterRec } = causal;

/** A validation part of 27 or of 270 instances, by the size of the task. */
const sized = (instances: number) => ({
  ...news,
  instances: Array.from({ length: instances }, (_, i) => ({ user: i % 40, label: 0 })),
});

const curve = (values: readonly number[], losses: readonly number[]) =>
  values.map((value, i) =>
    samplePoint(10 * (i + 1), { loss: losses[i], valid: { 'HR@5': value }, test: { 'HR@5': value } }),
  );

const DECLARED = { patience: 3, evaluations: 4 };

/** Validation parts are 27 or 270 instances: too few to stop a training, or enough. */
const cases: readonly (readonly [
  string,
  validation: 27 | 270,
  values: readonly number[],
  stoppedAt: number,
  remark?: RegExp | undefined,
  losses?: readonly number[],
  declaration?: Result['declaration'],
])[] = [
  ['the best state is the last', 270, [0.1, 0.2, 0.3], 30, /^Ended by the budget/],
  ['validation stopped it', 270, [0.1, 0.3, 0.2], 20],
  ['its budget ended', 270, [0.1, 0.3, 0.2, 0.2], 20, /^Ended by/, [4, 3, 2, 1], DECLARED],
  ['its budget had not ended', 270, [0.1, 0.3, 0.2], 20, undefined, [3, 2, 1], DECLARED],
  ['it fell by more than .05', 27, [0.1, 0.3, 0.2], 30, /^Below its best by more than \.05/],
  ['it fell by less', 27, [0.1, 0.3, 0.26], 30],
  ['its loss never fell', 270, [0.1, 0.2, 0.3], 30, /^The loss was never below/, [1, 1, 1.5]],
  ['its loss fell once', 270, [0.1, 0.3, 0.2], 20, undefined, [1, 0.9, 1.5]],
];
for (const [what, validation, values, stoppedAt, remark, losses = [3, 2, 1], declaration = {}] of cases)
  test(`with ${validation} validation instances, where ${what}: ${remark ?? 'no remark'}`, () => {
    const fields = { task: 'News', method: causal.PeterRec, seed: 1, test: { 'HR@5': 0.2 } };
    const result: Result = { ...sampleResult(fields, curve(values, losses)), stoppedAt, declaration };
    const tasks = [factsOf(sized(validation === 27 ? 90 : 9000))];
    const [found, ...others] = lengthRemarks({ ...sampleCompletedRun('', [result], []), tasks });
    assert.deepEqual(others, []);
    if (remark === undefined) return assert.equal(found, undefined);
    assert.match(found, remark);
    assert.match(found, /: PeterRec on News\.$/);
  });

test('a remark names eight trainings and counts the rest', () => {
  const tasks = Array.from({ length: 10 }, (_, i) => factsOf({ ...sized(9000), name: `News ${i}` }));
  const results = tasks.map(({ name }) => {
    const fields = { task: name, method: causal.PeterRec, seed: 1, test: { 'HR@5': 0.2 } };
    return { ...sampleResult(fields, curve([0.1, 0.2, 0.3], [3, 2, 1])), stoppedAt: 30, declaration: {} };
  });
  const [remark] = lengthRemarks({ ...sampleCompletedRun('', results, []), tasks });
  assert.match(remark, /: PeterRec on News 0; .*; PeterRec on News 7; 2 more\.$/);
});

const runOf = (method: Method, seed: number, accuracies: number[], stoppedAt: number) => ({
  ...sampleResult(
    { task: 'AgeEst', method, seed, test: { Acc: accuracies[stoppedAt / 10 - 1] } },
    accuracies.map((Acc, i) => samplePoint(10 * (i + 1), { loss: 3 - i, test: { Acc } })),
  ),
  stoppedAt,
  declaration: { rate: method === FineAll ? 0.007 : 0.001, dropout: 0.2 },
});

/** FineAll is kept in the middle, at 0.4 in the mean, and ends at 0.3, one seed later than the other; PeterRec rises. */
const trained = [
  runOf(FineAll, 1, [0.3, 0.45, 0.25], 20),
  runOf(FineAll, 2, [0.3, 0.35, 0.35, 0.35], 20),
  runOf(PeterRec, 1, [0.25, 0.25, 0.375], 30),
  sampleResult({ task: 'AgeEst', method: LabelCS, seed: 1, test: { Acc: 0.3 } }),
];

const tableOf = (found: typeof trained, ...methods: readonly Method[]) =>
  overfittingTable({ name: 'o', caption: 'C.' }, found, methods);

test('kept and last state, the loss between them seed by seed, training losses, rate and dropout', () => {
  assert.match(
    toMarkdown(tableOf(trained, FineAll)),
    // lost: 0.2 and 0
    /AgeEst \| FineAll \| Acc .* 20 \| 0\.400 ± 0\.071 .* 35 \| 0\.300 ± 0\.071 \| 0\.100 ± 0\.141 \| .*2\.000 \| 0\.500 \| 0\.00700 \| +0\.200 \|/,
  );
});

test('each method that trains and each share of the training instances is a row, under the label asked for', () => {
  const little = { ...PeterRec, training: 0.1 };
  const found = [...trained, runOf(little, 1, [0.2, 0.3, 0.1], 20)];
  const { rows } = tableOf(found, PeterRec, LabelCS, called(little, 'with little'));
  assert.deepEqual(
    rows.map(({ task, method, keptStep, rate }) => [task, method, keptStep, rate]),
    [
      ['AgeEst', 'PeterRec', 30, 0.001],
      ['AgeEst, 10 %', 'with little', 20, 0.001],
    ],
  );
});

const { MTL } = opponents;

const end = (step: number, epoch: number, seconds: number) =>
  samplePoint(step, { epoch, seconds, test: { Acc: 0.5 } });
const fields = { task: 'GenEst', test: { Acc: 0.5 } };
const timed = [
  // 20 steps of small batches are a pass: 100 and 300 ms a step, 2 and 6 seconds a pass, 40 and 60 steps in all
  sampleResult({ ...fields, method: MTL, seed: 1 }, [end(20, 1, 3), end(40, 2, 4)]),
  sampleResult({ ...fields, method: MTL, seed: 2 }, [end(20, 1, 3), end(60, 3, 18)]),
  sampleResult({ ...fields, method: PeterRec, seed: 1 }, [end(40, 4, 2)]),
  sampleResult({ ...fields, method: LabelCS, seed: 1 }),
];
const trunk = { id: 'pretrain', label: 'pre-training', trunk: 'causal' } as const;
const pretraining = [sampleResult({ task: 'ColdRec-2', method: trunk, seed: 1, test: {} })];
const table = speedTable('speed', { results: timed, pretraining }, [MTL, PeterRec, LabelCS]);

test('steps, passes and all of training are timed to the last step, over seeds', () => {
  assert.match(
    toMarkdown(table),
    /GenEst +\| MTL +\| +50 ± 14 \| +200\.0 ± 141\.4 \| +4\.00 ± 2\.83 \| +11\.0 ± 9\.9 \|\n\| GenEst +\| PeterRec +\| +40 \| +50\.0 \| +0\.50 \| +2\.0 \|/,
  );
});

test('a row for each trunk, then for each method that takes steps', () => {
  const names = table.rows.map(({ task, method }) => `${task}: ${method}`);
  const trunk = 'source of ColdRec-2: Pre-training, once for all tasks';
  assert.deepEqual(names, [trunk, 'GenEst: MTL', 'GenEst: PeterRec']);
});
