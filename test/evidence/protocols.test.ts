import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf, inWholePool } from '../../lib/evidence/protocols';
import { better } from '../../lib/evidence/questions';
import { causal } from '../../lib/experiments/methods/family';
import { sampleClaim } from '../report/sampleClaim';

const { PeterRec, FineZero } = causal;

test('a change is the difference of the differences, its interval that of both as if they were independent', () => {
  const paper = sampleClaim({ difference: 0.05, low: 0.02, high: 0.09 });
  const timely = sampleClaim({ difference: 0.01, low: -0.03, high: 0.04 });
  const other = sampleClaim({ question: better(PeterRec, FineZero) });
  const [{ change, low, high }, ...more] = changesOf([paper, other], [timely]);
  assert.deepEqual(more, []);
  const close = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-12);
  close(change, -0.04);
  close(low, -0.04 - Math.hypot(0.04, 0.04));
  close(high, -0.04 + Math.hypot(0.03, 0.03));
});

test('in the whole pool a claim about ranks has the verdict of ranks there, and one about classes none', () => {
  const pool = { difference: -0.01, low: -0.02, high: 0, verdict: 'undecided' } as const;
  const claims = [sampleClaim({ metric: 'HR@5', inPool: pool }), sampleClaim({ metric: 'Acc' })];
  assert.deepEqual(inWholePool(claims), [{ ...claims[0], ...pool, metric: 'HR@5/full' }]);
});
