import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, better } from '../../lib/evidence/questions';
import { nonCausal } from '../../lib/experiments/methods/family';
import * as rq2 from '../../lib/questions/rq2';
import { folderWith } from '../data/folders';
import { legendOf, titlesOf } from '../report/figure/titles';
import { sampleClaim } from '../report/sampleClaim';
import { methodsIn, wholeRun } from './wholeRun';

const { experiments } = rq2;
const completed = wholeRun(folderWith({}), rq2.runs);

test('Table 3 has every experiment, and the paper’s own has those of the paper', () => {
  const ours = methodsIn(rq2.table3(completed));
  assert.deepEqual(
    ours,
    experiments.map(({ label }) => label),
  );
  const { rows, note } = rq2.paperTable3();
  assert.deepEqual(
    rows.map((row) => `${row.method} ${row.AgeEst}`),
    ['FineCLS 0.679', 'FineLast1 0.682', 'FineAll 0.714', 'PeterRec 0.714'],
  );
  assert.match(note ?? '', /SIGIR2020\.pdf.*Tencent/);
});

test('Figure 5 shows five methods on five tasks, by steps, seconds and tuned weights', () => {
  const figure = rq2.figure5(completed);
  assert.deepEqual(titlesOf(figure), ['ColdRec-1', 'ColdRec-2', 'GenEst', 'AgeEst', 'LifeEst']);
  assert.deepEqual(legendOf(figure), [
    'PeterRec',
    'FineCLS',
    'FineLast1',
    'FineLast2',
    'FineAll',
    'LabelCS, Popularity',
    'Bag of items',
  ]);
  const points = rq2
    .weightsFigure(completed)
    .spec.data.filter(({ mode, hoverinfo }) => mode === 'markers' && hoverinfo !== 'skip'); // not of the legend
  assert.equal(points.length, 25);
  assert.ok(points.every(({ x, y, error_y }) => x.length === 1 && y[0] === 0.5 && error_y?.array[0] === 0));
});

test('overfitting is told of FineAll and PeterRec, a line a task', () => {
  const [first, second] = rq2.overfittingOf(completed).rows.map(({ task, method }) => `${task} ${method}`);
  assert.deepEqual([first, second], ['ColdRec-1 FineAll', 'ColdRec-1 PeterRec']);
});

test('likeness with FineAll is said to say little where it gains nothing over the last layer', () => {
  const { PeterRec, FineAll, FineLast1 } = nonCausal;
  const bench = { data: 'made-up', seeds: 3, preset: { name: 'default' } } as const;
  const question = alike(PeterRec, FineAll);
  const gain = better(FineAll, FineLast1);
  const { notes } = rq2.answer(bench, [
    sampleClaim({ question, task: 'ColdRec-1' }),
    sampleClaim({ question: gain, task: 'ColdRec-1', verdict: 'undecided' }),
    sampleClaim({ question, task: 'ColdRec-2' }),
    sampleClaim({ question: gain, task: 'ColdRec-2' }),
    sampleClaim({ question, task: 'AgeEst', verdict: 'undecided' }),
  ]);
  assert.equal(notes.length, 1);
  assert.match(notes[0], /^On ColdRec-1 equivalence says little/);
});
