import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { better } from '../../lib/evidence/questions';
import { causal } from '../../lib/experiments/methods/family';
import { LabelCS, Popularity, untrained } from '../../lib/experiments/opponents/opponents';
import { openBench } from '../../lib/notebook/bench';
import { openData } from '../../lib/notebook/openData';
import { drawnIn } from '../../lib/report/crate';
import { closeBrowser } from '../../lib/report/figure/browser';
import { convergenceFigure } from '../../lib/report/figure/convergenceFigure';
import type { Table } from '../../lib/report/table/table';
import { folderWith } from '../data/folders';
import { writeTinyDataset } from '../notebooks/tinyDataset';
import { enterNotebook, shown } from './listening';

const data = folderWith({});
writeTinyDataset(data);
beforeEach(enterNotebook);
after(closeBrowser);

const opened = () => openBench({ data, preset: 'quick', seeds: 1, out: folderWith({}), device: 'auto' });
const said = () => shown.flatMap((output) => output.data['text/markdown'] ?? []);
const files = (out: string) =>
  fs
    .readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => path.extname(name) !== '')
    .sort();

const table: Table = { name: 'one', caption: 'One.', columns: [{ key: 'a', label: 'A' }], rows: [{ a: 1 }] };
const series = [{ label: 'PeterRec', points: [{ x: 1, mean: 1, low: 1, high: 1 }] }];
const panels = [{ title: 'A', xLabel: 'Steps', yLabel: 'HR@5', series }];
const figure = convergenceFigure({ name: 'curve', caption: 'A curve.', panels });

test('what data lacks is said when it is opened, what stands in for it when it is planned, each once', async () => {
  const bench = opened();
  const lacks = 'Of the paper’s tasks this data set lacks ColdRec-2, AgeEst, and LifeEst.';
  assert.deepEqual(said(), [lacks]);
  const planned = [{ on: ['ColdRec-1', 'LifeEst'], experiments: untrained }];
  await bench.run([...planned, ...planned]);
  assert.deepEqual(said(), [lacks, 'For want of LifeEst: GenEst instead.']);
});

test('what ran before and is asked about now stands in the provenance of what is published', async () => {
  const bench = opened();
  const before = await bench.run([{ on: ['GenEst'], experiments: [LabelCS] }]);
  const again = openBench({ data, preset: 'quick', seeds: 1, out: bench.out, device: 'auto' });
  const completed = await again.run([{ on: ['ColdRec-1'], experiments: [Popularity] }]);
  again.ask({ ...completed, results: [...before.results, ...completed.results] }, []);
  await again.publish(table);
  const drawn = drawnIn(bench.out).find(({ files }) => files.includes('tables/one.csv'));
  const documents = (drawn?.documents ?? []).map((name) => name.split('-').slice(0, -2).join('-'));
  assert.deepEqual(documents, ['ColdRec-1-Popularity', 'GenEst-LabelCS']);
});

test('what ran is asked by its experiments, and what did not is refused', async () => {
  const bench = opened();
  const completed = await bench.run([{ on: 'all', experiments: untrained }]);
  const ran = completed.results.map(({ task, method }) => `${task}: ${method}`);
  assert.deepEqual(ran, ['ColdRec-1: Popularity', 'GenEst: LabelCS']);
  assert.throws(
    () => bench.ask(completed, [{ ...better(causal.PeterRec, LabelCS), on: ['GenEst'] }]),
    /^UserError: GenEst: PeterRec on the causal trunk did not run .*; what ran: LabelCS$/,
  );
  const metrics = bench.everySeed(completed, { at: [10] }).array('metric');
  assert.ok(['Acc', 'HR@5', 'HR@10/full'].every((metric) => metrics.includes(metric)));
});

test('a misspelt task or experiment is refused before anything runs', async () => {
  const bench = opened();
  const misspelt = (causal as Record<string, typeof causal.PeterRec>).PeterRek;
  await assert.rejects(bench.run([{ on: ['GenEts'], experiments: [LabelCS] }]), /^UserError: task GenEts: /);
  const planned = [{ on: 'all', experiments: [LabelCS, misspelt] }] as const;
  await assert.rejects(bench.run(planned), /^UserError: experiments: .*found undefined$/);
  assert.deepEqual(files(bench.out), []);
});

test('tables and figures are shown in their order and left in every format, empty ones neither', async () => {
  const { out, publish } = opened();
  shown.length = 0;
  const nothing = convergenceFigure({ name: 'no curve', caption: '', panels: [] });
  await publish({ ...table, name: 'none', rows: [] }, figure, nothing, table);
  assert.deepEqual(
    shown.map((output) => Object.keys(output.data)[0]),
    ['application/vnd.plotly.v1+json', 'text/html'],
  );
  assert.deepEqual(files(out), [
    ...['csv', 'pdf', 'png', 'svg'].map((ending) => path.join('figures', `curve.${ending}`)),
    'ro-crate-metadata.json',
    ...['csv', 'md', 'tex'].map((ending) => path.join('tables', `one.${ending}`)),
  ]);
});

test('of data, a table says also where it is empty that it is', async () => {
  const out = folderWith({});
  await openData({ data, out }).publish({ ...table, caption: 'Nothing was dropped.', rows: [] });
  assert.match(String(shown[0].data['text/plain']), /^Nothing was dropped\./);
  assert.equal(files(out).length, 4);
});

test('a bench has Table 1 of its data, its tasks by name, and the first without one', () => {
  const { task, table1 } = opened();
  assert.deepEqual(table1(), openData({ data, out: null }).table1());
  assert.deepEqual([task().name, task('GenEst').name], ['ColdRec-1', 'GenEst']);
  const message = 'task AgeEst: expected one of ColdRec-1, GenEst';
  assert.throws(() => task('AgeEst'), { name: 'UserError', message });
});

test('a wrong parameter is named', () => {
  assert.throws(() => openData({ data: 7, out: null }), /^UserError: parameters\.data: /);
  const slow = { data, preset: 'slow', seeds: 1, out: null, device: 'auto' };
  assert.throws(() => openBench(slow), /^UserError: parameters\.preset: /);
});
