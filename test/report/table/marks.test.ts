import assert from 'node:assert/strict';
import { test } from 'node:test';
import { better } from '../../../lib/evidence/questions';
import { causal, nonCausal } from '../../../lib/methods/family';
import { called } from '../../../lib/methods/identity';
import { significanceOf } from '../../../lib/report/table/marks';
import { sampleClaim } from '../sampleClaim';

const { PeterRec, PeterZeroAll, PeterZeroFrozen, FineAll, FineZero } = causal;

test('a method is marked on a task where all claims hold that it is better than its own start from random', () => {
  const { markOf, note } = significanceOf([
    sampleClaim(),
    sampleClaim({ task: 'AgeEst', verdict: 'undecided' }),
    sampleClaim({ question: better(PeterRec, PeterZeroFrozen) }),
    sampleClaim({ question: better(PeterRec, PeterZeroAll), verdict: 'does not hold' }),
  ]);
  assert.deepEqual(
    [FineAll, FineZero, PeterRec].map((method) => markOf('GenEst', method)),
    ['*', undefined, undefined],
  );
  assert.equal(markOf('AgeEst', FineAll), undefined);
  assert.match(note, /^\* better than its own start from random/);
});

test('a mark belongs to the experiment: not to its namesake, and whatever a table calls it', () => {
  const { markOf } = significanceOf([
    sampleClaim({ question: better(called(nonCausal.PeterRec, 'PeterRec_on'), PeterZeroFrozen) }),
  ]);
  const marks = [nonCausal.PeterRec, PeterRec, { ...nonCausal.PeterRec, training: 0.1 }];
  assert.deepEqual(
    marks.map((method) => markOf('GenEst', method)),
    ['*', undefined, undefined],
  );
});
