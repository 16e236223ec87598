import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/experiments/methods/family';
import * as rq3 from '../../lib/questions/rq3';
import type { Table } from '../../lib/report/table/table';
import { folderWith } from '../data/folders';
import { sampleTasks } from '../report/sampleResults';
import { methodsIn, wholeRun } from './wholeRun';

const completed = wholeRun(folderWith({}), rq3.runs);
const headings = ({ columns }: Table) => columns.slice(2).map(({ label }) => label);

test('Table 4 has the profile tasks and Table 5 the others, each with its own opponents', () => {
  const [profiles, items] = [rq3.table4(completed), rq3.table5(completed)];
  assert.deepEqual(headings(profiles), ['GenEst Acc', 'AgeEst Acc', 'LifeEst Acc']);
  const simple = ['Item co-occurrence', 'Bag of items'];
  const EASE = 'Linear item-to-item (EASE)';
  assert.deepEqual(methodsIn(profiles), ['LabelCS', ...simple, 'MTL', 'PeterRec']);
  assert.deepEqual(headings(items), ['ColdRec-1 HR@5', 'ColdRec-2 MRR@5']);
  assert.deepEqual(methodsIn(items), ['Popularity', ...simple, EASE, 'NeuFM', 'DeepFM', 'MTL', 'PeterRec']);
  for (const table of [rq3.table4Best, rq3.table5Best])
    assert.equal(methodsIn(table(completed)).at(-1), 'PeterRec, best setting');
});

test('profiles are told by their probabilities too, the lowest log-loss the best', () => {
  const { columns, rows } = rq3.probabilities(completed);
  const headed = columns.slice(1, 3).map(({ label, best }) => `${label}, ${best}`);
  assert.deepEqual(headed, ['GenEst AUC, highest', 'GenEst log-loss, lowest']);
  assert.deepEqual(rows[0]['AgeEst log-loss'], { mean: 0.7, sd: 0, n: 1 });
});

test('a table is empty where the data has no task of its kind', () => {
  const profiles = sampleTasks.filter(({ kind }) => kind === 'classify');
  const less = wholeRun(folderWith({}), rq3.runs, profiles);
  assert.deepEqual([rq3.table5(less).rows.length, rq3.table4(less).rows.length], [0, 5]);
});

test('the best setting differs from PeterRec in its loss, in what represents the user, in its budget and for profiles past the trunk', () => {
  const [first, ...others] = rq3.bestQuestions.map((question) => question.first);
  const { id: _, label: __, ...other } = first as typeof causal.PeterRec;
  const { id: ___, label: ____, ...own } = causal.PeterRec;
  const pastRank = { classify: { as: 8 } };
  assert.deepEqual(other, {
    ...own,
    setting: 'best',
    representation: 'mean',
    loss: 'cross-entropy',
    pastRank,
  });
  assert.ok(others.every((method) => method === first));
});

test('the time of MTL and PeterRec is told for every task, and that of the trunk once', () => {
  const { rows } = rq3.speed(completed);
  assert.deepEqual(
    rows.slice(0, 3).map(({ task, method }) => `${task}: ${method}`),
    ['source of Films: Pre-training, once for all tasks', 'ColdRec-1: MTL', 'ColdRec-1: PeterRec'],
  );
  assert.equal(rows.length, 1 + 2 * 5);
});
