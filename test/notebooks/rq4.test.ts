import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testQuestion } from './question';

const { documents, csv } = testQuestion({
  name: 'rq4',
  answer: /^\*\*Does ablation find what it finds in the paper\? .* on tiny with 1 seed/,
  tables: [
    ...['rq4-claims', 'rq4-overfitting', 'rq4-pretraining-length', 'rq4-storage'],
    ...['table6-trunks', 'table7-insertions'],
  ],
  figures: ['figure6-little-data'],
  results: {
    'table6-trunks': { 'ColdRec-1 HR@5': 5, 'GenEst Acc': 5 },
    'table7-insertions': { 'GenEst Acc': 14 },
  },
  shows: ({ experiment }) => !/-(10|30)$/.test(experiment),
  shared: { 'Parallel before LN, two (d)': 'PeterRec_on' },
});

test('Table 6 shows the pre-training MRR@5 of both trunks', () => {
  const [header, ...rows] = csv('table6-trunks');
  const column = header.indexOf('Trunk of ColdRec-1 MRR@5');
  for (const [method, trunk] of [
    ['PeterRec_al', 'causal'],
    ['PeterRec_on', 'non-causal'],
  ]) {
    const [full] = documents()
      .filter((run) => run.experiment === `pretrain-${trunk}`)
      .sort((a, b) => b.stoppedAt - a.stoppedAt);
    assert.equal(Number(rows.find(([name]) => name === method)?.[column]), full.metrics.valid['MRR@5']);
  }
});

test('each share of the training data has documents of its own, and (d) those of Table 6', () => {
  const of = (pattern: RegExp) =>
    documents().filter(({ task, experiment }) => pattern.test(`${task} ${experiment}`));
  assert.equal(of(/^GenEst (PeterRec|FineAll|MostFrequent|ItemCooccurrence|BagOfItems)-(10|30)$/).length, 10);
  assert.equal(of(/^GenEst PeterRec-/).length - 2, 10);
});
