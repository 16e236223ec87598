/** Four functions of cells, each trained on made-up data to a verdict. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { answerSchema } from '../../lib/report/answer/answer';
import { ANSWER_TYPE } from '../../lib/report/notebookFile';
import { execute, files } from './execute';
import { complaints, type Notebook, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-own-method-'));
const out = path.join(folder, 'out');
let executed: Notebook;

before(() => {
  const data = path.join(folder, 'data');
  writeTinyDataset(data);
  executed = execute('your-own-method', { data, preset: 'quick', seeds: 2, out });
});
after(() => fs.rmSync(folder, { recursive: true }));

test('it runs without a complaint', () => assert.deepEqual(complaints(executed), []));

const IDEAS = [
  ['loss hinge', 'PeterRec-with-loss-hinge'],
  ['patch scale and shift', 'PeterRec-with-patch-scale-and-shift'],
  ['tuned gains too', 'PeterRec-with-tuned-gains-too'],
  ['negatives popular', 'PeterRec-with-negatives-popular'],
] as const;

test('each idea has a document a seed that says its source, a row, a curve and a verdict', () => {
  const results = path.join(out, 'results');
  const table = fs.readFileSync(path.join(out, 'tables', 'own-method.md'), 'utf8');
  const claims = fs.readFileSync(path.join(out, 'tables', 'own-method-claims.md'), 'utf8');
  for (const [label, id] of IDEAS) {
    const documents = files(out, 'results', '.json').filter((name) => name.includes(`-${id}-`));
    assert.equal(documents.length, 2, id);
    const { declaration } = JSON.parse(fs.readFileSync(path.join(results, documents[0]), 'utf8'));
    assert.match(JSON.stringify(declaration), /"imports":\[|"source":/);
    assert.match(table, new RegExp(label));
    assert.match(claims, new RegExp(label));
  }
  assert.deepEqual(files(out, 'figures', '.svg'), ['own-method-evidence.svg', 'own-method.svg']);
});

test('it ends with an answer', () => {
  const { question } = answerSchema.parse(shownAs(executed, ANSWER_TYPE).at(-1));
  assert.equal(question, 'Does an idea of yours beat PeterRec on the causal trunk?');
});
