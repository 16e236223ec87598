import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { headlineOf, paperTaskNames } from '../../../lib/data/paper/tasks';
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

const metrics = [
  ['ColdRec-1', 'recommend', 'HR@5'],
  ['ColdRec-2', 'recommend', 'MRR@5'],
  ['GenEst', 'classify', 'Acc'],
  ['Videos', 'recommend', 'HR@5'],
  ['Job', 'classify', 'Acc'],
  ['ColdRec-2', 'classify', 'Acc'],
  ['GenEst', 'recommend', 'HR@5'],
] as const;

for (const [name, kind, metric] of metrics) {
  test(`a task to ${kind} called ${name} is judged by ${metric}`, () => {
    assert.equal(headlineOf(name, kind), metric);
  });
}
