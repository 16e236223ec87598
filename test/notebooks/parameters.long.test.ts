import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { execute, files } from './execute';
import { complaints, type Notebook, readable, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-parameters-'));
const [data, out] = ['data', 'out'].map((name) => path.join(folder, name));
let executed: Notebook;

before(() => {
  writeTinyDataset(data);
  executed = execute('parameters', { data, preset: 'quick', out });
});
after(() => fs.rmSync(folder, { recursive: true }));

test('the executed notebook tells of no error and misses no number', () => {
  assert.deepEqual(complaints(executed), []);
  const shown = ['text/html', 'text/markdown'].flatMap((format) => shownAs(executed, format));
  assert.doesNotMatch(readable(shown), /NaN|Infinity|undefined|null/);
});

test('its tables and its figure are exported, and nothing was trained', () => {
  const tables = ['components', 'figure5', 'section33', 'storage', 'table3'];
  assert.deepEqual(
    files(out, 'tables', '.csv'),
    tables.map((name) => `parameters-${name}.csv`),
  );
  assert.deepEqual(files(out, 'figures', '.svg'), ['parameters-storage.svg']);
  assert.deepEqual(
    ['results', 'models'].filter((kind) => fs.existsSync(path.join(out, kind))),
    [],
  );
});

test('it ends with the answer to its question', () => {
  const { outputs } = executed.cells.at(-1) ?? { outputs: [] };
  assert.match(String(outputs[0].data?.['text/markdown']), /^\*\*What does a further task cost\? .* on tiny/);
});
