import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/methods/family';
import {
  bestQuestions,
  probabilities,
  runs,
  speed,
  table4,
  table4Best,
  table5,
  table5Best,
} from '../../lib/questions/rq3';
import { inFolder } from '../recipes/tinyTasks';
import { wholeRun } from './wholeRun';

const headings = ({ columns }: { readonly columns: readonly { readonly label: string }[] }) =>
  columns.map(({ label }) => label).slice(2);
const methods = ({ rows }: { readonly rows: readonly { readonly method?: unknown }[] }) =>
  rows.map(({ method }) => method);

test('Table 4 has the profile tasks and Table 5 the others, each with its own opponents', () =>
  inFolder((out) => {
    const ran = wholeRun(out, runs);
    const [profiles, items] = [table4(ran), table5(ran)];
    assert.deepEqual(headings(profiles), ['GenEst Acc', 'AgeEst Acc', 'LifeEst Acc']);
    assert.deepEqual(methods(profiles), [
      ...['LabelCS', 'Item co-occurrence', 'Bag of items', 'MTL', 'PeterRec'],
    ]);
    assert.equal(methods(table4Best(ran)).at(-1), 'PeterRec, best setting');
    assert.equal(methods(table5Best(ran)).at(-1), 'PeterRec, best setting');
    assert.deepEqual(headings(items), ['ColdRec-1 HR@5', 'ColdRec-2 MRR@5']);
    assert.deepEqual(methods(items), [
      ...['Popularity', 'Item co-occurrence', 'Bag of items', 'NeuFM', 'DeepFM', 'MTL', 'PeterRec'],
    ]);
  }));

test('profiles are told by their probabilities too, the lowest log-loss the best', () =>
  inFolder((out) => {
    const { columns, rows } = probabilities(wholeRun(out, runs));
    const tasks = ['GenEst', 'AgeEst', 'LifeEst'];
    assert.deepEqual(
      columns.slice(1).map(({ label, best }) => [label, best]),
      tasks.flatMap((task) => [
        [`${task} AUC`, 'highest'],
        [`${task} log-loss`, 'lowest'],
      ]),
    );
    assert.deepEqual(rows[0]['AgeEst log-loss'], { mean: 0.7, sd: 0, n: 1 });
  }));

test('a table is empty where the data has no task of its kind', () =>
  inFolder((out) => {
    const { tasks } = wholeRun(out, []);
    const profiles = tasks.filter(({ kind }) => kind === 'classify');
    const ran = wholeRun(out, runs, profiles);
    assert.equal(table5(ran).rows.length, 0);
    assert.equal(table4(ran).rows.length, 5);
  }));

test('the best setting differs from PeterRec in its loss, in what represents the user and in its budget alone', () => {
  const [first, ...others] = bestQuestions.map((question) => question.first);
  const { id: _, label: __, ...other } = first as typeof causal.PeterRec;
  const { id: ___, label: ____, ...own } = causal.PeterRec;
  assert.deepEqual(other, { ...own, setting: 'best', representation: 'mean', loss: 'cross-entropy' });
  assert.ok(others.every((method) => method === first));
});

test('the time of MTL and PeterRec is told for every task, and that of the trunk once', () =>
  inFolder((out) => {
    const { rows } = speed(wholeRun(out, runs));
    assert.deepEqual(
      rows.slice(0, 3).map(({ task, method }) => [task, method]),
      [
        ['source of Films', 'Pre-training, once for all tasks'],
        ['ColdRec-1', 'MTL'],
        ['ColdRec-1', 'PeterRec'],
      ],
    );
    assert.equal(rows.length, 1 + 2 * 5);
  }));
