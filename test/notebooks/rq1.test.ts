import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'papaparse';
import type { Result } from '../../lib/experiments/result';
import { instanceRows } from '../../lib/experiments/store';
import { inProject } from '../../lib/setup/project';
import { complaints, readNotebook, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-rq1-'));
const data = path.join(folder, 'data');
const out = path.join(folder, 'out');

function reproduce() {
  const options = ['--rq', 'rq1', '--data', data, '--preset', 'quick', '--seeds', '1', '--out', out];
  return spawnSync(process.execPath, [inProject('lib/cli/main.js'), 'reproduce', ...options], {
    encoding: 'utf8',
    timeout: 300_000,
  });
}

const executed = () => readNotebook(path.join(out, 'notebooks/rq1.ipynb'));
const namesIn = (kind: string) => fs.readdirSync(path.join(out, kind));

function documents(): Result[] {
  const files = namesIn('results').filter((name) => name.endsWith('.json'));
  return files.map((name) => JSON.parse(fs.readFileSync(path.join(out, 'results', name), 'utf8')));
}

before(() => {
  writeTinyDataset(data);
  const { status, stderr } = reproduce();
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
});
after(() => fs.rmSync(folder, { recursive: true }));

test('the executed notebook tells of no error', () => {
  assert.deepEqual(complaints(executed()), []);
});

test('its figure is there for JupyterLab and, as a picture, for a code host', () => {
  const [picture, ...morePictures] = shownAs(executed(), 'image/png');
  const [figure, ...moreFigures] = shownAs(executed(), 'application/vnd.plotly.v1+json');
  assert.deepEqual([morePictures, moreFigures], [[], []]);
  assert.match(String(picture), /^iVBORw0KGgo/);
  const { layout } = figure as { layout: { annotations: { text: string }[] } };
  assert.deepEqual(
    layout.annotations.map(({ text }) => text),
    ['ColdRec-1', 'GenEst'],
  );
});

test('it ends with the answer to its question', () => {
  const { outputs } = executed().cells.at(-1) ?? { outputs: [] };
  assert.equal(outputs.length, 1);
  assert.match(
    String(outputs[0].data?.['text/markdown']),
    /^\*\*Does pre-training help\? .* on tiny with 1 seed/,
  );
});

test('no number that it shows is missing', () => {
  const shown = ['text/html', 'text/markdown'].flatMap((format) => shownAs(executed(), format));
  assert.doesNotMatch(shown.join('\n'), /NaN|Infinity|undefined|null/);
});

test('every table is there as CSV, LaTeX and Markdown, and the figure as SVG, PDF and PNG', () => {
  const tables = ['pretraining', 'rq1-claims', 'table1-data', 'table2-pretraining'];
  assert.deepEqual(
    namesIn('tables').sort(),
    tables.flatMap((name) => [`${name}.csv`, `${name}.md`, `${name}.tex`]),
  );
  assert.deepEqual(
    namesIn('figures').sort(),
    ['pdf', 'png', 'svg'].map((format) => `figure4-convergence.${format}`),
  );
});

test('Table 1 has the sizes of the data: 40 users with 2 films each, and 12 films and 2 genders as labels', () => {
  const ours = csv('table1-data').map((row) => row.slice(0, 6));
  assert.deepEqual(ours, [
    ['Task', 'Users', 'Source instances', 'Target instances', 'Source items', 'Target labels'],
    ['ColdRec-1', '40', '40', '80', '48', '12'],
    ['GenEst', '40', '40', '40', '48', '2'],
  ]);
});

function csv(table: string): string[][] {
  const text = fs.readFileSync(path.join(out, 'tables', `${table}.csv`), 'utf8');
  return parse<string[]>(text, { skipEmptyLines: true }).data;
}

/** What a row of the TSV adds to the mean that the metric of its task is. */
const hit: Record<string, (row: Record<string, string>) => boolean> = {
  'ColdRec-1 HR@5': ({ rank }) => Number(rank) <= 5,
  'GenEst Acc': ({ predicted, label }) => predicted === label,
};

test('the numbers of Table 2 are those of the result documents and of the instances beside them', () => {
  const [header, ...rows] = csv('table2-pretraining');
  const compared = Object.keys(hit).flatMap((column) => {
    const [task, metric] = column.split(' ');
    const runs = documents().filter((run) => run.task === task && run.experiment !== 'pretrain-causal');
    return runs.map((run) => {
      const instances = instanceRows(out, run);
      const cell = rows.find(([method]) => method === run.method)?.[header.indexOf(column)];
      assert.equal(Number(cell), run.metrics.test[metric], `${run.method}, ${column}`);
      assert.equal(Number(cell), instances.filter(hit[column]).length / instances.length);
      return run.method;
    });
  });
  assert.equal(compared.length, 14);
  assert.equal(rows.length, 8);
});

test('every experiment leaves a document with the fields of the contract', () => {
  assert.equal(documents().length, 15);
  for (const run of documents()) {
    assert.deepEqual(Object.keys(run).sort(), FIELDS);
    assert.deepEqual([run.schema, run.data, run.preset, run.seed], [1, 'tiny', 'quick', 1]);
    assert.deepEqual(Object.keys(run.metrics).sort(), ['test', 'valid']);
    assert.deepEqual(Object.keys(run.parameters).sort(), ['perTaskBytes', 'share', 'total', 'tuned']);
    assert.deepEqual(Object.keys(run.environment).sort(), ['device', 'source', 'threads', 'versions']);
    for (const point of run.curve) assert.deepEqual(Object.keys(point).sort(), CURVE_FIELDS);
  }
});

const FIELDS = [
  ...['curve', 'data', 'environment', 'experiment', 'instances', 'method', 'metrics', 'parameters', 'preset'],
  ...['schema', 'seconds', 'seed', 'stoppedAt', 'task', 'trunk'],
];
const CURVE_FIELDS = ['epoch', 'loss', 'seconds', 'step', 'test', 'valid'];

test('a document is named after its task, experiment, hash and seed, and its instances lie beside it', () => {
  const names = namesIn('results');
  for (const { task, experiment, instances } of documents()) {
    assert.match(instances, new RegExp(`^${task}-${experiment}-[0-9a-f]{12}-s1\\.tsv$`));
    assert.ok(names.includes(instances));
    assert.ok(names.includes(instances.replace(/tsv$/, 'json')));
  }
  assert.equal(names.length, 30);
});

test('a second call computes nothing', () => {
  const times = () =>
    ['results', 'models'].flatMap((kind) =>
      namesIn(kind).map((name) => [name, fs.statSync(path.join(out, kind, name)).mtimeMs]),
    );
  const first = times();
  const { status } = reproduce();
  assert.equal(status, 0);
  assert.deepEqual(times(), first);
});
