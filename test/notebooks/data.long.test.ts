import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { newsFolder } from '../datasets/news';
import { execute, files } from './execute';
import { complaints, type Notebook, outputsOf, readable, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-data-'));
after(() => fs.rmSync(folder, { recursive: true }));

const tiny = path.join(folder, 'tiny');
let executed: Notebook;

before(() => {
  const data = path.join(folder, 'data');
  writeTinyDataset(data);
  executed = execute('data', { data, out: tiny });
});

test('the executed notebook tells of no error and misses no number', () => {
  assert.deepEqual(complaints(executed), []);
  const shown = ['text/html', 'text/markdown'].flatMap((format) => shownAs(executed, format));
  assert.doesNotMatch(readable(shown), /NaN|Infinity|undefined|null/);
});

test('its figures are there for JupyterLab, as pictures and for a paper', () => {
  const names = ['data-labels', 'data-lengths', 'data-overlap', 'data-popularity'];
  for (const format of ['image/svg+xml', 'application/vnd.plotly.v1+json'])
    assert.equal(shownAs(executed, format).length, names.length);
  for (const ending of ['.svg', '.pdf', '.png'])
    assert.deepEqual(
      files(tiny, 'figures', ending),
      names.map((name) => name + ending),
    );
});

test('its tables are exported', () => {
  assert.deepEqual(files(tiny, 'tables', '.csv'), [
    'data-baselines.csv',
    'data-dropped.csv',
    'table1-data.csv',
  ]);
});

test('it ends with the answer to its question', () => {
  const { outputs } = executed.cells.at(-1) ?? { outputs: [] };
  assert.match(
    String(outputs[0].data?.['text/markdown']),
    /^\*\*How closely can methods be measured on tiny\? One test part measures 0 of 2 tasks/,
  );
});

test('it shows aggregates only: no user, no item', () => {
  const shown = JSON.stringify(outputsOf(executed));
  assert.match(shown, /ColdRec-1/);
  assert.doesNotMatch(shown, /user\d|song|film/i);
});

test('a card with nothing but a profile task of its own source runs too', () => {
  const task = { kind: 'classify', label: 'sex', length: 4, minSource: 1 };
  const people = [...'abcdefgh'];
  const data = newsFolder({
    card: { tasks: { Sex: task } },
    interactions: people.flatMap((user) => ['a', 'b', 'x'].map((item, time) => [user, item, time] as const)),
    users: `user_id:token\tsex:token\n${people.map((user, i) => `${user}\t${i % 2 ? 'f' : 'm'}\n`).join('')}`,
  });
  const out = path.join(folder, 'profiles');
  assert.deepEqual(complaints(execute('data', { data, out })), []);
  assert.deepEqual(files(out, 'figures', '.svg'), [
    'data-labels.svg',
    'data-lengths.svg',
    'data-overlap.svg',
    'data-popularity.svg',
  ]);
});
