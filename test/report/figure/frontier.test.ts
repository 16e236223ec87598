import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'papaparse';
import { mean } from 'simple-statistics';
import type { MeansOf } from '../../../lib/evidence/means';
import { runsOf } from '../../../lib/experiments/documents/completedRun';
import type { Result } from '../../../lib/experiments/documents/document';
import { causal } from '../../../lib/experiments/methods/family';
import { LabelCS, opponents } from '../../../lib/experiments/opponents/opponents';
import { csvOf } from '../../../lib/report/figure/csv';
import { frontier, undominated } from '../../../lib/report/figure/frontier';
import { sampleResult } from '../sampleResults';
import { legendOf } from './titles';

test('what nothing reaches at the same cost or less is undominated, the cheapest first', () => {
  const points = [
    { x: 10, mean: 0.5 },
    { x: 1, mean: 0.3 },
    { x: 10, mean: 0.4 },
    { x: 5, mean: 0.3 },
    { x: 20, mean: 0.6 },
    { x: 30, mean: 0.6 },
  ];
  assert.deepEqual(undominated(points), [points[1], points[0], points[4]]);
});

/** Means of accuracy over seeds with intervals of ± half. */
const within =
  (half: number, results: readonly Result[]): MeansOf =>
  (task, methods) =>
    methods.map((method) => {
      const of = mean(runsOf(results, task, method).map(({ metrics }) => metrics.test.Acc));
      return { mean: of, low: of - half, high: of + half };
    });

test('what costs nothing stands left of the others, and what is dominated is pale', () => {
  const { PeterRec, FineAll, FineCLS } = causal;
  const results = [FineCLS, PeterRec, FineAll].map((method, i) =>
    sampleResult({ task: 'AgeEst', method, seed: 1, test: { Acc: [0.3, 0.5, 0.4][i] } }),
  );
  const costs = new Map(results.map((result, i) => [result, [0, 100, 1000][i]]));
  const all = [...results, sampleResult({ task: 'AgeEst', method: LabelCS, seed: 1, test: { Acc: 0.9 } })];
  const figure = frontier(
    {
      ...{ name: 'frontier', caption: 'Sample.', groups: [{ methods: [FineCLS, PeterRec, FineAll] }] },
      cost: { label: 'Cost', of: ([run]) => costs.get(run) as number },
      meansOf: within(0, all),
      beside: { label: 'Untrained', methods: [LabelCS, opponents.NeuFM] }, // NeuFM has no results
    },
    all,
  );
  const level = figure.spec.data.find(({ name }) => name === 'Untrained');
  assert.deepEqual([level?.y, level?.showlegend], [[0.9, 0.9], true]);
  assert.ok((figure.spec.layout.yaxis.range?.[1] ?? 0) > 0.9);
  const shown = figure.spec.data.filter(({ mode }) => mode === 'markers');
  const [legend, points] = [shown.slice(0, 3), shown.slice(3)];
  const named = legend.map(({ name, marker, showlegend }) => [name, marker?.color?.length, showlegend]);
  assert.deepEqual(
    named,
    [FineCLS, PeterRec, FineAll].map(({ label }) => [label, 7, true]),
  );
  const { tickvals, ticktext } = figure.spec.layout.xaxis;
  assert.deepEqual(tickvals, [25, 100, 1000]);
  assert.deepEqual(ticktext, ['0', '100', '1k']);
  const [, , , first] = parse<string[]>(csvOf(figure.spec)).data; // after the ends of the line
  assert.deepEqual(first.slice(0, 6), ['AgeEst', 'FineCLS', 'FineCLS', 'Cost', 'Acc', '0']);
  assert.deepEqual(
    points.map(({ name, x, marker }) => [name, x[0], marker?.color?.length]),
    [
      ['FineCLS', 25, 7],
      ['PeterRec', 100, 7],
      ['FineAll', 1000, 9],
    ],
  );
});

test('six tasks of a group stand in two rows of three, seven with an empty place; two seeds do not stretch the axis', () => {
  const { PeterRec, FineCLS, FineAll } = causal;
  const drawn = (count: number) => {
    const tasks = Array.from({ length: count }, (_, i) => `task ${i + 1}`);
    const results = tasks.flatMap((task) =>
      [FineCLS, PeterRec].flatMap((method, i) =>
        [1, 2].map((seed) =>
          sampleResult({ task, method, seed, test: { Acc: 0.4 + 0.1 * i + 0.04 * seed * (-1) ** i } }),
        ),
      ),
    );
    const groups = ['one', 'two'].map((title) => ({ title, methods: [FineCLS, PeterRec, FineAll] }));
    const cost = { label: 'Cost', of: () => 1 };
    const meansOf = within(0.36, results);
    return frontier({ name: 'frontier', caption: 'Sample.', groups, cost, meansOf }, results);
  };
  const six = drawn(6);
  const { xaxis, xaxis4, xaxis7, yaxis, yaxis7 } = six.spec.layout;
  assert.deepEqual([xaxis4.domain, xaxis7.domain], [xaxis.domain, xaxis.domain]);
  // Means .44 and .46, each ± .36: an axis of three times their distance.
  assert.deepEqual(
    [yaxis, yaxis7].flatMap(({ range }) => range?.map((end) => end.toFixed(3))),
    ['0.420', '0.480', '0.420', '0.480'],
  );
  assert.deepEqual(legendOf(six), ['FineCLS', 'PeterRec']); // FineAll has no results
  assert.match(six.caption, /beyond a panel are cut\.$/);
  const seven = drawn(7);
  assert.equal(seven.spec.layout.xaxis8, undefined); // the eighth place is empty
  assert.deepEqual(seven.spec.layout.xaxis9.domain, seven.spec.layout.xaxis.domain);
});
