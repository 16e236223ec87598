import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleStandardDeviation } from 'simple-statistics';
import { random } from '../../lib/base/random';
import { errorOf, leastDecided, powerOf, SPREADS } from '../../lib/evidence/power';
import { better, type Question } from '../../lib/evidence/questions';
import { causal } from '../../lib/experiments/methods/family';
import { nestedBootstrap } from '../../lib/metrics/bootstrap';
import { news, parity } from '../experiments/recipes/tinyTasks';
import { near as close, noise, perUser } from '../metrics/paired';

const { PeterRec, FineAll, FineZero } = causal;
const FIVE = [1, 2, 3, 4, 5];
const lines = (seeds: readonly number[], ...together: Question[]) =>
  powerOf([{ question: 'RQ1', together }], [news, parity], seeds);

test('the least difference is told for each task with its test users; more seeds decide smaller ones', () => {
  const leastOf = (seeds: readonly number[]) => {
    const [line, ...others] = lines(seeds, better(PeterRec, FineZero), better(FineAll, FineZero));
    const found =
      /^ {2}RQ1: 4 claims, (1 seed|5 seeds); .* (0\.\d{3}) HR@5 on News \(\d+ users .*, 0\.\d{3} Acc on Parity \(\d+ users /;
    assert.deepEqual(others, []);
    return Number(found.exec(line)?.[2]);
  };
  assert.ok(leastOf(FIVE) < leastOf([1]));
});

test('one seed errs by its users alone, several by both', () => {
  const errorIn = (design: { readonly seeds: number; readonly crossed?: boolean }) =>
    errorOf({ users: 0.4, seeds: 0.02 }, { users: 100, ...design });
  close(errorIn({ seeds: 1 }), 0.4 / 10, 1e-12);
  // (0.02 ** 2 + 0.4 ** 2 / 100 + (5 / 4) * 0.4 ** 2 / 100) / 5 = 0.0008
  close(errorIn({ seeds: 5 }) ** 2, 0.0008, 1e-12);
  // 0.02 ** 2 / 5 + 0.4 ** 2 / 100 = 0.00168
  close(errorIn({ seeds: 5, crossed: true }) ** 2, 0.00168, 1e-12);
});

test('it is the error that the bootstrap finds', () => {
  const stream = random(1, 'power');
  const spread = { users: 0.4, seeds: 0.05 };
  const error = () => {
    const seeds = Array.from({ length: 5 }, () => {
      const own = noise(spread.seeds, stream);
      return perUser(Array.from({ length: 100 }, () => own + noise(spread.users, stream)));
    });
    const sides = [{ weight: 1, seeds }];
    return sampleStandardDeviation([...nestedBootstrap(sides, { crossed: false, seed: 0 }, 300).draws]) ** 2;
  };
  const mean = Array.from({ length: 60 }, error).reduce((sum, variance) => sum + variance / 60, 0);
  close(Math.sqrt(mean) / errorOf(spread, { users: 100, seeds: 5 }), 1, 0.06);
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
