import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../../lib/experiments/methods/family';
import type { Method } from '../../../lib/experiments/methods/identity';
import { LabelCS } from '../../../lib/experiments/opponents/opponents';
import { type Convergence, convergence, meanCurve } from '../../../lib/report/figure/convergence';
import { samplePoint, sampleResult, sampleResults } from '../sampleResults';
import { titlesOf } from './titles';

const { PeterRec, FineAll } = causal;

const curves: Convergence = { name: 'curves', caption: 'Two methods.', methods: [PeterRec, FineAll] };

const point = (step: number, seconds: number, test: number, valid: number) =>
  samplePoint(step, { seconds, test: { Acc: test }, valid: { Acc: valid } });
const fields = { task: 'GenEst', method: PeterRec, test: {} };
const runs = [
  sampleResult({ ...fields, seed: 1 }, [point(10, 1, 1, 5), point(20, 2, 4, 6)]),
  sampleResult({ ...fields, seed: 2 }, [point(10, 3, 3, 7)]),
];

test('a mean curve averages each step over the seeds, one that has stopped with what it measured last, with one sd on either side', () => {
  assert.deepEqual(meanCurve(runs, 'Acc', 'test'), [
    { x: 10, mean: 2, low: 2 - Math.SQRT2, high: 2 + Math.SQRT2 },
    { x: 20, mean: 3.5, low: 3.5 - Math.SQRT1_2, high: 3.5 + Math.SQRT1_2 },
  ]);
});

test('there is a panel a task in the order of the paper, with the methods asked for in their order', () => {
  const figure = convergence(curves, sampleResults());
  const { data, layout } = figure.spec;
  assert.deepEqual(titlesOf(figure), ['ColdRec-1', 'ColdRec-2', 'GenEst', 'AgeEst', 'LifeEst']);
  for (const panel of ['x', 'x2', 'x3', 'x4', 'x5']) {
    const names = data.flatMap(({ xaxis, name }) => (xaxis === panel && name ? [name] : []));
    assert.deepEqual(names, ['PeterRec', 'FineAll', 'LabelCS, Popularity']);
  }
  assert.deepEqual([layout.xaxis2.title?.text, layout.yaxis2.title?.text], ['Training steps', 'MRR@5']);
});

test('the caption says what lines and bands are', () => {
  const { caption } = convergence(curves, sampleResults());
  assert.match(caption, /^Two methods\. Means over 3 seeds, bands ± one standard dev/);
});

test('methods that learn from a share have a panel for it, with the level of the most frequent label there', () => {
  const reached = (method: Method, accuracy: number, curve = [point(10, 1, accuracy, 0)]) =>
    sampleResult({ task: 'LifeEst', method, seed: 1, test: { Acc: accuracy } }, curve);
  const little = <M extends Method>(method: M) => ({ ...method, training: 0.1 });
  const results = [
    ...[reached(PeterRec, 0.7), reached(little(PeterRec), 0.4), reached(little(FineAll), 0.3)],
    ...[reached(LabelCS, 0.5, []), reached(little(LabelCS), 0.2, [])],
  ];
  const methods = [little(PeterRec), little(FineAll), PeterRec];
  const { data, layout } = convergence({ ...curves, methods }, results).spec;
  assert.deepEqual(titlesOf({ spec: { layout } }), ['LifeEst, 10 %', 'LifeEst']);
  assert.deepEqual(
    data.flatMap(({ xaxis, name, y }) => (name === undefined ? [] : [`${xaxis} ${name} ${y.at(-1)}`])),
    [
      ...['x PeterRec 0.4', 'x FineAll 0.3', 'x LabelCS, Popularity 0.2'],
      ...['x2 PeterRec 0.7', 'x2 LabelCS, Popularity 0.5'],
    ],
  );
});

test('a method is marked where validation keeps it, in the mean of the seeds', () => {
  const kept = [10, 20].map((stoppedAt, i) => ({
    ...sampleResult({ ...fields, test: { Acc: 1 }, seed: i + 1 }, [point(10, 1, 1, 5), point(20, 2, 4, 6)]),
    stoppedAt,
  }));
  const { data } = convergence({ ...curves, methods: [PeterRec] }, kept).spec;
  const [{ x, y, marker }, ...others] = data.filter(({ mode }) => mode === 'markers');
  assert.deepEqual([x, y, marker?.line?.color, others], [[15], [2.5], '#000000', []]);
});
