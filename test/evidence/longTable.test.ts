import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as aq from 'arquero';
import { longTable } from '../../lib/evidence/longTable';
import type { Result } from '../../lib/experiments/documents/document';
import { causal } from '../../lib/experiments/methods/family';
import { folderWith } from '../data/folders';
import { assertClose } from '../engine/bothWays';
import { leave, sampleResult } from '../report/sampleResults';
import { pretrained } from './pretrainedTrunk';

const { PeterRec, FineAll } = causal;

/** PeterRec ranks the true items 1, 2, 3 and 7 among 1 + 99, and 1, 8, 20 and 90 in the whole pool. */
const ranked = (out: string): Result =>
  leave(
    out,
    sampleResult({ task: 'News', method: PeterRec, seed: 2, test: { 'HR@5': 0.75 } }),
    [1, 2, 3, 7].map((rank, i) => ({ row: i, rank, full_rank: [1, 8, 20, 90][i] })),
  );

const profile = sampleResult({ task: 'GenEst', method: FineAll, seed: 1, test: { Acc: 0.5, MacroF1: 0.25 } });

const valuesOf = (table: aq.ColumnTable) =>
  Object.fromEntries(
    (table.objects() as { metric: string; value: number }[]).map(({ metric, value }) => [metric, value]),
  );

test('a row names what ran, the part and the metric, and needs no instances', () => {
  const both: Result = { ...profile, training: 0.3, metrics: { ...profile.metrics, valid: { Acc: 0.4 } } };
  const about = {
    ...{ task: 'GenEst', method: 'FineAll', experiment: 'FineAll', trunk: 'causal' },
    ...{ training: 0.3, pretraining: 1, preset: 'quick', seed: 1 },
  };
  assert.deepEqual(longTable({ out: 'nowhere', results: [both] }).objects(), [
    { ...about, part: 'test', metric: 'Acc', value: 0.5 },
    { ...about, part: 'test', metric: 'MacroF1', value: 0.25 },
    { ...about, part: 'valid', metric: 'Acc', value: 0.4 },
  ]);
});

test('metrics at any N come from the ranks, among 1 + 99 and in the whole pool', () => {
  const out = folderWith({});
  const found = valuesOf(longTable({ out, results: [ranked(out)] }, { at: [2, 5, 10] }));
  assert.equal(Object.keys(found).length, 3 * 2 * 3);
  assert.equal(found['HR@5'], 0.75); // as in the document
  assertClose([found['HR@2'], found['HR@10'], found['HR@10/full']], [2 / 4, 1, 2 / 4], 1e-12);
  assertClose([found['MRR@2'], found['MRR@10']], [(1 + 1 / 2) / 4, (1 + 1 / 2 + 1 / 3 + 1 / 7) / 4], 1e-12);
  // 1 / log2(rank + 1) of ranks 1, 3 and 7 is 1, 1/2 and 1/3
  const ndcg = (1 + 1 / Math.log2(3) + 1 / 2 + 1 / 3) / 4;
  assertClose([found['NDCG@10'], found['MRR@10/full']], [ndcg, (1 + 1 / 8) / 4], 1e-12);
});

test('classes and pre-training have no ranks to be asked for', () => {
  const out = folderWith({});
  const pretraining = pretrained(out, 'causal', { a: [1, 2] });
  assert.deepEqual(Object.keys(valuesOf(longTable({ out, results: [profile, pretraining] }, { at: [10] }))), [
    'Acc',
    'MacroF1',
  ]);
});

test('ranks that were not kept, and an N that is none, are told in one line', () => {
  const out = folderWith({});
  const lost = sampleResult({ task: 'News', method: PeterRec, seed: 1, test: { 'HR@5': 0 } });
  assert.throws(() => longTable({ out, results: [lost] }, { at: [10] }), /^UserError: .*sample\.tsv/);
  for (const n of [0, 2.5, -1])
    assert.throws(() => longTable({ out, results: [ranked(out)] }, { at: [n] }), { name: 'UserError' });
});

test('the table has its columns also without documents', () => {
  const none = longTable({ out: 'nowhere', results: [] }).filter((d: { part: string }) => d.part === 'test');
  assert.equal(none.numRows(), 0);
});
