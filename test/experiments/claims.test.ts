import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerClaims, type Question } from '../../lib/experiments/claims';
import { pretrainingGains } from '../../lib/experiments/pretrainingGains';
import type { Metrics } from '../../lib/experiments/result';
import { type InstanceRow, store } from '../../lib/experiments/store';
import { sampleResult } from '../report/sampleResults';
import { assertClose } from '../tensorflow/bothWays';
import { inFolder } from './tinyTasks';

/** Stores a result with its rows. */
function result(out: string, task: string, method: string, seed: number, test: Metrics, rows: InstanceRow[]) {
  return store(
    out,
    { task, experiment: method, hash: 'made-up', seed },
    sampleResult({ task, method, seed, test }),
    rows,
  );
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

const question: Question = { kind: 'superiority', first: 'PeterRec', second: 'FineZero' };
const acc = { Acc: 0 };

test('a method that is right on all of 20 users where the other is right on none is better', () =>
  inFolder((out) => {
    const results = [
      result(out, 'GenEst', 'PeterRec', 1, acc, classified(20)),
      result(out, 'GenEst', 'FineZero', 1, acc, classified(0)),
    ];
    const [claim, ...others] = answerClaims(out, results, [question]);
    // Each of 10000 resamples has difference 1: none is at most 0, so p = 2 · (0 + 1) / 10001.
    assert.deepEqual(claim, {
      task: 'GenEst',
      metric: 'Acc',
      ...question,
      difference: 1,
      low: 1,
      high: 1,
      seedLow: Number.NaN,
      seedHigh: Number.NaN,
      p: 2 / 10001,
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
        result(out, task, 'PeterRec', 1, acc, classified(a)),
        result(out, task, 'FineZero', 1, acc, classified(b)),
      ];
      const [claim] = answerClaims(out, results, [question]);
      return [claim.verdict, claim.difference, claim.p];
    };
    assert.deepEqual(verdict('GenEst', 0, 20), ['does not hold', -1, 2 / 10001]);
    assert.deepEqual(verdict('AgeEst', 10, 10), ['undecided', 0, 1]);
  }));

test('one user of twenty more is undecided', () =>
  inFolder((out) => {
    const results = [
      result(out, 'GenEst', 'PeterRec', 1, acc, classified(11)),
      result(out, 'GenEst', 'FineZero', 1, acc, classified(10)),
    ];
    const [claim] = answerClaims(out, results, [question]);
    assertClose([claim.difference], [0.05], 1e-12);
    assert.equal(claim.verdict, 'undecided');
  }));

test('two questions asked together have their p doubled by Holm', () =>
  inFolder((out) => {
    const results = ['GenEst', 'AgeEst'].flatMap((task) => [
      result(out, task, 'PeterRec', 1, acc, classified(20)),
      result(out, task, 'FineZero', 1, acc, classified(0)),
    ]);
    assert.deepEqual(
      answerClaims(out, results, [question]).map(({ task, p }) => [task, p]),
      [
        ['GenEst', 4 / 10001],
        ['AgeEst', 4 / 10001],
      ],
    );
  }));

test('what is asked three hundred times is undecided: 300 · 2 / 10001 is above 0.05', () =>
  inFolder((out) => {
    const results = [
      result(out, 'GenEst', 'PeterRec', 1, acc, classified(20)),
      result(out, 'GenEst', 'FineZero', 1, acc, classified(0)),
    ];
    const claims = answerClaims(
      out,
      results,
      Array.from({ length: 300 }, () => question),
    );
    assert.ok(claims.every(({ verdict }) => verdict === 'undecided'));
  }));

test('recommendation is compared by hits among five, ColdRec-2 by reciprocal rank', () =>
  inFolder((out) => {
    const metrics = { 'HR@5': 0, 'MRR@5': 0 };
    const difference = (task: string) => {
      const results = [
        result(out, task, 'PeterRec', 1, metrics, ranked(1, 2, 9)),
        result(out, task, 'FineZero', 1, metrics, ranked(5, 6, 9)),
      ];
      const [claim] = answerClaims(out, results, [question]);
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
    const both = (method: string, first: InstanceRow[], second: InstanceRow[]) => [
      result(out, 'ColdRec-1', method, 1, metrics, first),
      result(out, 'ColdRec-1', method, 2, metrics, second),
    ];
    const results = [
      ...both('PeterRec', ranked(1, 1), [...ranked(1), ...ranked(9)]),
      ...both('FineZero', ranked(9, 9), [...ranked(9), ...ranked(9)]),
    ];
    const [claim] = answerClaims(out, results, [question]);
    assert.equal(claim.users, 2);
    assert.equal(claim.difference, 3 / 4);
  }));

test('a task on which a method did not run is left out', () =>
  inFolder((out) => {
    const results = [result(out, 'GenEst', 'PeterRec', 1, acc, classified(20))];
    assert.deepEqual(answerClaims(out, results, [question]), []);
  }));

test('the gain of pre-training is the ratio of two MRR@5 over the held-out users', () =>
  inFolder((out) => {
    const rows = Array.from({ length: 10 }, (_, user) => ({
      row: user,
      user_id: `u${user}`,
      rank: user < 5 ? 1 : 2,
      popularity_rank: user < 5 ? 2 : 4,
    }));
    const [gain] = pretrainingGains(out, [result(out, 'Films', 'pre-training', 1, {}, rows)]);
    // Each user's reciprocal rank is twice that of popularity, so every resample gives 2.
    assertClose([gain.trunk, gain.popularity], [0.75, 0.375], 1e-12);
    assertClose([gain.ratio, gain.low, gain.high], [2, 2, 2], 1e-12);
    assert.deepEqual([gain.source, gain.direction, gain.users], ['Films', 'causal', 10]);
  }));
