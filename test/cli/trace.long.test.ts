import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Result } from '../../lib/experiments/documents/document';
import { run } from '../../lib/experiments/runs/run';
import { exportTable } from '../../lib/report/export';
import { provenanceOf } from '../../lib/report/provenance';
import { table1 } from '../../lib/report/table/table1';
import { folderWith } from '../data/folders';
import { parity } from '../experiments/recipes/tinyTasks';
import { both, options } from '../experiments/runs/tinyRun';
import { main } from './command';

const trace = (...args: string[]) => main('trace', ...args);

/** A table in a folder, made from documents. */
function exported(out: string, results: readonly Result[]): string {
  const from = provenanceOf({ data: 'made-up', preset: 'quick', out }, results);
  return exportTable(table1([]), path.join(out, 'tables'), from)[0];
}

function edit(csv: string): void {
  fs.writeFileSync(csv, fs.readFileSync(csv, 'utf8').replace('Task', 'Tusk'));
}

test('a copy of a table leads to its documents, and tells which of them have changed or gone since', async () => {
  const out = folderWith({});
  const { results } = await run({ ...options, out, tasks: [parity] }, both);
  const csv = exported(out, results);
  const rows = results.map(({ instances }) => path.join(out, 'results', instances));
  const documents = rows.map((file) => file.replace('.tsv', '.json'));
  const around = trace(csv);
  assert.equal(around.status, 0);
  assert.match(around.stdout, /^File {5}as it was exported\n/);
  for (const file of documents)
    assert.match(around.stdout, new RegExp(`results/${path.basename(file)}  as it was`));

  const others = results.map((result) => ({ ...result, checksum: 'f'.repeat(64) }));
  assert.match(
    trace(exported(folderWith({}), others), '--out', out).stdout,
    /0 as they were, 2 changed since/,
  );

  const copy = path.join(out, 'copies', 'elsewhere', 'my table.csv');
  fs.cpSync(csv, copy);
  fs.rmSync(documents[0]);
  fs.appendFileSync(rows[1], 'x');
  edit(copy);
  const { stdout, status } = trace(copy, '--out', out);
  assert.equal(status, 1);
  assert.match(stdout, /^File {5}changed since it was exported\n/);
  assert.match(stdout, /Documents 2: 0 as they were, 1 changed since, 1 not there/);
  fs.rmSync(documents[1]);
  const gone = trace(csv);
  assert.equal(gone.status, 1);
  assert.match(gone.stdout, /2 not there\n[\s\S]*\nNone is there: --out FOLDER/);
});

test('what was made from the data alone misses no document', async () => {
  const out = folderWith({});
  const csv = exported(out, []);
  const { stdout, status } = trace(csv);
  assert.match(stdout, /^File {5}as it was exported\nData {5}made-up; no document/);
  assert.equal(status, 0);
  edit(csv);
  assert.equal(trace(csv).status, 1);
});

test('a file that says nothing of what it was made from is refused in a line', () => {
  const { status, stderr } = trace('README.md');
  assert.equal(status, 1);
  assert.match(stderr, /^README\.md does not say what it was made from: expected .*\n$/);
});
