import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presets } from '../../lib/methods/presets';
import { answer, confusions, experiments, figure4, runs, table2 } from '../../lib/questions/rq1';
import { pretrained } from '../evidence/pretrainedTrunk';
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

test('every experiment has its row in Table 2', () =>
  inFolder((out) => {
    const { rows } = table2(wholeRun(out, runs), []);
    assert.deepEqual(
      rows.map(({ method }) => method),
      experiments.map(({ label }) => label),
    );
    assert.equal(new Set(rows.map(({ method }) => method)).size, rows.length);
  }));

test('Figure 4 shows PeterRec and both readings of PeterZero', () => {
  const legend = figure4(ran).spec.data.filter(({ showlegend }) => showlegend);
  assert.deepEqual(
    legend.map(({ name }) => name),
    ['PeterRec', 'PeterZero (frozen trunk)', 'PeterZero (everything)', 'Most frequent label, popularity'],
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

const bench = { data: 'sample', seeds: 3, preset: presets.default };

test('the answer also says how much the trunks have learnt: twice as much as popularity for every user', () =>
  inFolder((out) => {
    const trunk = pretrained(out, 'causal', { a: [1, 2], b: [2, 4] });
    const words = answer(bench, [sampleClaim()], [sampleClaim()], sampleRan(out, [], [trunk]));
    assert.match(words, /^\*\*Does pre-training help\? Yes/);
    assert.match(
      words,
      /\n\n- The causal trunk of Films .* place 2 .* popularity at 3: ahead of it, 2\.00 times .*\(95 % interval 2\.00 to 2\.00\)\.$/,
    );
  }));

test('where popularity finds no last item, the answer makes up no ratio', () =>
  inFolder((out) => {
    const trunk = pretrained(out, 'causal', { a: [9, 9], b: [8, 9] });
    assert.doesNotMatch(
      answer(bench, [sampleClaim()], [sampleClaim()], sampleRan(out, [], [trunk])),
      /NaN|Infinity|∞/,
    );
  }));
