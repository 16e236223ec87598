import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random, uniform } from '../../lib/base/random';

/** Two-sided limit of a mean of n numbers of deviation sd at five standard errors. */
const limit = (sd: number, n: number) => (5 * sd) / Math.sqrt(n);

const STREAMS = 4000;
const DRAWS = 4;
const firsts = Array.from({ length: STREAMS }, (_, i) => {
  const stream = random(1, `user ${i}`);
  return Array.from({ length: DRAWS }, () => uniform(stream) - 0.5);
});
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('the first numbers of streams with like names are uniform', () => {
  for (let draw = 0; draw < DRAWS; draw++) {
    const values = firsts.map((row) => row[draw]);
    assert.ok(Math.abs(mean(values)) < limit(Math.sqrt(1 / 12), STREAMS), `mean ${mean(values)}`);
    const squares = values.map((value) => value * value - 1 / 12);
    assert.ok(Math.abs(mean(squares)) < limit(Math.sqrt(1 / 180), STREAMS), `variance ${mean(squares)}`);
  }
});

test('neighbouring streams, and neighbouring draws of a stream, have nothing to do with each other', () => {
  const pairs: [string, readonly number[]][] = [
    ['streams', firsts.slice(1).map((row, i) => row[0] * firsts[i][0])],
    ['draws', firsts.map((row) => row[0] * row[1])],
    ['draws across streams', firsts.slice(1).map((row, i) => row[0] * firsts[i][1])],
  ];
  for (const [name, products] of pairs)
    assert.ok(Math.abs(mean(products)) < limit(1 / 12, products.length), `${name}: ${mean(products)}`);
});

test('the same seed and names give the same stream', () => {
  const draw = (seed: number, name: string) => uniform(random(seed, name));
  assert.equal(draw(1, 'a'), draw(1, 'a'));
  assert.notEqual(draw(1, 'a'), draw(2, 'a'));
  assert.notEqual(draw(1, 'a'), draw(1, 'b'));
});
