import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { resultDocument, SCHEMA } from '../../lib/experiments/documents/document';
import type { Spec } from '../../lib/report/figure/plotly';
import { titlesOf } from '../report/figure/titles';
import { shownAs } from './notebook';
import { testQuestion } from './question';

const { out, reproduce, executed, namesIn, documents, csv } = testQuestion({
  name: 'rq1',
  answer: 'Does pre-training help?',
  tables: [
    'rq1-best',
    'rq1-claims',
    'rq1-pretraining',
    'table1-data',
    'table2-best-setting',
    'table2-pretraining',
  ],
  figures: ['figure4-best-setting', 'figure4-convergence', 'rq1-evidence', 'rq1-lengths', 'rq1-trunks'],
  results: { 'table2-pretraining': { 'ColdRec-1 HR@5': 13, 'GenEst Acc': 12 } },
});

test('Figure 4 has a panel a task', () => {
  const [, figure] = shownAs(executed(), 'application/vnd.plotly.v1+json');
  assert.deepEqual(titlesOf({ spec: figure as Spec }), ['ColdRec-1', 'GenEst']);
});

test('Table 1 has the sizes of the data: 40 users with 2 films each, and 12 films and 2 genders as labels', () => {
  const ours = csv('table1-data').map((row) => row.slice(0, 6));
  assert.deepEqual(ours, [
    ['Task', 'Users', 'Source instances', 'Target instances', 'Source items', 'Target labels'],
    ['ColdRec-1', '40', '40', '80', '48', '12'],
    ['GenEst', '40', '40', '40', '48', '2'],
  ]);
});

test('every experiment leaves a document with the name and the fields of the contract', () => {
  assert.equal(documents().length, 44); // twenty-one experiments on two tasks, EASE on one, and one pre-training
  for (const run of documents()) {
    assert.deepEqual(resultDocument.parse(run), run); // nothing more either: parsing drops what it does not know
    assert.deepEqual([run.schema, run.data, run.preset, run.seed], [SCHEMA, 'tiny', 'quick', 1]);
    const { task, experiment, instances } = run;
    assert.match(instances, new RegExp(`^${task}-${experiment}-[0-9a-f]{12}-s1\\.tsv$`));
    assert.ok(namesIn('results').includes(instances.replace(/tsv$/, 'json')));
  }
});

test('where a table is missing the notebook runs again, which makes it again and computes nothing', () => {
  const times = () =>
    ['results', 'models'].flatMap((kind) =>
      namesIn(kind).map((name) => [name, fs.statSync(path.join(out, kind, name)).mtimeMs]),
    );
  const first = times();
  const [table] = namesIn('tables');
  fs.rmSync(path.join(out, 'tables', table));
  const { status } = reproduce();
  assert.equal(status, 0);
  assert.ok(namesIn('tables').includes(table));
  assert.deepEqual(times(), first);
});
