import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nonCausal } from '../../lib/experiments/methods/family';
import { insertions } from '../../lib/experiments/methods/insertions';
import { presets } from '../../lib/experiments/methods/presets';
import * as rq4 from '../../lib/questions/rq4';
import { folderWith } from '../data/folders';
import { pretrained } from '../evidence/pretrainedTrunk';
import { titlesOf } from '../report/figure/titles';
import { sampleClaim } from '../report/sampleClaim';
import { sampleCompletedRun } from '../report/sampleResults';
import { methodsIn, wholeRun } from './wholeRun';

const [, , , littleData] = rq4.runs.map(({ experiments }) => experiments);
const completed = wholeRun(folderWith({}), rq4.runs);
const simple = ['LabelCS', 'Popularity', 'Item co-occurrence', 'Bag of items', 'Linear item-to-item (EASE)'];

test('with little data every method learns from a tenth and from three tenths, and is claimed at its share', () => {
  const ids = ['LabelCS', 'Popularity', 'ItemCooccurrence', 'BagOfItems', 'EASE', 'FineAll', 'PeterRec'];
  assert.deepEqual(
    littleData.map(({ id, training }) => [id, training]),
    [0.1, 0.3].flatMap((training) => ids.map((id) => [id, training])),
  );
  const shares = rq4.questions.flatMap(({ first, second }) =>
    first.training === undefined ? [] : [[first.id, second.id, first.training, second.training]],
  );
  assert.deepEqual(shares, [
    ['PeterRec', 'FineAll', 0.1, 0.1],
    ['PeterRec', 'FineAll', 0.3, 0.3],
  ]);
});

test('Table 6 has PeterRec on either trunk, and what the trunks reached', () => {
  const table = rq4.table6(completed);
  const own = ['PeterRec_al', 'PeterRec_al, parallel patches', 'PeterRec_on, serial patches', 'PeterRec_on'];
  assert.deepEqual(methodsIn(table), [...simple, ...own]);
  assert.match(table.columns[1].label, /^Trunk of Films /);
});

test('beside a share of pre-training stands what its own trunk reached, and nothing beside a random one', () => {
  const pretraining = completed.pretraining.map((run) => ({
    ...run,
    metrics: { test: {}, valid: { 'MRR@5': run.pretraining / 4 } },
  }));
  const { columns, rows } = rq4.pretrainingLengths({ ...completed, pretraining });
  assert.deepEqual(
    rows.map((row) => [row.method, row[columns[1].key]]),
    [
      ['PeterZero (frozen trunk)', null],
      ['PeterRec, a tenth of the users', { mean: 0.025, sd: 0, n: 1 }],
      ['PeterRec', { mean: 0.25, sd: 0, n: 1 }],
    ],
  );
});

test('Table 7 has the four rows of the paper and seven that it lacks, below what is simple', () => {
  const { rows } = rq4.table7(completed);
  const { drawn, extension } = insertions(nonCausal.PeterRec);
  assert.deepEqual(methodsIn(rq4.table7(completed)), [
    ...simple,
    ...[...Object.values(drawn), ...Object.values(extension)].map(({ label }) => label),
  ]);
  const kinds = [...simple.map(() => null), ...Array(4).fill('paper'), ...Array(7).fill('extension')];
  const found = rows.map(({ row }) => row);
  assert.deepEqual(found, kinds);
});

test('Figure 6 has a panel for each share of the training instances', () => {
  const places = ['LifeEst, 10 %', 'LifeEst, 30 %'];
  assert.deepEqual(titlesOf(rq4.figure6(completed)), places);
  assert.deepEqual(
    rq4.overfittingOf(completed).rows.map(({ task, method }) => `${task} ${method}`),
    places.flatMap((place) => [`${place} PeterRec`, `${place} FineAll`]),
  );
});

test('which trunk pre-trains better is told of those that took all steps', () => {
  const out = folderWith({});
  const pretraining = [
    pretrained(out, 'causal', { a: [4, 1], b: [4, 1] }),
    pretrained(out, 'causal', { a: [1, 1], b: [1, 1] }, { pretraining: 0.1 }),
    pretrained(out, 'non-causal', { a: [2, 1], b: [2, 1] }),
  ];
  assert.deepEqual(rq4.trunks(sampleCompletedRun(out, [], pretraining)).rows, [
    { source: 'Films', users: 2, places: { mean: 2, low: 2, high: 2 } },
  ]);
  assert.deepEqual(rq4.trunks(sampleCompletedRun('nowhere', [])).rows, []);
});

test('the answer counts what the paper claims apart from what stands beside it', () => {
  const bench = { data: 'sample', seeds: 5, preset: presets.default };
  const claims = rq4.questions.slice(0, 2).map((question) => sampleClaim({ question, task: 'AgeEst' }));
  assert.equal(
    rq4.answer(bench, claims, []).sentence,
    'Yes: of the paper’s 1 claim 1 holds. Beyond it: 1 of 1 hold.',
  );
});
