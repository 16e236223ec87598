import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { execute, files } from './execute';
import { complaints, type Notebook, readable, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-protocols-'));
const [data, out] = ['data', 'out'].map((name) => path.join(folder, name));
let executed: Notebook;

before(() => {
  writeTinyDataset(data);
  executed = execute('protocols', { data, preset: 'quick', seeds: 1, out });
});
after(() => fs.rmSync(folder, { recursive: true }));

test('the executed notebook tells of no error and misses no number', () => {
  assert.deepEqual(complaints(executed), []);
  const shown = ['text/html', 'text/markdown'].flatMap((format) => shownAs(executed, format));
  assert.doesNotMatch(readable(shown), /NaN|Infinity|undefined|null/);
});

test('the time of the timeline is shown, with what lies before it', () => {
  assert.match(readable(shownAs(executed, 'text/html')), /Before \d+ lie [\d,]+ of [\d,]+ interactions\./);
});

test('its tables are exported, those of both protocols side by side', () => {
  assert.deepEqual(files(out, 'tables', '.csv'), [
    'protocols-leakage-bill.csv',
    'protocols-order-ColdRec-1-paper.csv',
    'protocols-order-ColdRec-1-timeline.csv',
    'protocols-paper-data.csv',
    'protocols-timeline-data.csv',
  ]);
});

test('both protocols have documents of their own for every method', () => {
  const documents = fs.readdirSync(path.join(out, 'results')).filter((name) => name.endsWith('.json'));
  const ofFineAll = documents.filter((name) => /^ColdRec-1-FineAll-[0-9a-f]{12}-s1\.json$/.test(name));
  assert.equal(ofFineAll.length, 2);
});

test('it ends with the answer to its question', () => {
  const { outputs } = executed.cells.at(-1) ?? { outputs: [] };
  assert.match(
    String(outputs[0].data?.['text/markdown']),
    /^\*\*What do the answers of RQ1 owe to how methods are evaluated\? Nothing is shown on tiny/,
  );
});
