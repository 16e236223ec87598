import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { partialOf } from '../../../lib/base/whole';
import { numbered, writeLines } from '../../../lib/model/exchange/lines';
import { folderWith } from '../../data/folders';

test('lines are written whole, and what a killed process left of the same file goes', () => {
  const { pid } = spawnSync('true');
  const left = partialOf('out.jsonl').replace(`.${process.pid}.`, `.${pid}.`);
  const others = left.replace('out', 'other');
  const folder = folderWith({ [left]: '{', [others]: '{' });
  const file = path.join(folder, 'out.jsonl');
  writeLines(file, numbered([{ a: 0.1 }, { a: 2 }]));
  assert.equal(fs.readFileSync(file, 'utf8'), '{"row":0,"a":0.1}\n{"row":1,"a":2}\n');
  assert.deepEqual(fs.readdirSync(folder).sort(), [others, 'out.jsonl'].sort());
});

test('where a line fails no file is left, and a name that is too long is one clear line', () => {
  const folder = folderWith({});
  function* failing() {
    yield 'first';
    throw new Error('second');
  }
  assert.throws(() => writeLines(path.join(folder, 'out.jsonl'), failing()), /second/);
  assert.deepEqual(fs.readdirSync(folder), []);
  const long = path.join(folder, `${'x'.repeat(249)}.jsonl`);
  assert.throws(() => writeLines(long, []), {
    name: 'UserError',
    message: /x\.jsonl could not be written: its name/,
  });
});
