import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike } from '../../lib/evidence/questions';
import { causal } from '../../lib/methods/family';
import { presets } from '../../lib/methods/presets';
import { answerOf, byPair } from '../../lib/report/answer';
import { sampleClaim } from './sampleClaim';

const bench = { data: 'sample', seeds: 3, preset: presets.default };
const asked = { question: 'Is it so?', paper: 'The paper says so.' };
const holds = sampleClaim();
const fails = sampleClaim({ verdict: 'does not hold', difference: -0.02 });
const surpassed = sampleClaim({
  question: alike(causal.PeterRec, causal.FineAll),
  ...{ verdict: 'does not hold', difference: 0.3 },
});
const open = sampleClaim({ verdict: 'undecided', difference: 0.004, needed: 5300, task: 'AgeEst' });

const words: readonly (readonly [string, Parameters<typeof answerOf>[2], RegExp])[] = [
  ['all claims hold', [holds, holds], /^\*\*Is it so\? Yes, on sample with 3 seeds\.\*\*/],
  ['some hold', [holds, open, fails], /^\*\*Is it so\? In part, /],
  ['none holds and not all are turned round', [open, fails], /^\*\*Is it so\? Not shown, /],
  ['all are turned round', [fails, fails], /^\*\*Is it so\? No, /],
  ['all hold or are surpassed', [surpassed, holds], /^\*\*Is it so\? Yes, or better, on sample/],
  ['one is surpassed and one turned round', [surpassed, fails], /^\*\*Is it so\? Not shown, /],
  ['nothing is asked', [], /^\*\*Is it so\? Not asked on sample/],
];

for (const [when, claims, opening] of words) {
  test(`where ${when}, the answer says so`, () => assert.match(answerOf(asked, bench, claims), opening));
}

test('the answer counts and lists the claims by verdict, and says what would decide the open ones', () => {
  const same = sampleClaim({
    question: alike(causal.PeterRec, causal.FineAll),
    verdict: 'undecided',
    difference: 0.01,
    needed: null,
  });
  const lines = answerOf(asked, bench, [
    holds,
    sampleClaim({ task: 'AgeEst', difference: 0.1 }),
    fails,
    open,
    same,
  ]);
  assert.deepEqual(lines.split('\n\n').slice(1), [
    'The paper says so. Of 5 claims asked here, holding: 2, not holding: 1, nothing learnt: 0, undecided at the 5 % level: 2.',
    'These verdicts are nominally at 5 % over the claims of this question; at 5 % over those of all questions 0 of the 3 stand; by the t-test over seeds, the stricter one with few of them, 3.',
    'These verdicts are for the models of 3 seeds: resampling so few says little of others. ' +
      'With `--seeds 5` or more they are about the methods.',
    '- Holds: FineAll better than FineZero on GenEst (+0.031), AgeEst (+0.100).',
    '- Does not hold: FineAll better than FineZero on GenEst (−0.020).',
    '- What would need more data, in brackets the test users that would decide it at most, with seeds as many times more too: ' +
      'FineAll better than FineZero on AgeEst (+0.004; 5,300); PeterRec as good as FineAll on GenEst (+0.010; no number).',
  ]);
});

test('what is better by more than the margin is not listed among what does not hold', () => {
  const answer = answerOf(asked, bench, [surpassed, fails]);
  assert.match(answer, /^- Does not hold: FineAll better than FineZero on GenEst \(−0\.020\)\.$/m);
  assert.match(
    answer,
    /^- Better by more than the margin of 0\.01: PeterRec as good as FineAll on GenEst \(\+0\.300\)\.$/m,
  );
});

test('five seeds are not said to be too few', () => {
  assert.doesNotMatch(answerOf(asked, { ...bench, seeds: 5 }, [holds]), /These verdicts are for the models/);
});

test('with quick the answer says that its budgets show nothing, whatever the claims', () => {
  const answer = answerOf(asked, { data: 'tiny', seeds: 1, preset: presets.quick }, [holds]);
  assert.match(
    answer,
    /^\*\*Is it so\? Nothing is shown on tiny with 1 seed: the tiny budgets of `quick` show that everything runs, not what is true\.\*\*/,
  );
});

test('claims of one pair stand together, and a claim at its place', () => {
  const little = sampleClaim({ task: 'LifeEst', place: 'LifeEst, 10 %' });
  const equal = sampleClaim({ question: alike(causal.FineAll, causal.FineZero) });
  assert.deepEqual(byPair([holds, equal, little]), [
    ['FineAll better than FineZero', [holds, little]],
    ['FineAll as good as FineZero', [equal]],
  ]);
  assert.match(
    answerOf(asked, bench, [little]),
    /FineAll better than FineZero on LifeEst, 10 % \(\+0\.031\)\./,
  );
});

test('what MovieLens-100K leaves open is asked of MovieLens-1M by a command that is named', () => {
  const small = { ...bench, data: 'movielens-100k' };
  const named =
    /The 943 users of movielens-100k cannot decide 1 claim\. .*figures\/reference.*`npm run reproduce -- --data movielens-1m` computes them\.$/;
  assert.match(answerOf(asked, small, [holds, open]), named);
  assert.match(
    answerOf({ ...asked, isOwn: true }, small, [holds, open]),
    /six times as many: `data: 'movielens-1m'` in the first cell asks it of them\.$/,
  );
  assert.doesNotMatch(answerOf(asked, small, [holds]), /movielens-1m/);
  assert.doesNotMatch(answerOf(asked, bench, [holds, open]), /movielens-1m/);
});
