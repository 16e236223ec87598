import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, better } from '../../lib/evidence/questions';
import { nonCausal } from '../../lib/methods/family';
import {
  answer,
  experiments,
  figure5,
  overfittingOf,
  paperTable3,
  runs,
  secondsFigure,
  table3,
  weightsFigure,
} from '../../lib/questions/rq2';
import type { Table } from '../../lib/report/table/table';
import { inFolder } from '../recipes/tinyTasks';
import { titlesOf } from '../report/figure/titles';
import { sampleClaim } from '../report/sampleClaim';
import { wholeRun } from './wholeRun';

test('everything that starts from a trunk starts from the non-causal one', () => {
  const trunks = experiments.flatMap((one) => (one.kind === 'fine-tuning' ? [one.trunk, one.start] : []));
  assert.deepEqual([...new Set(trunks)], ['non-causal', 'pre-trained']);
});

test('Table 3 has every experiment, and the paper’s own has those of the paper', () =>
  inFolder((out) => {
    const methodsOf = (table: Table) => table.rows.map(({ method }) => method);
    assert.deepEqual(
      methodsOf(table3(wholeRun(out, runs))),
      experiments.map(({ label }) => label),
    );
    assert.deepEqual(
      paperTable3().rows.map((row) => [row.method, row.AgeEst]),
      [
        ['FineCLS', 0.679],
        ['FineLast1', 0.682],
        ['FineAll', 0.714],
        ['PeterRec', 0.714],
      ],
    );
    assert.match(paperTable3().note ?? '', /SIGIR2020\.pdf.*Tencent/);
  }));

test('a point a method and task stands at its tuned weights, one line of curves at its seconds', () =>
  inFolder((out) => {
    const run = wholeRun(out, runs);
    const points = weightsFigure(run).spec.data;
    assert.equal(points.length, 25);
    assert.ok(points.every(({ x, y, error_y }) => x.length === 1 && y[0] === 0.5 && error_y?.array[0] === 0));
    const [first] = secondsFigure(run).spec.data;
    assert.deepEqual([first.name, first.x], ['PeterRec', [1]]);
  }));

test('Figure 5 shows five methods', () =>
  inFolder((out) => {
    const { data, layout } = figure5(wholeRun(out, runs)).spec;
    assert.deepEqual(titlesOf({ spec: { layout } }), [
      'ColdRec-1',
      'ColdRec-2',
      'GenEst',
      'AgeEst',
      'LifeEst',
    ]);
    assert.deepEqual(
      data.filter(({ showlegend }) => showlegend).map(({ name }) => name),
      [
        ...['PeterRec', 'FineCLS', 'FineLast1', 'FineLast2', 'FineAll'],
        ...['LabelCS, Popularity', 'Bag of items'],
      ],
    );
  }));

test('likeness with FineAll is said to say little where it gains nothing over FineCLS', () => {
  const { PeterRec, FineAll, FineLast1 } = nonCausal;
  const bench = { data: 'made-up', seeds: 5, preset: { name: 'default' } } as const;
  const question = alike(PeterRec, FineAll);
  const relative = { margin: 0.02, verdict: 'holds' } as const;
  const { notes } = answer(bench, [
    sampleClaim({ question, task: 'ColdRec-1' }),
    sampleClaim({ question, task: 'ColdRec-2', relative }),
    sampleClaim({ question, task: 'AgeEst', verdict: 'undecided' }),
    sampleClaim({ question: better(FineAll, FineLast1), task: 'LifeEst' }),
  ]);
  assert.deepEqual(notes, [
    'On ColdRec-1 likeness says little: FineAll is not shown to gain anything over FineCLS there.',
  ]);
  assert.deepEqual(answer(bench, [sampleClaim({ question, relative })]).notes, []);
});

test('overfitting is told of FineAll and PeterRec, a line a task', () =>
  inFolder((out) => {
    const ran = wholeRun(out, runs);
    assert.deepEqual(
      overfittingOf(ran)
        .rows.slice(0, 2)
        .map(({ task, method }) => [task, method]),
      [
        ['ColdRec-1', 'FineAll'],
        ['ColdRec-1', 'PeterRec'],
      ],
    );
  }));
