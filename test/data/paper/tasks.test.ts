import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { paperTaskNames } from '../../../lib/data/paper/tasks';
import { inProject, namesBelow } from '../../../lib/setup/tools/project';

const code = (file: string) =>
  ts
    .createPrinter({ removeComments: true })
    .printFile(ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022));

test('the paper’s tasks are named in one file of lib', () => {
  const files = namesBelow(inProject('lib'));
  const naming = files
    .filter((file) => /\.[jt]s$/.test(file))
    .filter((file) => paperTaskNames.some((name) => code(inProject('lib', file)).includes(name)));
  assert.deepEqual(naming, [path.join('data', 'paper', 'tasks.ts')]);
});
