import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifier, literal, openEngine, outOfMemory } from '../../../lib/data/reading/sql/engine';
import { unreadable } from '../../../lib/data/reading/sql/part';
import { folderWith } from '../folders';

test('the SQL engine opens no address, and nothing in a query can change that', async () => {
  const engine = await openEngine(folderWith({}));
  for (const address of ['https://localhost:9/x.csv', 's3://bucket/x.parquet', 'hf://datasets/x.parquet']) {
    await assert.rejects(engine.rows(`FROM ${literal(address)}`));
  }
  await assert.rejects(
    engine.run('SET autoinstall_known_extensions = true'),
    /configuration has been locked/,
  );
  engine.close();
});

test('whole numbers are read in their order, however many', async () => {
  const engine = await openEngine(folderWith({}));
  const sql = 'SELECT (7 * i % 10007)::INTEGER FROM range(10000) t(i)';
  const expected = Int32Array.from({ length: 10000 }, (_, i) => (7 * i) % 10007);
  assert.deepEqual(await engine.numbers(sql, new Int32Array(10000)), expected);
  await assert.rejects(engine.numbers('SELECT 1::INTEGER', new Int32Array(2)), /expected 2 rows, found 1/);
  engine.close();
});

test('a memory that is too small is one line that names what was read, and no other failure is', () => {
  const error = new Error('Out of Memory Error: could not allocate block of size 256.0 KiB');
  const { name, message } = outOfMemory('x.csv', error) as Error;
  assert.equal(name, 'UserError');
  assert.match(message, /^x\.csv: .*2 GB of memory/);
  const other = new Error('Binder Error: no such column');
  assert.equal(outOfMemory('x.csv', other), other);
  const piece = { label: 'x.csv', content: { parquet: 'x.csv', columns: [] } };
  assert.equal((unreadable(piece, error) as Error).message, message);
});

test('texts and names are quoted', () => {
  assert.equal(literal("it's"), "'it''s'");
  assert.equal(identifier('a"b'), '"a""b"');
});
