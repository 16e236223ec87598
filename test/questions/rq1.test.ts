import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FineTuning } from '../../lib/experiments/methods/experiment';
import { causal } from '../../lib/experiments/methods/family';
import { presets } from '../../lib/experiments/methods/presets';
import * as rq1 from '../../lib/questions/rq1';
import { folderWith } from '../data/folders';
import { legendOf } from '../report/figure/titles';
import { sampleClaim } from '../report/sampleClaim';
import { sampleCompletedRun, sampleResults } from '../report/sampleResults';
import { methodsIn, wholeRun } from './wholeRun';

const sample = sampleCompletedRun('nowhere', sampleResults());
const own: FineTuning = { ...causal.PeterRec, id: 'mine', label: 'mine' };
const completed = wholeRun(folderWith({}), [...rq1.runs, { on: ['GenEst'], experiments: [own] }]);

test('Table 2 goes from what needs no learning to PeterRec and says what is tuned', () => {
  assert.deepEqual(
    rq1.table2(sample, []).rows.map(({ method, tuned }) => `${method}: ${tuned}`),
    [
      ...['LabelCS: null', 'FineCLS: 2%', 'FineZero: 100%', 'FineAll: 100%'],
      ...['PeterZero (frozen trunk): 9.42%', 'PeterZero (everything): 100%', 'PeterRec: 9.42%'],
    ],
  );
});

test('the paper’s setting and the best one have a table each, with what needs no trunk in both and what else ran', () => {
  const paper = methodsIn(rq1.table2(completed, []));
  const labels = rq1.experiments.map(({ label }) => label);
  assert.deepEqual(paper, [...labels.filter((label) => !label.endsWith('best setting')), 'mine']);
  assert.deepEqual(methodsIn(rq1.table2Best(completed, [])), paper);
});

test('Figure 4 shows PeterRec, FineAll, both readings of PeterZero and what needs no trunk', () => {
  assert.deepEqual(legendOf(rq1.figure4(sample)), [
    'PeterRec',
    'FineAll',
    'PeterZero (frozen trunk)',
    'PeterZero (everything)',
    'LabelCS, Popularity',
  ]);
});

test('the answer has both settings, of which the paper claims one', () => {
  const bench = { data: 'sample', seeds: 5, preset: presets.default };
  const [paper, best] = [rq1.questions[0], rq1.bestQuestions[0]].map((question) => sampleClaim({ question }));
  const { sentence, groups } = rq1.answer(bench, [paper], [best]);
  assert.equal(sentence, 'Yes: of the paper’s 1 claim 1 holds. Best setting: 1 of 1 hold.');
  assert.deepEqual(
    groups.map(({ title, rows: [{ claim, paper }] }) => `${title}: ${claim}, ${paper}`),
    ['Paper’s setting: FineAll > FineZero, holds', 'Best setting: FineAll > FineZero, null'],
  );
});
