import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce, type Parts, paced } from '../../lib/training/parts';

/** Counts to 3, a part each. */
function* count(seen: string[]): Parts<number> {
  for (const part of ['1', '2', '3']) {
    seen.push(part);
    yield;
  }
  return 3;
}

test('all parts at once, or with a breath between them, have the same result', async () => {
  assert.equal(atOnce(count([])), 3);
  const seen: string[] = [];
  setImmediate(() => seen.push('another'));
  assert.equal(await paced(count(seen), undefined), 3);
  assert.deepEqual(seen, ['1', 'another', '2', '3']);
});

test('a stop is thrown after the part under way', async () => {
  const [seen, controller]: [string[], AbortController] = [[], new AbortController()];
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(paced(count(seen), controller.signal), /enough/);
  assert.deepEqual(seen, ['1']);
});
