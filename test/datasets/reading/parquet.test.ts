import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { loadDataset } from '../../../lib/datasets/loading/dataset';
import { folderWith } from '../folders';
import { historiesIn, readFolder } from './readFolder';

const CARD = {
  name: 'x',
  interactions: 'x.parquet',
  users: 'u.parquet',
  tasks: { Age: { kind: 'classify', label: 'age', length: 3 } },
};

const USERS = "SELECT 1 AS user_id, 21 AS age, ['a b', 'c'] AS tags UNION ALL SELECT 2, 30, []";

/** A folder with Parquet files that hold the results of two queries. */
async function folderOf(interactions: string, users = USERS): Promise<string> {
  const folder = folderWith({ 'dataset.json': JSON.stringify(CARD) });
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`COPY (${interactions}) TO '${folder}/x.parquet' (FORMAT PARQUET)`);
  await connection.run(`COPY (${users}) TO '${folder}/u.parquet' (FORMAT PARQUET)`);
  return folder;
}

test('Parquet files are read by the names and types of their columns', async () => {
  const rows = "(VALUES (2, 'b', 7), (1, 'a', 9), (2, 'a', 3)) rows(user_id, item_id, timestamp)";
  const folder = await folderOf(`FROM ${rows}`);
  assert.deepEqual(historiesIn(await readFolder(folder)), [
    ['2', ['a', 'b']],
    ['1', ['a']],
  ]);
  const { users } = loadDataset(folder);
  assert.deepEqual(users?.array('age'), [21, 30]);
  assert.deepEqual(users?.array('tags'), [['a b', 'c'], []]);
});

test('the name of a folder says nothing of the Parquet files in it', async () => {
  const folder = await folderOf("FROM (VALUES (2, 'b', 7), (1, 'a', 9)) rows(user_id, item_id, timestamp)");
  const named = join(folder, 'item_id=c');
  mkdirSync(named);
  for (const name of ['dataset.json', 'x.parquet', 'u.parquet'])
    renameSync(join(folder, name), join(named, name));
  assert.deepEqual(historiesIn(await readFolder(named)), [
    ['2', ['b']],
    ['1', ['a']],
  ]);
});

const mistakes: readonly (readonly [string, string, string])[] = [
  [
    'a missing value',
    "FROM (VALUES (1, 'a', 1), (1, NULL, 2)) rows(user_id, item_id, timestamp)",
    'x.parquet, line 2, column item_id: expected a value, found ""',
  ],
  [
    'an infinite time',
    "FROM (VALUES (1, 'a', 'inf'::DOUBLE)) rows(user_id, item_id, timestamp)",
    'x.parquet, line 1, column timestamp: expected a number, found "inf"',
  ],
  [
    'a column of another name',
    "FROM (VALUES (1, 'a', 3)) rows(user_id, item_id, time)",
    'x.parquet, line 1, column timestamp: expected timestamp:float, found none',
  ],
];

for (const [mistake, interactions, message] of mistakes) {
  test(`${mistake} in a Parquet file is one line that names file, row and column`, async () => {
    const folder = await folderOf(interactions);
    await assert.rejects(readFolder(folder), { name: 'UserError', message: `${folder}/${message}` });
  });
}

test('a file that is no Parquet file is one line', async () => {
  const folder = await folderOf("FROM (VALUES (1, 'a', 3)) rows(user_id, item_id, timestamp)");
  writeFileSync(join(folder, 'x.parquet'), 'user_id');
  await assert.rejects(readFolder(folder), ({ name, message }: Error) => {
    return name === 'UserError' && message.startsWith(`${folder}/x.parquet: expected a Parquet file, found `);
  });
});

test('a damaged page of a Parquet file is one line', async () => {
  const folder = await folderOf(
    "SELECT 1 AS user_id, 'item' || i % 77 AS item_id, i * 7919 % 1009 AS timestamp FROM range(20000) t(i)",
  );
  const file = join(folder, 'x.parquet');
  writeFileSync(file, readFileSync(file).fill(0xff, 500, 3000));
  await assert.rejects(readFolder(folder), ({ name, message }: Error) => {
    return name === 'UserError' && message.startsWith(`${file}: expected a Parquet file, found `);
  });
});
