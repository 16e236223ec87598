import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerClaims } from '../../lib/evidence/claims';
import { causal } from '../../lib/methods/family';
import {
  bestQuestions,
  probabilities,
  questions,
  runs,
  speed,
  speedInWords,
  table4,
  table5,
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
    const [profiles, items] = [table4(ran, []), table5(ran, [])];
    assert.deepEqual(headings(profiles), ['GenEst Acc', 'AgeEst Acc', 'LifeEst Acc']);
    assert.deepEqual(methods(profiles), [
      ...['LabelCS', 'Item co-occurrence', 'Bag of items', 'MTL', 'PeterRec'],
      'PeterRec, best setting',
    ]);
    assert.deepEqual(headings(items), ['ColdRec-1 HR@5', 'ColdRec-2 MRR@5']);
    assert.deepEqual(methods(items), [
      ...['Popularity', 'Item co-occurrence', 'Bag of items', 'NeuFM', 'DeepFM', 'MTL', 'PeterRec'],
      'PeterRec, best setting',
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
    assert.equal(table5(ran, []).rows.length, 0);
    assert.equal(table4(ran, []).rows.length, 6);
  }));

test('the marks of a table are those of its own questions', () =>
  inFolder((out) => {
    const ran = wholeRun(out, runs);
    const claims = answerClaims(ran, questions).map((claim) => ({ ...claim, verdict: 'holds' as const }));
    assert.match(table4(ran, claims).note ?? '', /: \* better than LabelCS, † better than MTL\.$/);
    assert.match(
      table5(ran, claims).note ?? '',
      /: \* better than NeuFM, † better than DeepFM, ‡ better than MTL\.$/,
    );
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
    const ran = wholeRun(out, runs);
    assert.deepEqual(
      speed(ran)
        .rows.slice(0, 2)
        .map(({ task, method }) => [task, method]),
      [
        ['ColdRec-1', 'MTL'],
        ['ColdRec-1', 'PeterRec'],
      ],
    );
    const lines = speedInWords(ran).split('\n');
    assert.equal(lines.filter((line) => line.includes('MTL takes 1.0 times as long')).length, 5);
    assert.equal(lines.filter((line) => line.includes('trunk was pre-trained')).length, 1);
  }));
