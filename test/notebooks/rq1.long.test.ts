import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testQuestion } from './question';

const { csv } = testQuestion({
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

test('Table 1 has the sizes of the data: 40 users with 2 films each, and 12 films and 2 genders as labels', () => {
  const ours = csv('table1-data').map((row) => row.slice(0, 6));
  assert.deepEqual(ours, [
    ['Task', 'Users', 'Source instances', 'Target instances', 'Source items', 'Target labels'],
    ['ColdRec-1', '40', '40', '80', '48', '12'],
    ['GenEst', '40', '40', '40', '48', '2'],
  ]);
});
