import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, beyondPaper } from '../../lib/evidence/questions';
import { causal } from '../../lib/methods/family';
import { deviations } from '../../lib/report/deviations';
import { sampleClaim } from './sampleClaim';

test('each pair that does not come out as in the paper is named with its tasks and their evidence', () => {
  const claims = [
    sampleClaim({ verdict: 'holds' }),
    sampleClaim({ verdict: 'undecided', task: 'AgeEst', difference: 0.01, low: -0.02, high: 0.04, users: 5 }),
    sampleClaim({
      ...{ verdict: 'does not hold', task: 'LifeEst', place: 'LifeEst, 10 %' },
      ...{ difference: -0.1, low: -0.2, high: -0.05, users: 7 },
    }),
    sampleClaim({ verdict: 'undecided', question: alike(causal.PeterRec, causal.FineAll) }),
    sampleClaim({
      verdict: 'does not hold',
      task: 'AgeEst',
      question: alike(causal.PeterRec, causal.FineAll),
    }),
    ...beyondPaper([alike(causal.PeterRec, causal.FineCLS)]).map((question) =>
      sampleClaim({ verdict: 'undecided', question }),
    ),
  ];
  assert.equal(
    deviations(claims),
    '4 of 5 claims of the paper do not come out as in it. Intervals are of each claim alone, verdicts among all.\n\n' +
      '- The paper: FineAll better than FineZero. Here undecided on AgeEst (+0.010, 95 % interval −0.020 to +0.040, 5 users); ' +
      'does not hold on LifeEst, 10 % (−0.100, 95 % interval −0.200 to −0.050, 7 users).\n' +
      '- The paper: PeterRec as good as FineAll. Here undecided on GenEst (+0.031, 95 % interval +0.017 to +0.046, 869 users); ' +
      'better by more than the margin on AgeEst (+0.031, 95 % interval +0.017 to +0.046, 869 users).',
  );
});

test('where everything holds, and where nothing could be asked, that is said', () => {
  assert.equal(deviations([sampleClaim()]), 'Every claim comes out as in the paper.');
  assert.equal(deviations([]), 'None of the paper’s claims could be asked of this data.');
});
