import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerClaims } from '../../lib/evidence/claims';
import { identityOf } from '../../lib/experiments/methods/identity';
import { presets } from '../../lib/experiments/methods/presets';
import * as rq1 from '../../lib/questions/rq1';
import * as scale from '../../lib/questions/scale';
import { folderWith } from '../data/folders';
import { titlesOf } from '../report/figure/titles';
import { wholeRun } from './wholeRun';

const completed = wholeRun(folderWith({}), scale.runs);

test('every share of users meets every share of labels, and what needs no trunk every share of labels', () => {
  const [{ on, experiments }] = scale.runs;
  assert.deepEqual(on, ['ColdRec-2', 'AgeEst']);
  const trained = experiments.filter(({ kind }) => kind !== 'most frequent');
  assert.equal(trained.length, 3 * (3 * 4 + 3));
  assert.equal(new Set(experiments.map(identityOf)).size, experiments.length);
  // Of each source one trunk for every share of the users.
  assert.deepEqual(completed.pretraining.map(({ pretraining }) => pretraining).sort(), [0.03, 0.1, 0.3, 1]);
});

test('all labels and all users are documents of RQ1', () => {
  const ofRQ1 = new Set(rq1.experiments.map(identityOf));
  const shared = scale.experiments.map(identityOf).filter((name) => ofRQ1.has(name));
  assert.deepEqual(shared, [
    ...['LabelCS', 'Popularity', 'FineZero-best on the causal trunk', 'BagOfItems'],
    ...['PeterRec-best', 'FineAll-best', 'FineCLS-best'].map((id) => `${id} on the causal trunk`),
  ]);
});

test('a figure has a panel for each share of the labels, and a line a method over the users of pre-training', () => {
  const [figure] = scale.figures(completed);
  assert.deepEqual(titlesOf(figure), ['ColdRec-2, 10 %', 'ColdRec-2, 30 %', 'ColdRec-2']);
  const lines = figure.spec.data.filter(({ xaxis }) => xaxis === 'x');
  const names = ['PeterRec', 'FineAll', 'FineCLS', 'FineZero', 'NeuFM', 'Bag of items'];
  const drawn = lines.map(({ name }) => name);
  assert.deepEqual(drawn, names);
  // 36 of 40 users train, 3, 10 and 30 % of them are 1, 4 and 11
  assert.deepEqual(
    (figure.spec.layout as { xaxis?: { tickvals?: unknown } }).xaxis?.tickvals,
    [1, 4, 11, 36],
  );
});

test('where nothing differs, no number of users makes PeterRec better, and the answer says so for each task', () => {
  const crossings = scale.crossings(completed);
  const { rows } = scale.crossingsTable(crossings);
  assert.equal(rows.length, 2 * 3 * 4);
  assert.deepEqual(
    new Set(rows.map(({ users }) => users)),
    new Set(['∅']), // nor is anything better than what needs no learning
  );
  const claims = answerClaims(completed, scale.questions);
  assert.equal(claims.length, 2 * 3 * 4);
  const bench = { data: 'sample', seeds: 5, preset: presets.default };
  const { notes } = scale.answer(bench, crossings, claims);
  assert.match(notes[0], /^ColdRec-2: .*: FineZero ∅, /);
  assert.match(notes[1], /^AgeEst: /);
});
