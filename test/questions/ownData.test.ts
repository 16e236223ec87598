import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standIn } from '../../lib/questions/data/own';
import { folderWith } from '../data/folders';
import { writeTinyDataset } from '../notebooks/tinyDataset';

test('what stands in for interactions has times, which keep the order of each user', () => {
  const folder = folderWith({});
  writeTinyDataset(folder);
  const { interactions } = standIn(folder);
  assert.deepEqual(interactions.columnNames(), ['user_id', 'item_id', 'timestamp']);
  const times = [...(interactions.array('timestamp') as Iterable<number>)];
  assert.deepEqual(
    times,
    Array.from({ length: interactions.numRows() }, (_, row) => row + 1),
  );
});
