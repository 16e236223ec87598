import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { causal } from '../../lib/methods/family';
import { untrained } from '../../lib/methods/opponents';
import { run } from '../../lib/runs/run';
import { openWorkbench } from '../../lib/runs/workbench';
import { execute, files } from './execute';
import { complaints, type Notebook, readable, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-compare-'));
const [data, out] = ['data', 'out'].map((name) => path.join(folder, name));
const parameters = { data, preset: 'quick', seeds: 1, out, device: 'auto' };
let executed: Notebook;
let documents: string[];

before(async () => {
  writeTinyDataset(data);
  const bench = openWorkbench(parameters);
  await run(bench, [{ on: ['ColdRec-1'], experiments: [...untrained, causal.FineCLS, causal.PeterRec] }]);
  documents = fs.readdirSync(path.join(out, 'results')).sort();
  executed = execute('compare', { data, preset: 'quick', seeds: 1, out });
});
after(() => fs.rmSync(folder, { recursive: true }));

test('the executed notebook tells of no error and misses no number', () => {
  assert.deepEqual(complaints(executed), []);
  const shown = ['text/html', 'text/markdown'].flatMap((format) => shownAs(executed, format));
  assert.doesNotMatch(readable(shown), /NaN|Infinity|undefined/);
});

test('its tables and curves are exported, and nothing was trained', () => {
  assert.deepEqual(files(out, 'tables', '.csv'), ['compare-declarations.csv', 'compare-varied.csv']);
  assert.deepEqual(files(out, 'figures', '.svg'), ['compare-curves.svg']);
  assert.deepEqual(fs.readdirSync(path.join(out, 'results')).sort(), documents);
});

test('it ends with what makes the difference between the best and the next', () => {
  const { outputs } = executed.cells.at(-1) ?? { outputs: [] };
  assert.match(
    String(outputs[0].data?.['text/markdown']),
    /^\*\*What lies in an output folder.*they differ in .*tuned/s,
  );
});
