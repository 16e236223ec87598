import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyQuarters } from '../../../lib/data/tasks/history';
import { news } from '../../experiments/recipes/tinyTasks';

test('a quarter of the users of a task has the shortest histories, a quarter the longest', () => {
  const sequences = [4, 1, 7, 2, 8, 3, 6, 5].map((length) => new Int32Array(length));
  const source = { ...news.source, sequences };
  const instances = sequences.flatMap((_, user) => [user, user].map(() => ({ user, label: 0 })));
  const quarterOf = historyQuarters({ ...news, source, instances });
  const quarters = sequences.map((_, user) => quarterOf(user));
  assert.deepEqual(quarters, [2, 1, 4, 1, 4, 2, 3, 3]);
});
