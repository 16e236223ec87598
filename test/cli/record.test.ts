/** That nothing has changed is known by what was read and by what was left, not by when. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  beginRecord,
  checksumOfCode,
  computedSince,
  type Inputs,
  inputsOf,
  leaveRecord,
  unchangedSince,
} from '../../lib/cli/programs/reproduce/record';
import { folderWith } from '../datasets/folders';
import { writeTinyDataset } from '../notebooks/tinyDataset';

const data = folderWith({});
writeTinyDataset(data);
const inputs = inputsOf(['rq1', 'rq2'], { preset: 'quick', seeds: 1 }, data);

function finished(): string {
  const out = folderWith({});
  for (const name of ['tables/a.csv', 'results/b.json', 'index.html']) {
    fs.mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
    fs.writeFileSync(path.join(out, name), name);
  }
  leaveRecord(out, beginRecord(out), inputs, ['index.html', 'tables', 'results', 'models']);
  return out;
}

test('the same again, or one of its questions alone, has not changed', () => {
  const out = finished();
  const alone = inputsOf(['rq2'], inputs.parameters, data);
  for (const asked of [inputs, alone]) assert.match(String(unchangedSince(out, asked)), /^\d{4}-/);
});

test('a module beside the notebooks, one of the library and the versions asked for are code; text is none', () => {
  const project = folderWith({ 'package-lock.json': '{}' });
  for (const room of ['lib', 'notebooks']) fs.mkdirSync(path.join(project, room));
  const seen = new Set([checksumOfCode(project)]);
  for (const name of ['notebooks/losses.ts', 'lib/a.mjs', 'lib/requirements/all.txt', 'package-lock.json']) {
    fs.mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    fs.writeFileSync(path.join(project, name), name);
    seen.add(checksumOfCode(project));
  }
  assert.equal(seen.size, 5);
  fs.writeFileSync(path.join(project, 'lib/README.md'), 'a');
  fs.writeFileSync(path.join(project, 'notebooks/rq1.ipynb'), '{}');
  assert.ok(seen.has(checksumOfCode(project)));
});

const others: readonly (readonly [string, Inputs])[] = [
  ['another question', inputsOf(['rq1', 'rq3'], inputs.parameters, data)],
  ['other parameters', { ...inputs, parameters: { preset: 'quick', seeds: 2 } }],
  ['other code', { ...inputs, code: 'another' }],
  ['other cells', { ...inputs, notebooks: { ...inputs.notebooks, rq1: 'others' } }],
];
for (const [what, asked] of others)
  test(`${what}: run again`, () => assert.equal(unchangedSince(finished(), asked), undefined));

test('other data: run again', () => {
  const folder = folderWith({});
  fs.cpSync(data, folder, { recursive: true });
  const [before, out] = [inputsOf(['rq1'], {}, folder), folderWith({})];
  leaveRecord(out, beginRecord(out), before, []);
  assert.ok(unchangedSince(out, inputsOf(['rq1'], {}, folder)));
  const [table] = fs.readdirSync(folder).filter((name) => name.endsWith('.inter'));
  fs.appendFileSync(path.join(folder, table), '\n');
  assert.equal(unchangedSince(out, inputsOf(['rq1'], {}, folder)), undefined);
});

const damages: Readonly<Record<string, (out: string) => void>> = {
  'a table deleted': (out) => fs.rmSync(path.join(out, 'tables/a.csv')),
  'a document edited': (out) => fs.appendFileSync(path.join(out, 'results/b.json'), ' '),
  'a record that is none': (out) => fs.writeFileSync(path.join(out, 'reproduced.json'), '{'),
  'a run that was begun and not finished': beginRecord,
};
for (const [what, damage] of Object.entries(damages))
  test(`${what}: run again`, () => {
    const out = finished();
    damage(out);
    assert.equal(unchangedSince(out, inputs), undefined);
  });

const left: Readonly<Record<string, readonly [damage: (out: string) => void, isComputed: boolean]>> = {
  'a table deleted': [(out) => fs.rmSync(path.join(out, 'tables/a.csv')), true],
  'a document edited': [(out) => fs.appendFileSync(path.join(out, 'results/b.json'), ' '), false],
  'a document deleted': [(out) => fs.rmSync(path.join(out, 'results/b.json')), false],
  'a run that was begun and not finished': [beginRecord, false],
};
for (const [what, [damage, isComputed]] of Object.entries(left))
  test(`${what}: ${isComputed ? 'documents are there' : 'what is missing is looked for'}`, () => {
    const out = finished();
    damage(out);
    assert.equal(computedSince(out, inputs) !== undefined, isComputed);
  });

test('documents of other code, or of fewer questions, are not known to be there', () => {
  const out = finished();
  assert.ok(computedSince(out, { ...inputs, notebooks: { ...inputs.notebooks, rq1: 'other cells' } }));
  assert.equal(computedSince(out, { ...inputs, code: 'another' }), undefined);
  assert.equal(computedSince(out, inputsOf(['rq1', 'rq3'], inputs.parameters, data)), undefined);
});

test('where another run has begun meanwhile nothing is noted', () => {
  const out = folderWith({});
  const first = beginRecord(out);
  beginRecord(out);
  leaveRecord(out, first, inputs, []);
  assert.equal(unchangedSince(out, inputs), undefined);
});

test('a file that another run has added changes nothing', () => {
  const out = finished();
  fs.writeFileSync(path.join(out, 'results', 'c.json'), '');
  assert.ok(unchangedSince(out, inputs));
});
