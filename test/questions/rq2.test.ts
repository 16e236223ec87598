import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, better } from '../../lib/evidence/questions';
import { nonCausal } from '../../lib/methods/family';
import {
  answer,
  experiments,
  figure5,
  overfittingInWords,
  overfittingOf,
  runs,
  table3,
} from '../../lib/questions/rq2';
import { inFolder } from '../recipes/tinyTasks';
import { sampleClaim } from '../report/sampleClaim';
import { wholeRun } from './wholeRun';

test('everything that starts from a trunk starts from the non-causal one', () => {
  const trunks = experiments.flatMap((one) => (one.kind === 'fine-tuning' ? [one.trunk, one.start] : []));
  assert.deepEqual([...new Set(trunks)], ['non-causal', 'pre-trained']);
});

test('Table 3 has every experiment, and the paper’s figures beside those that the paper has', () =>
  inFolder((out) => {
    const { columns, rows } = table3(wholeRun(out, runs), []);
    assert.deepEqual(
      rows.map((row) => [row.method, row['Paper, AgeEst']]),
      [
        ...['LabelCS', 'Popularity', 'Item co-occurrence', 'Bag of items'].map((method) => [method, null]),
        ['FineCLS', 0.679],
        ['FineLast1', 0.682],
        ['FineLast2', null],
        ['FineAll', 0.714],
        ['PeterRec', 0.714],
      ],
    );
    assert.equal(columns.filter(({ label }) => label.startsWith('Paper, ')).length, 5);
  }));

test('Figure 5 shows five methods, on the paper’s three tasks first', () =>
  inFolder((out) => {
    const { data, layout } = figure5(wholeRun(out, runs)).spec;
    assert.deepEqual(
      layout.annotations?.map(({ text }) => text),
      ['ColdRec-1', 'ColdRec-2', 'AgeEst', 'GenEst', 'LifeEst'],
    );
    assert.deepEqual(
      data.filter(({ showlegend }) => showlegend).map(({ name }) => name),
      ['PeterRec', 'FineCLS', 'FineLast1', 'FineLast2', 'FineAll', 'Most frequent label, popularity'],
    );
  }));

test('likeness with FineAll is said to say little where it gains nothing over FineCLS', () => {
  const { PeterRec, FineAll, FineLast1 } = nonCausal;
  const bench = { data: 'made-up', seeds: 5, preset: { name: 'default' } } as const;
  const question = alike(PeterRec, FineAll);
  const relative = { margin: 0.02, verdict: 'holds' } as const;
  const said = answer(bench, [
    sampleClaim({ question, task: 'ColdRec-1' }),
    sampleClaim({ question, task: 'ColdRec-2', relative }),
    sampleClaim({ question, task: 'AgeEst', verdict: 'undecided' }),
    sampleClaim({ question: better(FineAll, FineLast1), task: 'LifeEst' }),
  ]);
  assert.match(
    said,
    /\n\nOn ColdRec-1 likeness says little: FineAll is not shown to gain anything over FineCLS/,
  );
  assert.ok(!answer(bench, [sampleClaim({ question, relative })]).includes('says little'));
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
    assert.equal(overfittingInWords(ran).split('\n').length, 5);
  }));
