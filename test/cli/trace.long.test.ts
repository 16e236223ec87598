import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Result } from '../../lib/experiments/documents/document';
import { run } from '../../lib/experiments/runs/run';
import { exportTable } from '../../lib/report/export';
import { table1 } from '../../lib/report/table/table1';
import { folderWith } from '../data/folders';
import { parity } from '../experiments/recipes/tinyTasks';
import { both, options } from '../experiments/runs/tinyRun';
import { main } from './command';

const trace = (...args: string[]) => main('trace', ...args);

/** A table in a folder, made from documents. */
function exported(out: string, documents: readonly Result[]): string {
  const from = { data: { name: 'made-up', files: {} }, preset: 'quick', documents };
  return exportTable(table1([]), out, from)[0];
}

function edit(csv: string): void {
  fs.writeFileSync(csv, fs.readFileSync(csv, 'utf8').replace('Task', 'Tusk'));
}

test('a table, or a copy of it, leads to its documents, and tells which of them are damaged or gone', async () => {
  const out = folderWith({});
  const { results } = await run({ ...options, out, tasks: [parity] }, both);
  const csv = exported(out, results);
  const rows = results.map(({ instances }) => path.join(out, 'results', instances));
  const around = trace(csv);
  assert.equal(around.status, 0);
  assert.match(around.stdout, /^File {5}tables\/table1-data\.csv, as it was exported\nData {5}made-up/);
  for (const { instances } of results)
    assert.match(around.stdout, new RegExp(`  ${instances.replace('.tsv', '')}  there`));

  const copy = path.join(folderWith({}), 'my table.csv');
  fs.cpSync(csv, copy);
  assert.equal(trace(copy, '--out', out).status, 0);
  assert.match(trace(copy).stderr, /my table\.csv: expected a file of a run, .*--out FOLDER/);

  fs.rmSync(rows[0].replace('.tsv', '.json'));
  fs.appendFileSync(rows[1], 'x');
  edit(csv);
  const { stdout, status } = trace(csv);
  assert.equal(status, 1);
  assert.match(stdout, /^File {5}tables\/table1-data\.csv, changed since it was exported\n/);
  assert.match(stdout, /Documents 2: 0 there, 1 damaged, 1 missing/);
});

test('what was made from the data alone misses no document', () => {
  const csv = exported(folderWith({}), []);
  const { stdout, status } = trace(csv);
  assert.match(stdout, /as it was exported\nData {5}made-up[\s\S]*Documents 0/);
  assert.equal(status, 0);
});
