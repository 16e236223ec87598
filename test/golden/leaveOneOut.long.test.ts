import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, random } from '../../lib/base/random';
import { leaveOneOut } from './leaveOneOut';

test('what follows from the items before is ranked first, what does not is ranked anywhere', async () => {
  const users = Array.from({ length: 24 }, (_, user) => `${user}`);
  const items = Array.from({ length: 12 }, (_, item) => `${item}`);
  const preceding = users.map(() => new Int32Array());
  const lines: string[] = [];
  const found = (of: (user: number, t: number) => number) => {
    const sequences = users.map((_, user) => Int32Array.from({ length: 9 }, (_, t) => 1 + of(user, t)));
    const source = { name: 'made up', items, users, sequences, preceding, length: 202 };
    return leaveOneOut(source, 'SASRec', (line) => lines.push(line));
  };
  const cycle = await found((user, t) => (user + t) % 12);
  assert.ok(cycle.ndcg > 0.9, `${cycle.ndcg}`);
  const stream = random(1, 'noise');
  const noise = await found(() => below(12, stream));
  assert.ok(noise.ndcg < 0.8, `${noise.ndcg}`);
  assert.match(lines.at(-1) ?? '', /^stopped after \d+ passes, kept step \d+$/);
});
