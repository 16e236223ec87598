import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FineTuning } from '../../lib/methods/experiment';
import { causal } from '../../lib/methods/family';
import { presets } from '../../lib/methods/presets';
import {
  answer,
  bestQuestions,
  confusions,
  experiments,
  figure4,
  questions,
  runs,
  table2,
  table2Best,
} from '../../lib/questions/rq1';
import type { Table } from '../../lib/report/table/table';
import { inFolder } from '../recipes/tinyTasks';
import { sampleClaim } from '../report/sampleClaim';
import { sampleRan, sampleResults } from '../report/sampleResults';
import { wholeRun } from './wholeRun';

const ran = sampleRan('nowhere', sampleResults());

test('Table 2 goes from what needs no learning to PeterRec and says what is tuned', () => {
  const { rows } = table2(ran, []);
  assert.deepEqual(
    rows.map(({ method, tuned }) => [method, tuned]),
    [
      ['LabelCS', null],
      ['FineCLS', '2%'],
      ['FineZero', '100%'],
      ['FineAll', '100%'],
      ['PeterZero (frozen trunk)', '9.42%'],
      ['PeterZero (everything)', '100%'],
      ['PeterRec', '9.42%'],
    ],
  );
});

test('the paper’s setting and the best one have a table each, with what needs no trunk in both and what else ran', () =>
  inFolder((out) => {
    const own: FineTuning = { ...causal.PeterRec, id: 'mine', label: 'mine' };
    const run = wholeRun(out, [...runs, { on: ['GenEst'], experiments: [own] }]);
    const methodsOf = (table: Table) => table.rows.map(({ method }) => method);
    const [paper, best] = [table2(run, []), table2Best(run, [])].map(methodsOf);
    assert.deepEqual(paper, [
      ...experiments.map(({ label }) => label).filter((label) => !label.endsWith('best setting')),
      'mine',
    ]);
    assert.deepEqual(best, paper);
  }));

test('Figure 4 shows PeterRec, FineAll, both readings of PeterZero and what needs no trunk', () => {
  const legend = figure4(ran).spec.data.filter(({ showlegend }) => showlegend);
  assert.deepEqual(
    legend.map(({ name }) => name),
    [...['PeterRec', 'FineAll', 'PeterZero (frozen trunk)', 'PeterZero (everything)'], 'LabelCS, Popularity'],
  );
});

test('every profile task has a confusion matrix of PeterRec', () =>
  inFolder((out) => {
    const tables = confusions(wholeRun(out, runs));
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['confusion-GenEst-PeterRec', 'confusion-AgeEst-PeterRec', 'confusion-LifeEst-PeterRec'],
    );
    assert.deepEqual(tables[0].rows.map(Object.values), [
      ['even', 2, 0],
      ['odd', 2, 0],
    ]);
  }));

test('the answer has both settings, of which the paper claims one', () => {
  const bench = { data: 'sample', seeds: 5, preset: presets.default };
  const [own, best] = [questions[0], bestQuestions[0]].map((question) => sampleClaim({ question }));
  const { sentence, groups } = answer(bench, [own], [best]);
  assert.equal(sentence, 'Yes: of the paper’s 1 claim 1 holds. Best setting: 1 of 1 hold.');
  assert.deepEqual(
    groups.map(({ title, rows }) => [title, rows.map(({ claim, paper }) => [claim, paper])]),
    [
      ['Paper’s setting', [['FineAll > FineZero', 'holds']]],
      ['Best setting', [['FineAll > FineZero', null]]],
    ],
  );
});
