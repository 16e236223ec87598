import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../lib/documents/document';
import type { InstanceRow } from '../../lib/documents/store';
import { answerClaims, answersTo } from '../../lib/evidence/claims';
import { alike, asked, better, type Question } from '../../lib/evidence/questions';
import { causal, nonCausal } from '../../lib/methods/family';
import { called, type Method } from '../../lib/methods/identity';
import { LabelCS } from '../../lib/methods/opponents';
import type { Metrics } from '../../lib/metrics/metrics';
import { inFolder } from '../recipes/tinyTasks';
import { leave, sampleRan, sampleResult } from '../report/sampleResults';
import { assertClose } from '../tensorflow/bothWays';

const { PeterRec, FineZero, FineAll } = causal;

/** Stores a result with its rows. */
function result(out: string, task: string, method: Method, seed: number, test: Metrics, rows: InstanceRow[]) {
  return leave(out, sampleResult({ task, method, seed, test }), rows);
}

/** Twenty users whose class is predicted rightly by the first `right` of them. */
function classified(right: number): InstanceRow[] {
  return Array.from({ length: 20 }, (_, user) => ({
    row: user,
    user_id: `u${user}`,
    label: 'a',
    predicted: user < right ? 'a' : 'b',
  }));
}

/** Users u0, u1, … with the given ranks. */
const ranked = (...ranks: number[]): InstanceRow[] =>
  ranks.map((rank, user) => ({ row: user, user_id: `u${user}`, label: 'v', rank, full_rank: rank }));

const question = better(PeterRec, FineZero);
const asGood = alike(PeterRec, FineZero);
const acc = { Acc: 0 };

test('a method that is right on all of 20 users where the other is right on none is better', () =>
  inFolder((out) => {
    const results = [
      result(out, 'GenEst', PeterRec, 1, acc, classified(20)),
      result(out, 'GenEst', FineZero, 1, acc, classified(0)),
    ];
    const [claim, ...others] = answerClaims(sampleRan(out, results), [question]);
    // Each of 10000 resamples has difference 1: none is at most 0, so p = 2 · (0 + 1) / 10001.
    assert.deepEqual(claim, {
      question,
      task: 'GenEst',
      place: 'GenEst',
      metric: 'Acc',
      difference: 1,
      low: 1,
      high: 1,
      p: 2 / 10001,
      pOverall: null,
      byT: { p: Number.NaN, low: Number.NaN, high: Number.NaN },
      relative: null,
      effect: Number.POSITIVE_INFINITY,
      users: 20,
      seeds: 1,
      needed: 1,
      verdict: 'holds',
    });
    assert.deepEqual(others, []);
  }));

test('the same the other way round does not hold, and equal methods leave it undecided', () =>
  inFolder((out) => {
    const verdict = (task: string, a: number, b: number) => {
      const results = [
        result(out, task, PeterRec, 1, acc, classified(a)),
        result(out, task, FineZero, 1, acc, classified(b)),
      ];
      const [claim] = answerClaims(sampleRan(out, results), [question]);
      return [claim.verdict, claim.difference, claim.p];
    };
    assert.deepEqual(verdict('GenEst', 0, 20), ['does not hold', -1, 2 / 10001]);
    assert.deepEqual(verdict('AgeEst', 10, 10), ['undecided', 0, 1]);
  }));

/** The verdicts on the same rows with and without LabelCS, which is right on so many of the 20 users. */
function verdicts(out: string, simple: number, asked: Question, first: number, second: number) {
  const results = [
    result(out, 'GenEst', PeterRec, 1, acc, classified(first)),
    result(out, 'GenEst', FineZero, 1, acc, classified(second)),
  ];
  const beside = [...results, result(out, 'GenEst', LabelCS, 1, acc, classified(simple))];
  return [results, beside].map((all) => answerClaims(sampleRan(out, all), [asked])[0].verdict);
}

test('who beats another that has collapsed, but not what needs no learning, has learnt nothing', () =>
  inFolder((out) => {
    assert.deepEqual(verdicts(out, 12, question, 12, 0), ['holds', 'nothing learnt']);
    assert.deepEqual(verdicts(out, 13, question, 0, 12), ['does not hold', 'nothing learnt']);
    assert.deepEqual(verdicts(out, 4, question, 12, 0), ['holds', 'holds']);
  }));

test('two that are as good as each other have learnt nothing where what needs no learning is as good', () =>
  inFolder((out) => {
    assert.deepEqual(verdicts(out, 12, asGood, 12, 12), ['holds', 'nothing learnt']);
    assert.deepEqual(verdicts(out, 4, asGood, 12, 12), ['holds', 'holds']);
  }));

test('another claim that lacks learning does not make one of its own out of what is merely open', () =>
  inFolder((out) => {
    const results = [
      result(out, 'GenEst', PeterRec, 1, acc, classified(9)),
      result(out, 'GenEst', FineZero, 1, acc, classified(1)),
      result(out, 'GenEst', LabelCS, 1, acc, classified(2)),
      result(out, 'AgeEst', PeterRec, 1, acc, classified(10)),
      result(out, 'AgeEst', FineZero, 1, acc, classified(0)),
      result(out, 'AgeEst', LabelCS, 1, acc, classified(10)),
    ];
    const [own, other] = answerClaims(sampleRan(out, results), [question]);
    assert.deepEqual([own.verdict, other.verdict], ['holds', 'nothing learnt']);
    const asked = [better(PeterRec, LabelCS), question];
    const open = answerClaims(sampleRan(out, results.slice(0, 3)), asked).map(({ verdict }) => verdict);
    assert.ok(!open.slice(0, 1).includes('nothing learnt'));
  }));

test('a claim about what needs no learning does not ask for learning', () =>
  inFolder((out) => {
    const results = [
      result(out, 'GenEst', PeterRec, 1, acc, classified(0)),
      result(out, 'GenEst', LabelCS, 1, acc, classified(20)),
    ];
    const [claim] = answerClaims(sampleRan(out, results), [better(PeterRec, LabelCS)]);
    assert.equal(claim.verdict, 'does not hold');
  }));

test('what needs no learning learns from the same share of the labels where it did, and counts on the same seeds only', () =>
  inFolder((out) => {
    const share = { training: 0.1 };
    const [own, other] = [PeterRec, FineZero].map((method) => ({ ...method, ...share }));
    const results = [
      result(out, 'GenEst', own, 1, acc, classified(12)),
      result(out, 'GenEst', other, 1, acc, classified(0)),
      result(out, 'GenEst', LabelCS, 1, acc, classified(20)),
    ];
    const verdict = (all: readonly Result[]) =>
      answerClaims(sampleRan(out, all), [better(own, other)])[0].verdict;
    assert.equal(verdict(results), 'nothing learnt');
    const little = result(out, 'GenEst', { ...LabelCS, ...share }, 1, acc, classified(3));
    assert.equal(verdict([...results, little]), 'holds');
    const elsewhere = result(out, 'GenEst', LabelCS, 2, acc, classified(20));
    assert.equal(verdict([...results.slice(0, 2), elsewhere]), 'holds');
    const again = results.slice(0, 2).map(({ seed, ...one }) => ({ ...one, seed: seed + 1 }));
    assert.throws(() => verdict([...results, ...again]), {
      name: 'UserError',
      message: 'GenEst: LabelCS, which a method that has learnt must beat, has seeds 1; expected 1, 2',
    });
  }));

test('what needs no learning is compared on the same users, and where it is in doubt more users are not said to decide', () =>
  inFolder((out) => {
    const results = [
      result(out, 'GenEst', PeterRec, 1, acc, classified(20)),
      result(out, 'GenEst', FineZero, 1, acc, classified(0)),
    ];
    const beside = (rows: InstanceRow[]) =>
      answerClaims(sampleRan(out, [...results, result(out, 'GenEst', LabelCS, 1, acc, rows)]), [question])[0];
    assert.throws(() => beside(classified(20).slice(1)), {
      name: 'UserError',
      message: /^GenEst: PeterRec.* and LabelCS were tested on different instances/,
    });
    assert.deepEqual(
      [beside(classified(20)).verdict, beside(classified(20)).needed],
      ['nothing learnt', null],
    );
    assert.ok((beside(classified(2)).needed ?? 0) > 0);
  }));

test('one user of twenty more is undecided', () =>
  inFolder((out) => {
    const results = [
      result(out, 'GenEst', PeterRec, 1, acc, classified(11)),
      result(out, 'GenEst', FineZero, 1, acc, classified(10)),
    ];
    const [claim] = answerClaims(sampleRan(out, results), [question]);
    assertClose([claim.difference], [0.05], 1e-12);
    assert.equal(claim.verdict, 'undecided');
  }));

test('two questions asked together have their p doubled by Holm', () =>
  inFolder((out) => {
    const results = ['GenEst', 'AgeEst'].flatMap((task) => [
      result(out, task, PeterRec, 1, acc, classified(20)),
      result(out, task, FineZero, 1, acc, classified(0)),
    ]);
    assert.deepEqual(
      answerClaims(sampleRan(out, results), [question]).map(({ task, p }) => [task, p]),
      [
        ['GenEst', 4 / 10001],
        ['AgeEst', 4 / 10001],
      ],
    );
  }));

test('what is asked three hundred times is corrected for all of them, and decided where it is beyond doubt', () =>
  inFolder((out) => {
    const asked = (right: number) =>
      answerClaims(
        sampleRan(out, [
          result(out, 'GenEst', PeterRec, 1, acc, classified(right)),
          result(out, 'GenEst', FineZero, 1, acc, classified(0)),
        ]),
        Array.from({ length: 300 }, () => question),
      );
    assert.ok(asked(20).every(({ p, verdict }) => verdict === 'holds' && p === (300 * 2) / 18001));
    assert.ok(asked(10).every(({ verdict }) => verdict === 'undecided')); // 300 · 2 / 2 ** 10 by signs
  }));

test('recommendation is compared by hits among five, ColdRec-2 by reciprocal rank', () =>
  inFolder((out) => {
    const metrics = { 'HR@5': 0, 'MRR@5': 0 };
    const difference = (task: string) => {
      const results = [
        result(out, task, PeterRec, 1, metrics, ranked(1, 2, 9)),
        result(out, task, FineZero, 1, metrics, ranked(5, 6, 9)),
      ];
      const [claim] = answerClaims(sampleRan(out, results), [question]);
      return [claim.metric, claim.difference] as const;
    };
    const [metric, hits] = difference('ColdRec-1');
    assert.equal(metric, 'HR@5');
    assertClose([hits], [2 / 3 - 1 / 3], 1e-12);
    const [other, reciprocal] = difference('ColdRec-2');
    assert.equal(other, 'MRR@5');
    assertClose([reciprocal], [(1 + 1 / 2 - 1 / 5) / 3], 1e-12);
  }));

test('a user of several seeds and instances counts as one user with all of them', () =>
  inFolder((out) => {
    const metrics = { 'HR@5': 0 };
    const both = (method: Method, first: InstanceRow[], second: InstanceRow[]) => [
      result(out, 'ColdRec-1', method, 1, metrics, first),
      result(out, 'ColdRec-1', method, 2, metrics, second),
    ];
    const results = [
      ...both(PeterRec, ranked(1, 1), [...ranked(1), ...ranked(9)]),
      ...both(FineZero, ranked(9, 9), [...ranked(9), ...ranked(9)]),
    ];
    const [claim] = answerClaims(sampleRan(out, results), [question]);
    assert.equal(claim.users, 2);
    assert.equal(claim.difference, 3 / 4);
  }));

const ran = (out: string, method: Method, right: number, seed = 1) =>
  result(out, 'GenEst', method, seed, { Acc: right / 20 }, classified(right));

test('a method that predicts the same as another is as good as it', () =>
  inFolder((out) => {
    const results = [ran(out, PeterRec, 10), ran(out, FineZero, 10)];
    const [{ verdict, p, difference }] = answerClaims(sampleRan(out, results), [asGood]);
    assert.deepEqual({ verdict, p, difference }, { verdict: 'holds', p: 1 / 10001, difference: 0 });
  }));

test('a method that is right on all of 20 users is not as good as one that is right on none', () =>
  inFolder((out) => {
    const results = [ran(out, PeterRec, 0), ran(out, FineZero, 20)];
    const [{ verdict, p }] = answerClaims(sampleRan(out, results), [asGood]);
    assert.deepEqual({ verdict, p }, { verdict: 'does not hold', p: 2 / 10001 });
  }));

test('one user of twenty leaves equivalence undecided', () =>
  inFolder((out) => {
    const results = [ran(out, PeterRec, 11), ran(out, FineZero, 10)];
    const [{ verdict }] = answerClaims(sampleRan(out, results), [asGood]);
    assert.equal(verdict, 'undecided');
  }));

/** The same users under other instances: each seed splits anew. */
test('methods that are called alike are called by their trunks too, and by nothing else', () =>
  inFolder((out) => {
    const trunks = [causal, nonCausal];
    const methods = trunks.flatMap((family) => [family.PeterRec, family.FineZero]);
    const results = methods.map((method) => ran(out, method, 2));
    const labelsOf = (questions: readonly Question[]) =>
      answerClaims(sampleRan(out, results), questions).map(({ question: { first, second } }) => [
        first.label,
        second.label,
      ]);
    const questions = trunks.map((family) => better(family.PeterRec, family.FineZero));
    assert.deepEqual(labelsOf(questions), [
      ['PeterRec on the causal trunk', 'FineZero on the causal trunk'],
      ['PeterRec on the non-causal trunk', 'FineZero on the non-causal trunk'],
    ]);
    assert.deepEqual(labelsOf(questions.slice(1)), [['PeterRec', 'FineZero']]);
  }));

const splitAnew = (seed: number, rows: readonly InstanceRow[]) =>
  rows.map(({ row, ...rest }) => ({ ...rest, row: 100 * seed + Number(row) }));
const ranAnew = (out: string, method: Method, right: number, seed: number) =>
  result(out, 'GenEst', method, seed, { Acc: right / 20 }, splitAnew(seed, classified(right)));

test('the t-test over seeds allows for their overlapping splits', () =>
  inFolder((out) => {
    const results = [1, 2, 3].flatMap((seed) => [
      ranAnew(out, PeterRec, 10 + 2 * seed, seed),
      ranAnew(out, FineZero, 10, seed),
    ]);
    const [claim] = answerClaims(sampleRan(out, results), [question]);
    // 40 instances, 11 of them to test on. SciPy 1.17.1:
    // scale = np.sqrt(1/3 + 11/29) * np.std([0.1, 0.2, 0.3], ddof=1); stats.t.interval(0.95, 2, loc=0.2, scale=scale)
    assertClose([claim.byT.low, claim.byT.high], [-0.1632223080206066, 0.5632223080206067], 1e-9);
    // 2 * stats.t.sf(0.2 / scale, 2)
    assertClose([claim.byT.p], [0.1413451592209939], 1e-8);
    assert.deepEqual([claim.seeds, claim.users], [3, 20]);
  }));

test('where all seeds test the same instances users are drawn once for all of them, and there is no such t-test', () =>
  inFolder((out) => {
    const both = (seed: number, rowsOf: typeof ran) => [
      rowsOf(out, PeterRec, 14 + (seed % 2), seed),
      rowsOf(out, FineZero, 10, seed),
    ];
    const widthOf = (rowsOf: typeof ran) => {
      const results = [1, 2, 3, 4].flatMap((seed) => both(seed, rowsOf));
      const [{ low, high, byT }] = answerClaims(sampleRan(out, results), [question]);
      return { width: high - low, t: byT.p };
    };
    const same = widthOf(ran);
    const anew = widthOf((...of) => ranAnew(...(of as Parameters<typeof ranAnew>)));
    assert.ok(same.width > 1.6 * anew.width, `${same.width} ${anew.width}`);
    assert.deepEqual([Number.isNaN(same.t), Number.isNaN(anew.t)], [true, false]);
  }));

test('a claim is also corrected by all that is asked of the data, if that is told', () =>
  inFolder((out) => {
    const results = [ran(out, PeterRec, 20), ran(out, FineZero, 0)];
    const [claim] = answerClaims(sampleRan(out, results), [question], [question, asGood]);
    assertClose([claim.pOverall as number], [(10 * 2) / 10001], 1e-12); // two questions on five tasks
    assert.equal(claim.verdict, 'holds');
    const [among] = answerClaims(sampleRan(out, results), [question], Array<Question>(60).fill(question));
    assertClose([among.pOverall as number], [(300 * 2) / 18001], 1e-12); // sixty resamples a claim
  }));

test('likeness has a margin of its own where FineAll gains over FineCLS on the same trunk, and none elsewhere', () =>
  inFolder((out) => {
    const { FineCLS } = causal;
    const found = (classifier: number, second: number) => {
      const results = [
        ran(out, PeterRec, 20),
        ran(out, FineZero, second),
        ran(out, FineAll, 20),
        ran(out, FineCLS, classifier),
      ];
      return answerClaims(sampleRan(out, results), [asGood])[0].relative;
    };
    assert.deepEqual(found(0, 20), { margin: 0.25, verdict: 'holds' });
    assert.deepEqual(found(0, 0), { margin: 0.25, verdict: 'does not hold' });
    assert.equal(found(20, 20), null);
    const [other] = answerClaims(sampleRan(out, [ran(out, PeterRec, 20), ran(out, FineZero, 20)]), [asGood]);
    assert.equal(other.relative, null);
  }));

test('the effect and the users that would decide are those of the users’ differences', () =>
  inFolder((out) => {
    const results = [ran(out, PeterRec, 11), ran(out, FineZero, 10)];
    const [{ effect, needed }] = answerClaims(sampleRan(out, results), [question]);
    // d = [1] + [0]*19: d.mean() / d.std(ddof=1) = sqrt(1/20)
    assertClose([effect], [Math.sqrt(1 / 20)], 1e-12);
    // 20 · ((1.95996 + 0.84162) · sqrt(0.05 · 0.95 / 20) / 0.05)² = 149.1, with the noise of resampling
    assert.ok(needed !== null && Math.abs(needed - 149) < 8, `${needed}`);
  }));

test('what so few users leave open that their signs cannot show it asks for no fewer than were tested', () =>
  inFolder((out) => {
    const few = (right: number) => classified(right).slice(0, 12);
    const tasks = ['ColdRec-1', 'ColdRec-2', 'GenEst', 'AgeEst', 'LifeEst'];
    const results = tasks.flatMap((task) => [
      result(out, task, PeterRec, 1, acc, few(7)),
      result(out, task, FineZero, 1, acc, few(0)),
    ]);
    const claims = answerClaims(sampleRan(out, results), [question, better(FineZero, PeterRec)]);
    // Seven signs of one kind: p = 2 · 2⁻⁷ = 0.016, ten times as much among ten claims.
    assert.deepEqual(
      claims.map(({ verdict, needed }) => [verdict, needed]),
      claims.map(() => ['undecided', null]),
    );
    assert.equal(claims.length, 10);
  }));

const refusals: readonly (readonly [string, (out: string) => Result[], Question, RegExp])[] = [
  [
    'a method that did not run on a task that another ran on',
    (out) => [ran(out, PeterRec, 1)],
    question,
    /^GenEst: FineZero on the causal trunk did not run there, so nothing can be asked of it; what ran: PeterRec on the causal trunk$/,
  ],
  [
    'an experiment whose id did not run',
    (out) => [ran(out, PeterRec, 1), ran(out, FineZero, 1)],
    better({ ...PeterRec, id: 'PeterRek' }, FineZero),
    /^GenEst: PeterRek on the causal trunk did not run .*; what ran: PeterRec on the causal trunk; FineZero on the causal trunk$/,
  ],
  [
    'one that ran on the other trunk alone',
    (out) => [ran(out, PeterRec, 1), ran(out, FineZero, 1)],
    better(nonCausal.PeterRec, FineZero),
    /^GenEst: PeterRec on the non-causal trunk did not run /,
  ],
  [
    'one that ran with all training instances alone',
    (out) => [ran(out, PeterRec, 1), ran(out, FineZero, 1)],
    better({ ...PeterRec, training: 0.3 }, FineZero),
    /^GenEst: PeterRec on the causal trunk, training 0\.3 did not run /,
  ],
  [
    'a task that nothing ran on',
    (out) => [ran(out, PeterRec, 1), ran(out, FineZero, 1)],
    { ...question, on: ['AgeEst'] },
    /^AgeEst: PeterRec on the causal trunk did not run .*; what ran: nothing$/,
  ],
  [
    'a task that nobody knows',
    (out) => [ran(out, PeterRec, 1), ran(out, FineZero, 1)],
    { ...question, on: ['AgeEts'] },
    /^task AgeEts: expected one of ColdRec-1, /,
  ],
  [
    'a seed that one side lacks',
    (out) => [ran(out, PeterRec, 1, 1), ran(out, PeterRec, 1, 2), ran(out, FineZero, 1, 2)],
    question,
    /PeterRec on the causal trunk has seeds 1, 2 and FineZero on the causal trunk 2; expected the same seeds of both$/,
  ],
  [
    'other test instances',
    (out) => [ran(out, PeterRec, 1), result(out, 'GenEst', FineZero, 1, acc, classified(1).slice(1))],
    question,
    /^GenEst: PeterRec on the causal trunk and FineZero on the causal trunk were tested on different instances;/,
  ],
];

for (const [what, results, question, message] of refusals) {
  test(`${what} is refused`, () =>
    inFolder((out) => {
      const found = sampleRan(out, results(out));
      assert.throws(() => answerClaims(found, [question]), { name: 'UserError', message });
    }));
}

test('a seed that occurs twice is refused', () =>
  inFolder((out) => {
    const results = [PeterRec, PeterRec, FineZero, FineZero].map((method) => ran(out, method, 1));
    assert.throws(
      () => answerClaims(sampleRan(out, results), [question]),
      /two results of PeterRec on the causal trunk on GenEst for seed 1: expected one$/,
    );
  }));

test('a question is asked on the tasks that it names, as far as the data has them', () =>
  inFolder((out) => {
    const results = ['GenEst', 'AgeEst'].flatMap((task) => [
      result(out, task, PeterRec, 1, acc, classified(20)),
      result(out, task, FineZero, 1, acc, classified(0)),
    ]);
    const all = sampleRan(out, results);
    const tasks = all.tasks.filter(({ name }) => name !== 'LifeEst');
    const claims = answerClaims({ ...all, tasks }, asked(['AgeEst', 'LifeEst'], [question]));
    assert.deepEqual(
      claims.map(({ task }) => task),
      ['AgeEst'],
    );
  }));

test('a question is about experiments, whatever it calls them', () =>
  inFolder((out) => {
    const found = sampleRan(out, [ran(out, PeterRec, 20), ran(out, FineZero, 0)]);
    const renamed = better(called(PeterRec, 'ours'), called(FineZero, 'theirs'));
    const [{ difference, question }] = answerClaims(found, [renamed]);
    assert.deepEqual([difference, question.first.label, question.second.label], [1, 'ours', 'theirs']);
  }));

test('the place of a claim is its task, with the share that both methods learn from; other shares stand behind methods', () =>
  inFolder((out) => {
    const little = <M extends Method>(method: M) => ({ ...method, training: 0.3 });
    const methods = [PeterRec, FineZero, little(PeterRec), little(FineZero)];
    const found = sampleRan(
      out,
      methods.map((method) => ran(out, method, 10)),
    );
    const claims = answerClaims(found, [
      question,
      better(little(PeterRec), little(FineZero)),
      better(little(PeterRec), FineZero),
    ]);
    assert.deepEqual(
      claims.map(({ place, question: { first, second } }) => [place, first.label, second.label]),
      [
        ['GenEst', 'PeterRec', 'FineZero'],
        ['GenEst, 30 %', 'PeterRec', 'FineZero'],
        ['GenEst', 'PeterRec, 30 %', 'FineZero'],
      ],
    );
  }));

test('claims are found by the questions that they answer', () =>
  inFolder((out) => {
    const found = sampleRan(
      out,
      [PeterRec, FineZero, FineAll].map((method) => ran(out, method, 10)),
    );
    const other = better(FineAll, FineZero);
    const claims = answerClaims(found, [question, other]);
    assert.deepEqual(answersTo([other], claims), [claims[1]]);
    assert.deepEqual(answersTo([], claims), []);
  }));
