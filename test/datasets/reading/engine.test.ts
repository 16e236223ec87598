import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifier, literal, openEngine } from '../../../lib/datasets/reading/sql/engine';
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
  const values = await engine.integers('SELECT (7 * i % 10007)::INTEGER FROM range(10000) t(i)', 10000);
  assert.deepEqual(
    values,
    Int32Array.from({ length: 10000 }, (_, i) => (7 * i) % 10007),
  );
  await assert.rejects(engine.integers('SELECT 1::INTEGER', 2), /expected 2 rows, found 1/);
  engine.close();
});

test('texts and names are quoted', () => {
  assert.equal(literal("it's"), "'it''s'");
  assert.equal(identifier('a"b'), '"a""b"');
});
