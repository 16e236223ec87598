import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDataset } from '../../lib/datasets/dataset';
import { newsFolder } from './news';

test('a folder with a card is a data set', () => {
  const { name, interactions, users, items } = loadDataset(newsFolder());
  assert.equal(name, 'news');
  assert.deepEqual([interactions.numRows(), users?.numRows(), items?.numRows()], [16, 5, 8]);
});

for (const unknown of ['movielens-1M', '', '/nowhere/at/all', '../data']) {
  test(`the data set "${unknown}" is unknown, and the known ones are listed`, () => {
    assert.throws(
      () => loadDataset(unknown),
      ({ name, message }: Error) =>
        name === 'UserError' &&
        message.startsWith(`unknown data set "${unknown}": expected `) &&
        message.includes('movielens-100k') &&
        message.endsWith(' or a folder with a dataset.json'),
    );
  });
}

test('repeated interactions are legitimate, a repeated item is not', () => {
  const items = 'item_id:token\ttags:token_seq\na\tnews\na\tvideo\n';
  const folder = newsFolder({ items });
  assert.throws(() => loadDataset(folder), {
    name: 'UserError',
    message: `${folder}/news.item, line 3, column item_id: expected each id once, found "a" again (first on line 2)`,
  });
});

test('what was dropped from the files is kept with the data set', () => {
  const users = 'user_id:token\tage:token\tsex:token\nann\t29\tf\nbob\t30\n';
  assert.deepEqual(loadDataset(newsFolder({ users, card: { onBadRow: 'drop' } })).dropped, [
    { what: 'rows of news.user', why: 'column sex: expected 3 tab-separated fields', count: 1 },
  ]);
});
