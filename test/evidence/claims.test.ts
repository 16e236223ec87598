import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { answerClaims, type Claim } from '../../lib/evidence/claims';
import { alike, asked, better, type Question } from '../../lib/evidence/questions';
import type { InstanceRow } from '../../lib/experiments/documents/document';
import { causal, nonCausal } from '../../lib/experiments/methods/family';
import type { Method } from '../../lib/experiments/methods/identity';
import { LabelCS } from '../../lib/experiments/opponents/opponents';
import { folderWith } from '../data/folders';
import { assertClose } from '../engine/bothWays';
import { classified, leave, sampleCompletedRun, sampleResult } from '../report/sampleResults';

const { PeterRec, FineZero } = causal;
const question = better(PeterRec, FineZero);
const asGood = alike(PeterRec, FineZero);

/** A method that names the class of the first `right` of twenty users, or has rows of its own. */
type Side = readonly [
  method: Method,
  right: number,
  about?: { readonly task?: string; readonly seed?: number; readonly rows?: readonly InstanceRow[] },
];

const sides = (...right: readonly number[]): Side[] =>
  right.map((count, i) => [[PeterRec, FineZero, LabelCS][i], count]);

/** On GenEst and AgeEst. */
const onBoth = (...right: readonly number[]): Side[] =>
  ['GenEst', 'AgeEst'].flatMap((task) => sides(...right).map(([method, n]): Side => [method, n, { task }]));

const firstRight = (right: number, of = 20) => classified(of, (user) => user < right);

/** Users u0, u1, … with the given ranks. */
const ranked = (...ranks: number[]): InstanceRow[] =>
  ranks.map((rank, user) => ({ row: user, user_id: `u${user}`, label: 'v', rank, full_rank: rank }));

type Answer = (
  sides: readonly Side[],
  questions?: readonly Question[],
  about?: { readonly overall?: readonly Question[]; readonly without?: string },
) => Claim[];

/** Answers questions about what sides have left, each time in a folder of its own. */
const testAnswers = (name: string, body: (answer: Answer) => void) =>
  test(name, () => {
    const folder = folderWith({});
    let count = 0;
    body((sides, questions = [question], { overall, without } = {}) => {
      const out = path.join(folder, String(count++));
      const results = sides.map(([method, right, about = {}]) => {
        const { task = 'GenEst', seed = 1, rows = firstRight(right) } = about;
        const metrics = 'rank' in rows[0] ? { 'HR@5': 0, 'MRR@5': 0 } : { Acc: right / 20 };
        return leave(out, sampleResult({ task, method, seed, test: metrics }), rows);
      });
      const completed = sampleCompletedRun(out, results);
      const tasks = completed.tasks.filter(({ name }) => name !== without);
      return answerClaims({ ...completed, tasks }, questions, overall);
    });
  });

testAnswers('right on all of 20 users is better than right on none', (answer) => {
  // All 20 users differ alike: p = 2 · 2 ** −20 by signs.
  assert.deepEqual(answer(sides(20, 0)), [
    {
      ...{ question, task: 'GenEst', place: 'GenEst', metric: 'Acc' },
      ...{ difference: 1, low: 1, high: 1, p: 2 ** -19, pOverall: null },
      ...{ users: 20, seeds: 1 },
      ...{ verdict: 'holds', inPool: null },
    },
  ]);
});

/** What a question comes to by the users that the sides and, if it ran, LabelCS name rightly, of 20, or of 1,000 for likeness. */
const verdicts: readonly (readonly [Question, readonly number[], Claim['verdict'], p?: number])[] = [
  [question, [0, 20], 'does not hold', 2 ** -19],
  [question, [10, 10], 'undecided', 1],
  [question, [11, 10], 'undecided'],
  [question, [12, 0], 'holds'],
  [question, [12, 0, 12], 'nothing learnt'],
  [question, [12, 0, 4], 'holds'],
  [question, [0, 12], 'does not hold'],
  [question, [0, 12, 13], 'nothing learnt'],
  [asGood, [500, 500], 'holds', 0.99 ** 1000],
  [asGood, [0, 1000], 'does not hold', 2 ** -19],
  [asGood, [510, 500], 'undecided'],
  [asGood, [600, 600, 600], 'nothing learnt'],
  [asGood, [600, 600, 200], 'holds'],
  [better(PeterRec, LabelCS), [0, 0, 20], 'does not hold'], // does not ask for learning
];
for (const [asked, right, verdict, p] of verdicts)
  testAnswers(`${asked.kind} of ${right.join(' and ')} users: ${verdict}`, (answer) => {
    const of = asked.kind === 'equivalence' ? 1000 : 20;
    const given = sides(...right).map(([method, n]): Side => [method, n, { rows: firstRight(n, of) }]);
    const [claim] = answer(given, [asked]);
    assert.equal(claim.verdict, verdict);
    if (p !== undefined) assert.equal(claim.p, p);
  });

testAnswers(
  'a claim about ranks is also decided by ranks in the whole pool, and one about classes is not',
  (answer) => {
    const rowsOf = (rank: number, inPool: number): InstanceRow[] =>
      ranked(...Array.from({ length: 20 }, () => rank)).map((row) => ({ ...row, full_rank: inPool }));
    const task = 'ColdRec-1';
    const [claim] = answer([
      [PeterRec, 0, { task, rows: rowsOf(1, 6) }],
      [FineZero, 0, { task, rows: rowsOf(9, 5) }],
    ]);
    assert.deepEqual([claim.metric, claim.difference, claim.verdict], ['HR@5', 1, 'holds']);
    assert.deepEqual(claim.inPool, { difference: -1, low: -1, high: -1, verdict: 'does not hold' });
  },
);

testAnswers('a claim that lacks learning does not make another one lack it', (answer) => {
  const onGenEst: Side[] = sides(9, 1, 2);
  const onAgeEst = [10, 0, 10].map((right, i): Side => [onGenEst[i][0], right, { task: 'AgeEst' }]);
  const [own, other] = answer([...onGenEst, ...onAgeEst]);
  assert.deepEqual([own.verdict, other.verdict], ['holds', 'nothing learnt']);
  const [open] = answer(onGenEst, [better(PeterRec, LabelCS), question]);
  assert.equal(open.verdict, 'holds');
});

testAnswers('what needs no learning is that of the same labels and seeds', (answer) => {
  const share = <M extends Method>(method: M) => ({ ...method, training: 0.1 });
  const asked = [better(share(PeterRec), share(FineZero))];
  const sides = (seed: number): Side[] => [
    [share(PeterRec), 12, { seed }],
    [share(FineZero), 0, { seed }],
  ];
  const verdict = (...more: Side[]) => answer([...sides(1), ...more], asked)[0].verdict;
  assert.equal(verdict([LabelCS, 20]), 'nothing learnt');
  assert.equal(verdict([LabelCS, 20], [share(LabelCS), 3]), 'holds');
  assert.equal(verdict([LabelCS, 20, { seed: 2 }]), 'holds');
  assert.throws(
    () => verdict([LabelCS, 20], ...sides(2)),
    /^UserError: GenEst: LabelCS.* seeds 1; expected 1, 2/,
  );
});

testAnswers('what is asked three hundred times is corrected for all of them', (answer) => {
  const asked = (right: number) => answer(sides(right, 0), Array<Question>(300).fill(question));
  assert.ok(asked(20).every(({ p, verdict }) => verdict === 'holds' && p === 300 * 2 ** -19));
  assert.ok(asked(10).every(({ verdict }) => verdict === 'undecided')); // 300 · 2 / 2 ** 10 by signs
});

testAnswers('recommendation is compared by hits among five, ColdRec-2 by reciprocal rank', (answer) => {
  const found = ['ColdRec-1', 'ColdRec-2'].flatMap((task) =>
    answer([
      [PeterRec, 0, { task, rows: ranked(1, 2, 9) }],
      [FineZero, 0, { task, rows: ranked(5, 6, 9) }],
    ]),
  );
  const [hits, ranks] = found;
  assert.deepEqual([hits.metric, ranks.metric], ['HR@5', 'MRR@5']);
  assertClose([hits.difference, ranks.difference], [2 / 3 - 1 / 3, (1 + 1 / 2 - 1 / 5) / 3], 1e-12);
});

testAnswers('a user of several seeds and instances counts as one user with all of them', (answer) => {
  const of = (method: Method, seed: number, rows: InstanceRow[]): Side => [
    ...([method, 0] as const),
    { task: 'ColdRec-1', seed, rows },
  ];
  const [claim] = answer([
    ...[of(PeterRec, 1, ranked(1, 1)), of(PeterRec, 2, [...ranked(1), ...ranked(9)])],
    ...[of(FineZero, 1, ranked(9, 9)), of(FineZero, 2, [...ranked(9), ...ranked(9)])],
  ]);
  assert.deepEqual([claim.users, claim.difference], [2, 3 / 4]);
});

testAnswers('namesakes are called by their trunks too', (answer) => {
  const trunks = [causal, nonCausal];
  const sides = trunks.flatMap((family) => [family.PeterRec, family.FineZero].map((one): Side => [one, 2]));
  const namesOf = (questions: readonly Question[]) =>
    answer(sides, questions).map(({ question: { first, second } }) => `${first.label}, ${second.label}`);
  const questions = trunks.map((family) => better(family.PeterRec, family.FineZero));
  assert.deepEqual(namesOf(questions), [
    'PeterRec on the causal trunk, FineZero on the causal trunk',
    'PeterRec on the non-causal trunk, FineZero on the non-causal trunk',
  ]);
  assert.deepEqual(namesOf(questions.slice(1)), ['PeterRec, FineZero']);
});

/** The same users under other instances. */
const anew = (method: Method, right: number, seed: number): Side => {
  const rows = firstRight(right).map((row) => ({ ...row, row: 100 * seed + Number(row.row) }));
  return [method, right, { seed, rows }];
};

testAnswers(
  'users whom all seeds test count once, those of other instances as further evidence',
  (answer) => {
    const found = (sideOf: typeof anew) => {
      const sides = [1, 2, 3, 4].flatMap((seed) => [
        sideOf(PeterRec, 14 + (seed % 2), seed),
        sideOf(FineZero, 10, seed),
      ]);
      const [{ users, seeds }] = answer(sides);
      return [users, seeds];
    };
    const alike = found((method, right, seed) => [method, right, { seed }]);
    assert.deepEqual([alike, found(anew)].flat(), [20, 4, 20, 4]);
  },
);

testAnswers('seeds that differ by more than their users explain widen the interval', (answer) => {
  const width = (...rights: readonly number[]) => {
    const sides = rights.flatMap((right, i) => [
      [PeterRec, right, { seed: i + 1 }] as const,
      [FineZero, 5, { seed: i + 1 }] as const,
    ]);
    const [{ low, high }] = answer(sides);
    return high - low;
  };
  assert.ok(width(6, 12, 18) > 2 * width(12, 12, 12));
});

testAnswers('a claim is also corrected by all that is asked of the data, if that is told', (answer) => {
  const among = (overall: readonly Question[]) => answer(sides(20, 0), [question], { overall })[0];
  assertClose([among([question, asGood]).pOverall as number], [10 * 2 ** -19], 1e-12); // two questions on five tasks
  assert.equal(among([question, asGood]).verdict, 'holds');
  const sixty = among(Array<Question>(60).fill(question));
  assertClose([sixty.pOverall as number], [300 * 2 ** -19], 1e-12);
});

const both = sides(1, 1);
const one = both.slice(0, 1);
const ofSome = (method: Method): Side => [method, 1, { rows: firstRight(1).slice(1) }];
const ofTask = (task: string) => ({ ...question, on: [task] });
const refusals: readonly (readonly [string, readonly Side[], Question, RegExp])[] = [
  ['that did not run', one, question, /^GenEst: FineZero .*; what ran: PeterRec on the causal trunk$/],
  ['that nobody knows', both, better({ ...PeterRec, id: 'X' }, FineZero), /^GenEst: X .* ran: PeterRec /],
  ['of the other trunk', both, better(nonCausal.PeterRec, FineZero), /^GenEst: .* non-causal trunk /],
  ['of another share', both, better({ ...PeterRec, training: 0.3 }, FineZero), /^GenEst: .*, training 0\.3 /],
  ['on a task that nothing ran on', both, ofTask('AgeEst'), /^AgeEst: PeterRec .*; what ran: nothing$/],
  ['on a task that nobody knows', both, ofTask('AgeEts'), /^task AgeEts: expected one of ColdRec-1, /],
  ['that lacks a seed', [...both, [PeterRec, 1, { seed: 2 }]], question, /seeds 1, 2 .* 1; expected/],
  ['of other instances', [...one, ofSome(FineZero)], question, /^GenEst: .* FineZero .* instances;/],
  ['beside other instances', [...both, ofSome(LabelCS)], question, /^GenEst: .* LabelCS .* instances;/],
  ['with a seed twice', [...both, ...both], question, /two results of PeterRec .* on GenEst for seed 1/],
];
for (const [what, sides, asked, message] of refusals)
  testAnswers(`a method ${what} is refused`, (answer) =>
    assert.throws(() => answer(sides, [asked]), { name: 'UserError', message }),
  );

testAnswers('a question is asked on the tasks that it names, as far as the data has them', (answer) => {
  const claims = answer(onBoth(1, 1), asked(['AgeEst', 'LifeEst'], [question]), { without: 'LifeEst' });
  assert.equal(claims.map(({ task }) => task).join(), 'AgeEst');
});

testAnswers('a share of both methods stands beside the task, other shares behind them', (answer) => {
  const little = <M extends Method>(method: M) => ({ ...method, training: 0.3 });
  const sides = [PeterRec, FineZero, little(PeterRec), little(FineZero)].map((method): Side => [method, 10]);
  const asked = [question, better(little(PeterRec), little(FineZero)), better(little(PeterRec), FineZero)];
  const named = answer(sides, asked).map(
    ({ place, question: { first, second } }) => `${place}: ${first.label} > ${second.label}`,
  );
  assert.deepEqual(named, [
    'GenEst: PeterRec > FineZero',
    'GenEst, 30 %: PeterRec > FineZero',
    'GenEst: PeterRec, 30 % > FineZero',
  ]);
});
