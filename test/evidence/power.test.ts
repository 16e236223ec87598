import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import { errorOf, leastDecided, powerOf, SPREADS } from '../../lib/evidence/power';
import { better, type Question } from '../../lib/evidence/questions';
import { causal } from '../../lib/experiments/methods/family';
import { variationOf } from '../../lib/metrics/significance';
import { news, parity } from '../experiments/recipes/tinyTasks';
import { near as close, noise } from '../metrics/paired';

const { PeterRec, FineAll, FineZero } = causal;
const FIVE = [1, 2, 3, 4, 5];
const lines = (seeds: readonly number[], ...together: Question[]) =>
  powerOf([{ question: 'RQ1', together }], [news, parity], seeds);

test('the least difference is told for each task with its test users; more seeds decide smaller ones', () => {
  const leastOf = (seeds: readonly number[]) => {
    const [line, ...others] = lines(seeds, better(PeterRec, FineZero), better(FineAll, FineZero));
    const found =
      /^ {2}RQ1: 4 claims, (1 seed|5 seeds); .* (0\.\d{3}) HR@5 on News \(\d+ test users.*, 0\.\d{3} Acc on Parity \(\d+ test users/;
    assert.deepEqual(others, []);
    return Number(found.exec(line)?.[2]);
  };
  assert.ok(leastOf(FIVE) < leastOf([1]));
});

test('one seed errs by its users alone, several by both', () => {
  const errorIn = (seeds: number) => errorOf({ users: 0.4, seeds: 0.02 }, { users: 100, seeds });
  close(errorIn(1), 0.4 / 10, 1e-12);
  // 0.02 ** 2 / 5 + 0.4 ** 2 / 100 = 0.00168
  close(errorIn(5) ** 2, 0.00168, 1e-12);
});

test('it is the error that is estimated', () => {
  const stream = random(1, 'power');
  const spread = { users: 0.4, seeds: 0.05 };
  const variance = () => {
    const seeds = Array.from({ length: 5 }, (_, seed) => {
      const own = noise(spread.seeds, stream);
      return new Map(
        Array.from({ length: 100 }, (_, user) => [`${seed} ${user}`, [own + noise(spread.users, stream)]]),
      );
    });
    const { users, between, explained, share } = variationOf(seeds);
    return users + share * (between - explained);
  };
  const mean = Array.from({ length: 200 }, variance).reduce((sum, one) => sum + one / 200, 0);
  close(Math.sqrt(mean) / errorOf(spread, { users: 500, seeds: 5 }), 1, 0.06);
});

test('the least difference is 2.80 errors for one claim, 3.93 for 25', () => {
  const design = { metric: 'Acc', users: 100, seeds: 5 };
  const error = errorOf(SPREADS.Acc, design);
  // scipy.stats.norm.ppf: ppf(0.975) + ppf(0.8) = 1.959964 + 0.841621; ppf(0.999) + ppf(0.8) = 3.090232 + 0.841621
  close(leastDecided({ ...design, claims: 1 }), 2.801585 * error, 1e-7);
  close(leastDecided({ ...design, claims: 25 }), 3.931853 * error, 1e-7);
});

test('nothing is said of a metric of unknown spread', () => {
  assert.equal(leastDecided({ metric: 'NDCG@5', users: 10, seeds: 5, claims: 1 }), undefined);
});
