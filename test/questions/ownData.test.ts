import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { standIn } from '../../lib/questions/ownData';
import { writeTinyDataset } from '../notebooks/tinyDataset';

test('what stands in for interactions has times, which keep the order of each user', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'own-data-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  writeTinyDataset(folder);
  const { interactions } = standIn(folder);
  assert.deepEqual(interactions.columnNames(), ['user_id', 'item_id', 'timestamp']);
  assert.deepEqual(
    interactions.array('timestamp'),
    Array.from({ length: interactions.numRows() }, (_, row) => row + 1),
  );
});
