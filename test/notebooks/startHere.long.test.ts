import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { execute } from './execute';
import { codeCells, complaints, type Notebook, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-start-here-'));
let executed: Notebook;

before(() => {
  const data = path.join(folder, 'data');
  writeTinyDataset(data);
  executed = execute('start-here', { data, preset: 'quick', out: path.join(folder, 'out') });
});
after(() => fs.rmSync(folder, { recursive: true }));

test('it runs without a complaint and shows a picture', () => {
  assert.deepEqual(complaints(executed), []);
  assert.equal(shownAs(executed, 'application/vnd.plotly.v1+json').length, 1);
});

test('it has ten cells besides parameters and imports', () => {
  const [, ...cells] = codeCells(executed).filter(({ source }) => !source.startsWith('void Object.assign'));
  assert.equal(cells.filter(({ source }) => !source.startsWith('import')).length, 10);
});

test('it ends with the metric of both trunks and of popularity, and the trunk as it was', () => {
  const { outputs } = executed.cells.at(-1) ?? { outputs: [] };
  assert.match(
    String(outputs[0].data?.['text/markdown']),
    /HR@5 0\.\d{3} with patches .* 0\.\d{3} with patches on a random one, 0\.\d{3} by .* bit for bit what it was/,
  );
});
