import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'papaparse';
import { convergenceFigure } from '../../../lib/report/figure/convergenceFigure';
import { csvOf } from '../../../lib/report/figure/csv';
import { forest } from '../../../lib/report/figure/forest';
import { sampleClaim } from '../sampleClaim';

const rowsOf = (csv: string) => parse<string[]>(csv, { skipEmptyLines: true }).data;

test('a curve is a row a point with its panel, its axes and its band', () => {
  const points = [0, 10].map((x) => ({ x, mean: x, low: x - 1, high: x + 1 }));
  const series = ['PeterRec', 'FineAll'].map((label) => ({ label, points }));
  const panels = ['A', 'B'].map((title) => ({ title, xLabel: 'Steps', yLabel: 'HR@5', series }));
  const { spec } = convergenceFigure({ name: '', caption: '', panels });
  const [header, ...rows] = rowsOf(csvOf(spec));
  assert.deepEqual(header.slice(0, 6), ['panel', 'series', 'label', 'x axis', 'y axis', 'x']);
  assert.equal(rows.length, 8);
  assert.deepEqual(rows[1], ['A', 'PeterRec', '', 'Steps', 'HR@5', '10', '', '', '10', '9', '11']);
  assert.deepEqual(rows[7].slice(0, 2), ['B', 'FineAll']);
});

test('what is drawn aside has its own numbers, and a kept state is named', () => {
  const points = [1, 100].map((x) => ({ x, mean: x, low: x, high: x }));
  const series = ['PeterRec', 'FineAll'].map((label) => ({ label, points, kept: { x: 7, y: 8 } }));
  const panel = { title: 'A', xLabel: 'Users', yLabel: 'Acc', series };
  const drawn = (xTicks?: number[]) =>
    rowsOf(
      csvOf(
        convergenceFigure({ name: '', caption: '', panels: [{ ...panel, ...(xTicks && { xTicks }) }] }).spec,
      ),
    );
  assert.deepEqual(
    drawn([1, 100])
      .slice(1)
      .map(([, of, , , , x]) => [of, x]),
    ['PeterRec', 'FineAll'].flatMap((of) => ['1', '100'].map((x) => [of, x])),
  );
  assert.ok(drawn().some(([, of, label, , , x, , , y]) => [of, label, x, y].join() === 'PeterRec,kept,7,8'));
});

test('a claim of a forest plot is a row with its interval and its pair', () => {
  const { spec } = forest({ name: '', caption: '', groups: [{ title: '', claims: [sampleClaim()] }] });
  assert.deepEqual(rowsOf(csvOf(spec)).slice(1), [
    [
      ...['GenEst', 'the first is better', 'FineAll > FineZero', 'Acc', '', '0.031'],
      ...['0.017', '0.046', '0', '', ''],
    ],
  ]);
});
