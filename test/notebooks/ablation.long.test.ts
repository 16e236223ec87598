import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { answerSchema } from '../../lib/report/answer/answer';
import { ANSWER_TYPE } from '../../lib/report/notebookFile';
import { execute, files } from './execute';
import { complaints, type Notebook } from './notebook';
import { writeTinyDataset } from './tinyDataset';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-ablation-'));
const out = path.join(folder, 'out');
let executed: Notebook;

before(() => {
  const data = path.join(folder, 'data');
  writeTinyDataset(data);
  executed = execute('ablation', { data, preset: 'quick', out });
});
after(() => fs.rmSync(folder, { recursive: true }));

test('it runs without a complaint and leaves its curves and tables', () => {
  assert.deepEqual(complaints(executed), []);
  assert.deepEqual(files(out, 'figures', '.svg'), ['ablation-evidence.svg', 'ablation.svg']);
  assert.deepEqual(files(out, 'tables', '.md'), ['ablation-claims.md', 'ablation.md']);
});

test('each choice is a row beside PeterRec and the simple opponents', () => {
  const table = fs
    .readFileSync(path.join(out, 'tables', 'ablation.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'));
  assert.deepEqual(
    table.slice(1).map((line) => line.split(',')[0]),
    [
      ...['Popularity', 'Item co-occurrence', 'Bag of items', 'PeterRec'],
      ...['squeeze 16', 'activation gelu', 'representation sum'],
    ],
  );
});

test('it ends with an answer', () => {
  const { outputs } = executed.cells.at(-1) ?? { outputs: [] };
  const { question } = answerSchema.parse(outputs[0].data?.[ANSWER_TYPE]);
  assert.equal(question, 'Does a change make PeterRec on the causal trunk better?');
});
