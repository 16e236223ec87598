import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Given, requireFit, writeRows } from '../../../lib/model/exchange/rowFile';
import { folderWith } from '../../data/folders';

const ROWS = 10;
const vector = (row: number) => Float32Array.of(row, row + 0.1, -row);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Vectors of ten rows, and which rows were asked for; `until`: it fails from this row on. */
function vectors(columns: string | readonly string[] = 'hidden', until = ROWS) {
  const asked: number[] = [];
  const of = function* (from: number, to: number) {
    for (const row of range(from, to)) {
      if (row >= until) throw new Error('cut off');
      asked.push(row);
      yield vector(row);
    }
  };
  const lines = function* (from: number, to: number) {
    for (const own of of(from, to)) yield { hidden: [[...own]] };
  };
  return { asked, given: { lines, numbers: { width: 3, columns, of } } satisfies Given };
}

async function written(name: string, given: Given, shard = 4, folder = folderWith({})): Promise<string> {
  const file = path.join(folder, name);
  await writeRows(file, { made: { from: 'test' }, rows: ROWS, shard }, given);
  assert.deepEqual(fs.readdirSync(folder), [name]); // no shards are left
  return file;
}

async function rowsIn(file: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const found = await connection.runAndReadAll(`SELECT * FROM '${file}'`);
  return found.getRowsJson() as unknown[][];
}

test('NPY is a header of whole 64 bytes and little-endian float32 numbers, row by row', async () => {
  const bytes = fs.readFileSync(await written('x.npy', vectors().given));
  const length = 10 + bytes.readUInt16LE(8);
  const [magic, header] = [bytes.subarray(0, 8), bytes.subarray(10, length).toString('latin1')];
  assert.deepEqual([...magic], [0x93, ...Buffer.from('NUMPY'), 1, 0]);
  assert.match(header, /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(10, 3\), \} *\n$/);
  assert.equal(length % 64, 0);
  const numbers = Array.from({ length: 3 * ROWS }, (_, i) => bytes.readFloatLE(length + 4 * i));
  assert.deepEqual(
    numbers,
    range(0, ROWS).flatMap((row) => [...vector(row)]),
  );
  assert.equal(bytes.length, length + 4 * 3 * ROWS);
});

test('Parquet has the row and its vector, or a column a number; of lists what a line has', async () => {
  const found = await rowsIn(await written('x.parquet', vectors().given));
  assert.deepEqual(found.length, ROWS);
  const [row, hidden] = found[7] as [string, number[]];
  assert.deepEqual([row, hidden.map(Math.fround)], ['7', [...vector(7)]]);
  const named = await rowsIn(await written('y.parquet', vectors(['a', "b's", 'c "d"']).given));
  assert.deepEqual((named[2].slice(1) as number[]).map(Math.fround), [...vector(2)]);
  const lists: Given = {
    lines: (from, to) => range(from, to).map((n) => ({ top: [{ item: `film, ${n}`, score: n / 2 }] })),
    columns: { top: 'STRUCT(item VARCHAR, score FLOAT)[]' },
  };
  const [last] = (await rowsIn(await written('z.parquet', lists))).slice(-1);
  assert.deepEqual(last, ['9', [{ item: 'film, 9', score: 4.5 }]]);
});

for (const name of ['x.jsonl', 'x.npy', 'x.parquet'])
  test(`${name}: the same bytes whatever the shards, also where it was cut off in between`, async () => {
    const whole = fs.readFileSync(await written(name, vectors().given, 1000));
    assert.deepEqual(fs.readFileSync(await written(name, vectors().given, 3)), whole);
    const folder = folderWith({});
    const [cut, on] = [vectors('hidden', 9), vectors()];
    await assert.rejects(written(name, cut.given, 4, folder), /cut off/);
    assert.deepEqual(fs.readdirSync(folder), [`${name}.shards`]);
    assert.deepEqual(fs.readFileSync(await written(name, on.given, 4, folder)), whole);
    assert.deepEqual(on.asked, [8, 9]); // the first two shards were there
  });

test('shards of another model or input are computed again', async () => {
  const [folder, on] = [folderWith({}), vectors()];
  await assert.rejects(written('x.npy', vectors('hidden', 9).given, 4, folder), /cut off/);
  const file = path.join(folder, 'x.npy');
  await writeRows(file, { made: { from: 'other' }, rows: ROWS, shard: 4 }, on.given);
  assert.deepEqual(on.asked, range(0, ROWS));
  assert.deepEqual(fs.readdirSync(folder), ['x.npy']);
});

test('a line has its row and nine digits', async () => {
  const [first, second] = fs.readFileSync(await written('x.jsonl', vectors().given), 'utf8').split('\n');
  assert.deepEqual(
    [first, second],
    ['{"row":0,"hidden":[[0,0.100000001,0]]}', '{"row":1,"hidden":[[1,1.10000002,-1]]}'],
  );
});

test('an ending that cannot hold what is written is refused by name', () => {
  const { lines, ...others } = vectors().given;
  assert.throws(
    () => requireFit('a/x.npy', { lines }),
    /--out x\.npy: expected \.jsonl for what is written here/,
  );
  assert.throws(
    () => requireFit('x.npy', { lines, columns: { top: 'INT' } }),
    /expected \.jsonl or \.parquet/,
  );
  assert.doesNotThrow(() => requireFit('x.npy', { lines, ...others }));
});
