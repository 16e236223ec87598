import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Claim } from '../../../lib/evidence/claims';
import { alike, better, beyondPaper } from '../../../lib/evidence/questions';
import { inBestSetting } from '../../../lib/experiments/methods/best';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal } from '../../../lib/experiments/methods/family';
import { presets } from '../../../lib/experiments/methods/presets';
import { answerOf, pairOf, type State, stateOf } from '../../../lib/report/answer/answer';
import { sampleClaim } from '../sampleClaim';

const bench = { data: 'sample', seeds: 5, preset: presets.default };
const asked = { question: 'Is it so?' };
const likeness = alike(causal.PeterRec, causal.FineAll);
const holds = sampleClaim();
const fails = sampleClaim({ verdict: 'does not hold', difference: -0.02 });
const open = sampleClaim({ verdict: 'undecided', difference: 0.004, task: 'AgeEst' });
const surpassed = sampleClaim({ question: likeness, verdict: 'does not hold', difference: 0.3 });
const [beyond] = beyondPaper([better(causal.PeterRec, causal.FineAll)]).map((question) =>
  sampleClaim({ question }),
);
const group = (...claims: Claim[]) => ({ title: 'In the paper', claims });
const answer = (...claims: Claim[]) => answerOf(asked, bench, [group(...claims)]);

const states: readonly (readonly [State, Partial<Claim>])[] = [
  ['holds', {}],
  ['alike', { question: likeness }],
  ['contrary', { verdict: 'does not hold', difference: -0.1 }],
  ['contrary', { question: likeness, verdict: 'does not hold', difference: -0.1 }],
  ['holds', { question: likeness, verdict: 'does not hold', difference: 0.1 }],
  ['undecided', { verdict: 'undecided' }],
  ['unlearnt', { verdict: 'nothing learnt' }],
];
for (const [state, fields] of states)
  test(`${fields.question?.kind ?? 'superiority'}, ${fields.verdict ?? 'holds'}, ${fields.difference ?? ''} is seen as ${state}`, () =>
    assert.equal(stateOf(sampleClaim(fields)), state));

const sentences: readonly (readonly [readonly Claim[], string])[] = [
  [[holds, holds], 'Yes: of the paper’s 2 claims 2 hold.'],
  [[holds, surpassed], 'In part: of the paper’s 2 claims 1 holds, 1 surpassed.'],
  [
    [holds, fails, open, open],
    'In part: of the paper’s 4 claims 1 holds, 1 contradicted (FineAll > FineZero on GenEst), 2 undecided.',
  ],
  [
    [fails, open],
    'Not shown: of the paper’s 2 claims 0 hold, 1 contradicted (FineAll > FineZero on GenEst), 1 undecided.',
  ],
  [[fails, fails], 'No: of the paper’s 2 claims 0 hold, 2 contradicted (FineAll > FineZero).'],
  [[], 'Not asked on this data.'],
  [[holds, beyond], 'Yes: of the paper’s 1 claim 1 holds. Beyond it: 1 of 1 hold.'],
];
for (const [claims, sentence] of sentences)
  test(`in a sentence: ${sentence}`, () => assert.equal(answer(...claims).sentence, sentence));

test('with quick nothing is shown, whatever the claims', () => {
  const found = answerOf(asked, { ...bench, preset: presets.quick }, [group(holds)]);
  assert.match(found.sentence, /^Nothing is shown: .*`quick`/);
  assert.deepEqual(found.notes, []);
});

test('a question of its own says what its first group is, where there are more', () => {
  const groups = ['causal', 'GRU'].map((title) => ({ title, claims: [open] }));
  const { sentence } = answerOf({ question: 'What?', isOwn: true }, bench, groups);
  assert.match(sentence, /^Not shown: of 1 claim on causal 0 hold, 1 undecided\. GRU: 0 of 1 hold/);
});

test('the longest sentence has 30 words', () => {
  const unlearnt = sampleClaim({ verdict: 'nothing learnt' });
  const many = [...Array(30)].flatMap(() => [holds, fails, open, unlearnt]);
  const groups = ['In the paper', 'Simple methods', 'Best setting'].map((title) => ({ title, claims: many }));
  const { sentence } = answerOf(asked, bench, groups);
  assert.ok(sentence.split(' ').length <= 30, sentence);
});

test('a row is a pair of methods, a cell a task; the paper stands beside what it finds', () => {
  const [{ rows }] = answer(
    holds,
    sampleClaim({ task: 'AgeEst', verdict: 'undecided', difference: -0.01 }),
    sampleClaim({ question: likeness }),
    beyond,
  ).groups;
  const cell = { task: 'GenEst', difference: 0.031, isOfPaper: true };
  const open = { task: 'AgeEst', state: 'undecided', difference: -0.01, isOfPaper: true };
  assert.deepEqual(rows, [
    { claim: 'FineAll > FineZero', paper: 'holds', cells: [{ ...cell, state: 'holds' }, open] },
    { claim: 'PeterRec ≈ FineAll', paper: 'alike', cells: [{ ...cell, state: 'alike' }] },
    { claim: 'PeterRec > FineAll', paper: null, cells: [{ ...cell, state: 'holds', isOfPaper: false }] },
  ]);
});

test('a pair names the share that both learn from, and no setting that both have', () => {
  const pair = (a: FineTuning, b: FineTuning) => pairOf(sampleClaim({ question: better(a, b) }));
  const { PeterRec, FineAll } = causal;
  assert.equal(pair(inBestSetting(PeterRec), inBestSetting(FineAll)), 'PeterRec > FineAll');
  assert.equal(pair(inBestSetting(PeterRec), PeterRec), 'PeterRec, best setting > PeterRec');
  const little = { ...PeterRec, training: 0.1 };
  assert.equal(pair(little, { ...FineAll, training: 0.1 }), 'PeterRec > FineAll, 10 % of labels');
  assert.equal(pair(little, FineAll), 'PeterRec > FineAll');
});

test('it is counted how many decided verdicts stand among the claims of all questions', () => {
  const { decided, standing } = answer(sampleClaim({ pOverall: 0.01 }), holds, fails, open);
  assert.deepEqual([decided, standing], [3, 1]);
  assert.equal(answer(holds, sampleClaim({ pOverall: null })).standing, null);
});

test('few seeds, and what MovieLens-100K leaves open, stand in notes', () => {
  const notesOf = (about: object, ...claims: Claim[]) =>
    answerOf(asked, { ...bench, ...about }, [group(...claims)]).notes;
  assert.match(notesOf({ seeds: 2 }, holds)[0], /models of 2 seeds; `--seeds 3` or more/);
  assert.match(notesOf({ data: 'movielens-100k' }, holds, open)[0], /^1 claim undecided .*movielens-1m/);
  assert.deepEqual([notesOf({ data: 'movielens-100k' }, holds), notesOf({}, holds, open)], [[], []]);
});
