import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce, type Parts, paced } from '../lib/parts';

/** Counts to `to`, a part each; what it had changed is put back. */
function* count(to: number, seen: string[]): Parts<number> {
  try {
    for (let i = 1; i <= to; i++) {
      seen.push(`${i}`);
      yield;
    }
    return to;
  } finally {
    seen.push('put back');
  }
}

test('all parts at once, or with a breath between them, have the same result', async () => {
  assert.equal(atOnce(count(3, [])), 3);
  const seen: string[] = [];
  setImmediate(() => seen.push('another'));
  assert.equal(await paced(count(3, seen), undefined), 3);
  assert.deepEqual(seen, ['1', 'another', '2', '3', 'put back']);
});

test('a stop is thrown after the part under way, and what the work had changed is put back', async () => {
  const [seen, controller]: [string[], AbortController] = [[], new AbortController()];
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(paced(count(3, seen), controller.signal), /enough/);
  assert.deepEqual(seen, ['1', 'put back']);
});
