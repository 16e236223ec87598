import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastDecided, usersForLikeness } from '../../lib/metrics/power';

test('one claim on 100 users of deviation 0.39 is decided from 0.109 on', () => {
  // scipy.stats.norm.ppf: (ppf(0.975) + ppf(0.8)) * 0.39 / 10 = (1.959964 + 0.841621) * 0.039
  const least = leastDecided({ metric: 'Acc', users: 100, claims: 1 }) ?? Number.NaN;
  assert.ok(Math.abs(least - 0.1092618) < 1e-6, `${least}`);
});

test('25 claims together need larger differences, four times the users half of them', () => {
  const design = { metric: 'HR@5', users: 400, claims: 25 };
  const least = leastDecided(design) ?? Number.NaN;
  // (ppf(0.999) + ppf(0.8)) * 0.19 / 20 = (3.090232 + 0.841621) * 0.0095
  assert.ok(Math.abs(least - 0.0373526) < 1e-6, `${least}`);
  assert.ok(Math.abs((leastDecided({ ...design, users: 1600 }) ?? 0) - least / 2) < 1e-12);
});

test('likeness within 0.01 of one accuracy takes 13,026 users', () => {
  // ((ppf(0.95) + ppf(0.9)) * 0.39 / 0.01)^2 = ((1.644854 + 1.281552) * 39)^2
  assert.equal(usersForLikeness({ metric: 'Acc', claims: 1 }), 13_026);
});

test('nothing is said of a metric whose deviation is not known', () => {
  assert.equal(leastDecided({ metric: 'NDCG@5', users: 10, claims: 1 }), undefined);
  assert.equal(usersForLikeness({ metric: 'NDCG@5', claims: 1 }), undefined);
});
