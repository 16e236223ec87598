import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as aq from 'arquero';
import type { Result } from '../../lib/experiments/documents/document';
import { causal } from '../../lib/experiments/methods/family';
import {
  answer,
  curves,
  declaredBy,
  differences,
  runsIn,
  runsTable,
  varied,
  variedTable,
} from '../../lib/questions/compare';
import { samplePoint, sampleResult } from '../report/sampleResults';

const point = (step: number, value: number) =>
  samplePoint(step, { valid: { 'HR@5': value }, test: { 'HR@5': value / 2 } });

/** A run of PeterRec that learnt with a dropout, whose metric rises to a value on validation data. */
function run(dropout: number, value: number, more: Readonly<Record<string, unknown>> = {}): Result {
  const curve = [point(10, value / 2), point(20, value)];
  const method = causal.PeterRec;
  return {
    ...sampleResult({ task: 'ColdRec-1', method, seed: 1, test: { 'HR@5': value / 2 } }, curve),
    metrics: { valid: { 'HR@5': value }, test: { 'HR@5': value / 2 } },
    instances: `ColdRec-1-PeterRec-${dropout}-s1.tsv`,
    declaration: {
      budget: { dropout, batch: 32 },
      patches: { dilations: [1, 4] },
      code: `of ${dropout}`,
      ...more,
    },
  };
}

const runs = [run(0.1, 0.4), run(0.5, 0.6), run(0.3, 0.5)];
const columnOf = (table: aq.ColumnTable, name: string) => Array.from(table.array(name) as ArrayLike<unknown>);

test('declarations are told apart by the paths of their values, a list as one, data and code left out', () => {
  assert.deepEqual(Object.fromEntries(declaredBy(runs[0])), {
    ...{ 'budget.dropout': 0.1, 'budget.batch': 32 },
    ...{ 'patches.dilations': [1, 4], code: 'of 0.1' },
  });
  assert.deepEqual(varied(runs), ['budget.dropout']);
  assert.deepEqual(varied([runs[0], run(0.1, 0.4, { loss: 'authors' })]), ['loss']);
  assert.deepEqual(varied([]), []);
});

test('every run is a row, with values of its declaration beside; rows lead back to runs', () => {
  const table = runsTable(runs, ['budget.dropout', 'loss']);
  assert.deepEqual(columnOf(table, 'valid'), [0.4, 0.6, 0.5]);
  assert.deepEqual(columnOf(table, 'budget.dropout'), [0.1, 0.5, 0.3]);
  assert.deepEqual(columnOf(table, 'loss'), [null, null, null]);
  const best = table.filter((row: { valid: number }) => row.valid > 0.45);
  assert.deepEqual(runsIn(best, runs), [runs[1], runs[2]]);
});

test('two declarations differ by the value of each path, data and code included', () => {
  const { rows } = differences(runs[0], run(0.5, 0.6, { loss: 'authors' }));
  assert.deepEqual(rows, [
    { path: 'budget.dropout', first: 0.1, second: 0.5 },
    { path: 'code', first: 'of 0.1', second: 'of 0.5' },
    { path: 'loss', first: null, second: 'authors' },
  ]);
});

const namesIn = (of: readonly Result[]) =>
  curves(of, 'valid').spec.data.flatMap(({ mode, name }) => (mode === 'lines+markers' ? [name] : []));

test('curves are called by what runs differ in, and by a number where nothing tells them apart', () => {
  const shares = [1, 0.3, 0.1].map((training) => ({ ...run(0.1, 0.4), training }));
  const halved = { ...run(0.1, 0.4), pretraining: 0.1 };
  assert.equal(namesIn(runs)[1], 'PeterRec, budget.dropout 0.5');
  assert.equal(namesIn(shares)[2], 'PeterRec, training 0.1');
  assert.equal(namesIn([run(0.1, 0.4), halved])[1], 'PeterRec, pretraining 0.1');
  assert.deepEqual(namesIn([run(0.1, 0.4), run(0.1, 0.5)]), ['PeterRec', 'PeterRec (2)']);
  const drawn = curves(runs, 'valid').spec.data.filter(({ mode }) => mode === 'lines+markers');
  assert.deepEqual(drawn[1].y, [0.3, 0.6]);
});

test('a panel has one metric', () => {
  const { layout } = curves([run(0.1, 0.4), { ...run(0.1, 0.4), metric: 'MRR@5' }], 'valid').spec;
  assert.equal(Object.keys(layout).filter((key) => key.startsWith('yaxis')).length, 2);
});

test('what was varied stands beside the metric, the best on validation data first', () => {
  const { rows } = variedTable(runs);
  const told = rows.map((row) => `${row['budget.dropout']}: ${row.valid}, ${row.test}`);
  assert.deepEqual(told, ['0.5: 0.6, 0.3', '0.3: 0.5, 0.25', '0.1: 0.4, 0.2']);
});

test('the answer tells the best two and where they differ; of nothing it says that there is nothing', () => {
  assert.match(answer(runs, [runs[1], runs[2]]), /Here 3 runs of 1 method.*HR@5 0\.600.*budget\.dropout\.$/s);
  const blind = { ...runs[1], metrics: { ...runs[1].metrics, valid: {} } };
  assert.match(answer(runs, [runs[2], blind]), / is ahead .*, then .*without validation data/);
  assert.match(answer([], []), /Here 0 runs of 0 methods, and 0 pre-trained trunks\.\*\*$/);
});

test('two versions of one function of one’s own are told apart, in one value', () => {
  const loss = (source: string) => ({
    own: 'loss',
    name: 'hinge',
    functions: { loss: { source, imports: [] } },
  });
  const [first, second] = [run(0.1, 0.4, { loss: loss('a') }), run(0.1, 0.4, { loss: loss('b') })];
  assert.deepEqual(varied([first, second]), ['loss']);
  const values = [first, second].map((one) => String(declaredBy(one).get('loss')));
  for (const value of values) assert.match(value, /^hinge #[0-9a-f]{6}$/);
  assert.notEqual(values[0], values[1]);
});
