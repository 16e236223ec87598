import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { exportTable } from '../../lib/report/export';
import { provenanceOf } from '../../lib/report/provenance/provenance';
import { table1 } from '../../lib/report/table/table1';
import { run } from '../../lib/runs/run';
import { inFolder, parity } from '../recipes/tinyTasks';
import { both, options } from '../runs/tinyRun';

function trace(...args: string[]) {
  const command = [path.resolve('lib/cli/main.js'), 'trace', ...args];
  return spawnSync(process.execPath, command, { encoding: 'utf8' });
}

test('a copy of a table leads to its documents, and tells which of them have changed or gone since', () =>
  inFolder(async (out) => {
    const { results } = await run({ ...options, out, tasks: [parity] }, both);
    const from = provenanceOf({ data: 'made-up', preset: 'quick', out }, results);
    const [csv] = exportTable(table1([]), path.join(out, 'tables'), from);
    const around = trace(csv);
    assert.equal(around.status, 0);
    assert.match(around.stdout, /^File {5}as it was exported\n/);
    for (const { instances } of results)
      assert.match(around.stdout, new RegExp(`results/${instances.replace('.tsv', '.json')}  as it was`));

    const copy = path.join(out, 'copies', 'elsewhere', 'my table.csv');
    fs.cpSync(csv, copy);
    const [first, second] = results.map(({ instances }) =>
      path.join(out, 'results', instances.replace('.tsv', '.json')),
    );
    fs.rmSync(first);
    fs.appendFileSync(second, ' x');
    fs.writeFileSync(copy, fs.readFileSync(copy, 'utf8').replace('Task', 'Tusk'));
    const { stdout, status } = trace(copy, '--out', out);
    assert.equal(status, 1);
    assert.match(stdout, /^File {5}changed since it was exported\n/);
    assert.match(stdout, /Documents 2: 0 as they were, 1 changed since, 1 not there/);
  }));

test('a document is changed too where its rows are', () =>
  inFolder(async (out) => {
    const { results } = await run({ ...options, out, tasks: [parity] }, both);
    const from = provenanceOf({ data: 'made-up', preset: 'quick', out }, results);
    const [csv] = exportTable(table1([]), path.join(out, 'tables'), from);
    fs.appendFileSync(path.join(out, 'results', results[0].instances), 'x');
    const { stdout, status } = trace(csv);
    assert.match(stdout, /Documents 2: 1 as they were, 1 changed since, 0 not there/);
    assert.equal(status, 1);
  }));

test('where no document is there, its folder is asked for and the exit code says so', () =>
  inFolder(async (out) => {
    const { results } = await run({ ...options, out, tasks: [parity] }, both);
    const from = provenanceOf({ data: 'made-up', preset: 'quick', out }, results);
    const [csv] = exportTable(table1([]), path.join(out, 'tables'), from);
    fs.rmSync(path.join(out, 'results'), { recursive: true });
    const { stdout, status } = trace(csv);
    assert.match(stdout, /Documents 2: 0 as they were, 0 changed since, 2 not there/);
    assert.match(stdout, /^None is there: --out FOLDER says where the run lies\.$/m);
    assert.equal(status, 1);
  }));

test('what was made from the data alone misses no document', () =>
  inFolder(async (out) => {
    const from = provenanceOf({ data: 'made-up', preset: 'none', out }, []);
    const [csv] = exportTable(table1([]), path.join(out, 'tables'), from);
    const { stdout, status } = trace(csv);
    assert.equal(
      stdout,
      'File     as it was exported\nData     made-up; no document of a training is behind it\n',
    );
    assert.equal(status, 0);
    fs.writeFileSync(csv, fs.readFileSync(csv, 'utf8').replace('Task', 'Tusk'));
    assert.equal(trace(csv).status, 1);
  }));

test('a file that says nothing of what it was made from is refused in a line', () => {
  const { status, stderr } = trace('README.md');
  assert.equal(status, 1);
  assert.match(stderr, /^README\.md does not say what it was made from: expected .*\n$/);
});
