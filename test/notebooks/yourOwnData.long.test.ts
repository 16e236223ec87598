import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'papaparse';
import { execute, files } from './execute';
import { complaints, type Notebook, type Output, outputsOf, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-your-own-data-'));
const [data, folder, out] = ['data', 'my-data', 'out'].map((name) => path.join(root, name));
let executed: Notebook;

before(() => {
  writeTinyDataset(data, 'Horror');
  executed = execute('your-own-data', { data, folder, out });
});
after(() => fs.rmSync(root, { recursive: true }));

const printed = (output: Output & { readonly text?: string }) => output.text ?? '';

test('it runs without a complaint and leaves a data set and a table of two tasks', () => {
  assert.deepEqual(complaints(executed), []);
  assert.deepEqual(fs.readdirSync(folder).sort(), ['data.inter', 'data.item', 'data.user', 'dataset.json']);
  const table = fs.readFileSync(path.join(out, 'tables', 'own-data.csv'), 'utf8');
  const [header, ...rows] = parse<string[]>(table.trim(), { comments: '#' }).data;
  assert.match(header.join(), /^Method,Tuned, of FineAll,Thrills HR@5,.*,Gender Acc,/);
  assert.deepEqual(
    rows.map(([method]) => method),
    ['LabelCS', 'Popularity', 'Bag of items', 'PeterRec, best setting'],
  );
  assert.deepEqual(files(out, 'tables', '.md'), ['own-data.md']);
});

test('it describes the data as npm run data does, and shows what mistakes look like', () => {
  const text = outputsOf(executed).map(printed).join('\n');
  assert.match(text, /my-data: \d+ interactions, 40 users, 60 items/);
  assert.match(text, /tasks\.Gender\.label: expected one of the fields user_id, gender, found "sex"/);
  assert.match(text, /unknown key "perUsr" in tasks\.Thrills/);
  assert.match(text, /tasks\.Thrills\.target\.any: expected/);
  assert.match(text, /data\.inter, line \d+, column timestamp: expected a number, found "yesterday"/);
});

test('it proposes a card for tables as they are, and the card works', () => {
  const shown = shownAs(executed, 'text/plain').join('\n');
  assert.match(shown, /user: user\\_id +\| by its name, 40 values/);
  assert.match(shown, /task Horror +\| items with class Horror: 12 items/);
  assert.match(outputsOf(executed).map(printed).join('\n'), /my-data-plain: \d+ interactions, 40 users/);
});

test('it ends with the command that runs all questions on it', () => {
  const { outputs } = executed.cells.at(-1) ?? { outputs: [] };
  assert.match(String(outputs[0].data?.['text/markdown']), /npm run reproduce -- --data .*my-data/);
});
