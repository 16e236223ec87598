import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossing, crossingOf } from '../../lib/evidence/crossings';
import { rowReader } from '../../lib/evidence/instances';
import { meanOf } from '../../lib/evidence/means';
import { folderWith } from '../data/folders';
import { classified, leave, sampleCompletedRun, sampleResult } from '../report/sampleResults';

test('a crossing lies where a line over the logarithm of users passes 0 for the last time', () => {
  assert.equal(crossingOf([100, 1000], [-1, 1]), Math.sqrt(100 * 1000));
  assert.equal(crossingOf([10, 100, 1000], [1, -3, 1]), 100 * 10 ** (3 / 4));
  assert.equal(crossingOf([10, 100], [1, 2]), 0);
  assert.equal(crossingOf([10, 100], [1, 0]), Number.POSITIVE_INFINITY);
});

/** A document whose users are right or wrong, seed 1. */
function left(
  out: string,
  id: string,
  pretraining: number,
  isRight: (user: number) => boolean,
  trunk: 'causal' | 'none' = 'causal',
) {
  const method = { id, label: id, trunk, pretraining } as const;
  const rows = classified(40, isRight);
  const Acc = rows.filter(({ predicted }) => predicted === 'a').length / 40;
  return {
    method,
    result: leave(out, sampleResult({ task: 'AgeEst', method, seed: 1, test: { Acc } }), rows),
  };
}

test('a method that is behind by a fifth and then ahead by a fifth passes the other half-way, within its interval', () => {
  const out = folderWith({});
  const other = left(out, 'FineZero', 1, (user) => user % 2 === 0);
  const few = left(out, 'PeterRec', 0.1, (user) => user % 10 < 3);
  const all = left(out, 'PeterRec', 1, (user) => user % 10 < 7);
  const completed = sampleCompletedRun(out, [other.result, few.result, all.result]);
  const pairs = [
    { users: 100, first: few.method, second: other.method },
    { users: 1000, first: all.method, second: other.method },
  ];
  const rowsOf = rowReader(out);
  const { users, low, high } = crossing(completed, 'AgeEst', pairs, rowsOf);
  assert.ok(Math.abs(users - Math.sqrt(100 * 1000)) < 1e-9);
  assert.ok(low < users && users < high);
  // Ahead at the end is what is right for 28 of 40 users: a label for 12 is beaten, one for 27 is not shown to be.
  for (const [right, isLearnt] of [
    [12, true],
    [27, false],
  ] as const) {
    const simple = left(out, 'LabelCS', 1, (user) => user < right, 'none');
    const beside = { ...completed, results: [...completed.results, simple.result] };
    assert.equal(crossing(beside, 'AgeEst', pairs, rowReader(out)).isLearnt, isLearnt);
  }
  const { mean, low: least, high: most } = meanOf(completed, 'AgeEst', all.method, rowsOf);
  assert.equal(mean, 0.7);
  // The binomial interval of 28 of 40 is .56 to .84.
  assert.ok(Math.abs(least - 0.56) < 0.04 && Math.abs(most - 0.84) < 0.04, `${least} ${most}`);
});
