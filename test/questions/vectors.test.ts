import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { random, uniform } from '../../lib/base/random';
import { writeRows } from '../../lib/model/exchange/rowFile';
import { answer, map, nearest, neighbours, principal } from '../../lib/questions/vectors';
import { folderWith } from '../data/folders';

const K = 5;
const stream = random(1, 'vectors');
const vectors = Array.from({ length: 60 }, () =>
  Float32Array.from({ length: K }, () => uniform(stream) - 0.5),
);

async function written(): Promise<string> {
  const file = path.join(folderWith({}), "it's.parquet");
  const of = (from: number, to: number) => vectors.slice(from, to);
  await writeRows(
    file,
    { made: {}, rows: vectors.length },
    { lines: () => [], numbers: { width: K, columns: 'hidden', of } },
  );
  return file;
}

const cosine = (a: Float32Array, b: Float32Array) => {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

test('neighbours are those of all pairs compared', async () => {
  const rows = [0, 7, 59];
  const found = await neighbours(await written(), rows, 4);
  for (const row of rows) {
    const others = vectors.map((own, near) => ({ near, similarity: cosine(vectors[row], own) }));
    const expected = others
      .filter(({ near }) => near !== row)
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, 4);
    const own = found.filter((one) => one.row === row);
    assert.deepEqual(
      own.map(({ near }) => near),
      expected.map(({ near }) => near),
    );
    for (const [i, { similarity }] of own.entries())
      assert.ok(Math.abs(similarity - expected[i].similarity) < 1e-6);
  }
});

test('users without a class count neither as asked nor as neighbours', async () => {
  const names = vectors.map((_, row) => `u${row}`);
  const classes = vectors.map((_, row) => (row % 2 ? 'one' : '–'));
  const said = await answer({ file: await written(), of: 'user', names, classes });
  assert.match(said, /nearest users 100 % have the same class; at random it would be 100 %/);
});

test('a table of neighbours has their classes; an unknown name is refused', async () => {
  const names = vectors.map((_, row) => `u${row}`);
  const classes = vectors.map((_, row) => (row % 2 ? 'odd' : 'even'));
  const users = { file: await written(), of: 'user', names, classes } as const;
  const table = await nearest(users, 'u7', 3);
  assert.match(table.caption, /nearest to user u7, odd among 60/);
  assert.equal(table.rows.length, 3);
  for (const { name, label } of table.rows) assert.equal(label, classes[names.indexOf(name as string)]);
  await assert.rejects(nearest(users, 'nobody'), /user nobody: expected one of 60, such as u0/);
  const { spec } = await map(users);
  assert.deepEqual(
    spec.data.map(({ name, x }) => [name, x.length]),
    [
      ['even', 30],
      ['odd', 30],
    ],
  );
});

test('principal axes are those along which vectors differ most', () => {
  // On a line but for a little: (3, 4) / 5 has all of the variance but what stands across it.
  const points = [-2, -1, 0, 1, 2].map((t, i) => [
    3 * t + (i % 2 ? 0.04 : -0.04) * 4,
    4 * t - (i % 2 ? 0.04 : -0.04) * 3,
  ]);
  const { points: found, shares } = principal(points);
  assert.ok(shares[0] > 0.99 && Math.abs(shares[0] + shares[1] - 1) < 1e-9);
  const along = found.map(([x]) => Math.abs(x));
  for (const [i, expected] of [10, 5, 0, 5, 10].entries())
    assert.ok(Math.abs(along[i] - expected) < 0.1, `${along}`);
});
