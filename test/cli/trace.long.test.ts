import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../../lib/experiments/runs/run';
import { exportTable } from '../../lib/report/export';
import { provenanceOf } from '../../lib/report/provenance';
import { table1 } from '../../lib/report/table/table1';
import { inFolder, parity } from '../experiments/recipes/tinyTasks';
import { both, options } from '../experiments/runs/tinyRun';
import { main } from './command';

const trace = (...args: string[]) => main('trace', ...args);

/** A table of two documents in a folder. */
async function exported(out: string) {
  const { results } = await run({ ...options, out, tasks: [parity] }, both);
  const from = provenanceOf({ data: 'made-up', preset: 'quick', out }, results);
  const [csv] = exportTable(table1([]), path.join(out, 'tables'), from);
  const rows = results.map(({ instances }) => path.join(out, 'results', instances));
  return { csv, rows, documents: rows.map((file) => file.replace('.tsv', '.json')) };
}

function edit(csv: string): void {
  fs.writeFileSync(csv, fs.readFileSync(csv, 'utf8').replace('Task', 'Tusk'));
}

test('a copy of a table leads to its documents, and tells which of them have changed or gone since', () =>
  inFolder(async (out) => {
    const { csv, documents } = await exported(out);
    const around = trace(csv);
    assert.equal(around.status, 0);
    assert.match(around.stdout, /^File {5}as it was exported\n/);
    for (const file of documents)
      assert.match(around.stdout, new RegExp(`results/${path.basename(file)}  as it was`));

    const copy = path.join(out, 'copies', 'elsewhere', 'my table.csv');
    fs.cpSync(csv, copy);
    fs.rmSync(documents[0]);
    fs.appendFileSync(documents[1], ' x');
    edit(copy);
    const { stdout, status } = trace(copy, '--out', out);
    assert.equal(status, 1);
    assert.match(stdout, /^File {5}changed since it was exported\n/);
    assert.match(stdout, /Documents 2: 0 as they were, 1 changed since, 1 not there/);
  }));

test('a document is changed too where its rows are, and one that is gone is asked for', () =>
  inFolder(async (out) => {
    const { csv, rows } = await exported(out);
    fs.appendFileSync(rows[0], 'x');
    const changed = trace(csv);
    assert.match(changed.stdout, /Documents 2: 1 as they were, 1 changed since, 0 not there/);
    fs.rmSync(path.join(out, 'results'), { recursive: true });
    const gone = trace(csv);
    assert.match(gone.stdout, /Documents 2: 0 as they were, 0 changed since, 2 not there/);
    assert.match(gone.stdout, /^None is there: --out FOLDER says where the run lies\.$/m);
    assert.deepEqual([changed.status, gone.status], [1, 1]);
  }));

test('what was made from the data alone misses no document', () =>
  inFolder(async (out) => {
    const from = provenanceOf({ data: 'made-up', preset: 'none', out }, []);
    const [csv] = exportTable(table1([]), path.join(out, 'tables'), from);
    const { stdout, status } = trace(csv);
    assert.match(stdout, /^File {5}as it was exported\nData {5}made-up; no document/);
    assert.equal(status, 0);
    edit(csv);
    assert.equal(trace(csv).status, 1);
  }));

test('a file that says nothing of what it was made from is refused in a line', () => {
  const { status, stderr } = trace('README.md');
  assert.equal(status, 1);
  assert.match(stderr, /^README\.md does not say what it was made from: expected .*\n$/);
});
