import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tiledNormal } from '../../lib/bench/tiledNormal';
import { random } from '../../lib/random';

test('a long table repeats its first 4,096 rows to the last cut-off value', () => {
  const { shape, values } = tiledNormal(10_000, 3, random(1, 'table'));
  assert.deepEqual([shape, values.length], [[10_000, 3], 30_000]);
  for (const i of [0, 7, 12_287]) assert.equal(values[i + 12_288], values[i]);
  assert.equal(values[29_999], values[29_999 - 2 * 12_288]);
  assert.ok(values.every((value) => value !== 0));
});
