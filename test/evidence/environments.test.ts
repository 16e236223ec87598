import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mixtureOf } from '../../lib/evidence/environments';
import type { Result } from '../../lib/experiments/documents/document';
import { causal } from '../../lib/experiments/methods/family';
import { sampleResult } from '../report/sampleResults';

const result = sampleResult({ task: 'News', method: causal.PeterRec, seed: 1, test: { 'HR@5': 0.2 } });
const under = (changed: Partial<Result['environment']>): Result => ({
  ...result,
  environment: { ...result.environment, ...changed },
});

test('documents that were computed alike need no remark, whatever computed them', () => {
  assert.equal(mixtureOf([]), undefined);
  assert.equal(mixtureOf([under({ threads: 3 }), under({ threads: 3, source: 'another' })]), undefined);
});

test('precisions that differ are named where there are convolutions', () => {
  const kernels = 'avx512, bf16 by avx512_bf16';
  const exact: Result = { ...under({ kernels: 'avx512' }), declaration: { precision: 'float32' } };
  const narrow: Result = { ...under({ kernels }), declaration: { precision: 'bf16' } };
  const counted: Result = { ...under({ kernels: 'avx512' }), declaration: {} };
  assert.equal(mixtureOf([narrow, counted]), undefined);
  const said = mixtureOf([exact, narrow, narrow, counted]) ?? '';
  assert.match(said, /the 3rd to 7th digit .*: precisions float32 \(1\), bf16 by avx512_bf16 \(2\)\.$/);
});

test('threads, instruction sets and processors that differ are named, each with its documents', () => {
  const newer = under({ threads: 2, kernels: 'avx512', processor: 'A' });
  const said = mixtureOf([under({ threads: 1, kernels: 'avx2', processor: 'A' }), newer, newer]) ?? '';
  assert.match(said, /the 4th .*: instruction sets avx2 \(1\), avx512 \(2\); threads 1 \(1\), 2 \(2\)\.$/);
});
