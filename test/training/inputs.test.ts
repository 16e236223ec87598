import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random, uniform } from '../../lib/base/random';
import { int32 } from '../../lib/engine/graph/signature';
import { drawn, dropout, type Input, looksOf, streamsOf } from '../../lib/training/inputs';

/** A number and the next, and their sum. */
const first: Input<number> = { looks: { a: int32(2) }, draw: (n) => ({ a: Int32Array.of(n, n + 1) }) };
const second: Input<number> = {
  looks: { b: int32(1) },
  draw: (_, { a }) => ({ b: Int32Array.of(a[0] + a[1]) }),
};

test('inputs are drawn in their order, each from what those before it have drawn', () => {
  assert.deepEqual(looksOf([first, second]), { a: int32(2), b: int32(1) });
  assert.deepEqual(drawn([first, second], 3, streamsOf(1, 'test')), {
    a: Int32Array.of(3, 4),
    b: Int32Array.of(7),
  });
});

test('a purpose has one stream in a run, that of its seed, purpose and name', () => {
  const streams = streamsOf(3, 'Films');
  const [one, two] = [uniform(streams('masks')), uniform(streams('masks'))];
  const alone = random(3, 'masks', 'Films');
  assert.deepEqual([one, two], [uniform(alone), uniform(alone)]);
  assert.notEqual(uniform(streams('dropout')), one);
});

test('masks of one batch go on where those before them have stopped; what drops nothing has none', () => {
  const inputs = [...dropout('x', [2, 3], 0.5), ...dropout('y', [4], 0.5)];
  const together = [...dropout('both', [10], 0.5)];
  const { x, y } = drawn(inputs, undefined, streamsOf(1, 'test'));
  const { both } = drawn(together, undefined, streamsOf(1, 'test'));
  assert.deepEqual([...x, ...y], [...both]);
  for (const none of [dropout('mask', [2, 3], 0), dropout('mask', [2, 0], 0.5)]) assert.deepEqual(none, []);
});
