import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testQuestion } from './question';

const { documents, csv } = testQuestion({
  name: 'rq4',
  answer: 'Does ablation find what the paper finds?',
  tables: [
    ...[
      'rq4-claims',
      'rq4-overfitting',
      'rq4-pretraining-length',
      'rq4-shortcut',
      'rq4-storage',
      'rq4-trunks',
    ],
    ...['table1-data', 'table6-trunks', 'table7-insertions'],
  ],
  figures: ['figure6-little-data', 'rq4-evidence'],
  results: {
    'table6-trunks': { 'ColdRec-1 HR@5': 8, 'GenEst Acc': 7 },
    'table7-insertions': { 'GenEst Acc': 14 },
  },
  called: {
    PeterRec_al: 'PeterRec on the causal trunk',
    'PeterRec_al, parallel patches': 'PeterRec-d on the causal trunk',
    'PeterRec_on, serial patches': 'PeterRec-c on the non-causal trunk',
    PeterRec_on: 'PeterRec on the non-causal trunk',
    'Parallel before LN, two (d)': 'PeterRec on the non-causal trunk',
  },
});

test('Table 6 shows the pre-training MRR@5 of both trunks', () => {
  const [header, ...rows] = csv('table6-trunks');
  const column = header.indexOf('Trunk of ColdRec-1 MRR@5');
  for (const [method, trunk] of Object.entries({ PeterRec_al: 'causal', PeterRec_on: 'non-causal' })) {
    const [full] = documents().filter(
      (run) => run.experiment === 'pretrain' && run.trunk === trunk && run.pretraining === 1,
    );
    assert.equal(Number(rows.find(([name]) => name === method)?.[column]), full.metrics.valid['MRR@5']);
  }
});
