import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'papaparse';
import { causal } from '../../../lib/experiments/methods/family';
import { csvOf } from '../../../lib/report/figure/csv';
import { frontier, undominated } from '../../../lib/report/figure/frontier';
import { sampleResult } from '../sampleResults';

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

test('what costs nothing stands left of the others, and what is dominated is pale', () => {
  const { PeterRec, FineAll, FineCLS } = causal;
  const results = [FineCLS, PeterRec, FineAll].map((method, i) =>
    sampleResult({ task: 'AgeEst', method, seed: 1, test: { Acc: [0.3, 0.5, 0.4][i] } }),
  );
  const costs = new Map(results.map((result, i) => [result, [0, 100, 1000][i]]));
  const figure = frontier(
    {
      ...{ name: 'frontier', caption: 'Sample.', groups: [{ methods: [FineCLS, PeterRec, FineAll] }] },
      cost: { label: 'Cost', of: ([run]) => costs.get(run) as number },
    },
    results,
  );
  const shown = figure.spec.data.filter(({ mode }) => mode === 'markers');
  const [legend, points] = [shown.slice(0, 3), shown.slice(3)];
  assert.deepEqual(
    legend.map(({ name, marker, showlegend }) => [name, marker?.color?.length, showlegend]),
    [FineCLS, PeterRec, FineAll].map(({ label }) => [label, 7, true]),
  );
  const { tickvals, ticktext } = figure.spec.layout.xaxis;
  assert.deepEqual(
    [tickvals, ticktext],
    [
      [25, 100, 1000],
      ['0', '100', '1k'],
    ],
  );
  const [, first] = parse<string[]>(csvOf(figure.spec)).data;
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
