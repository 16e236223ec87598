import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { newsFolder } from '../news';

test('a folder with a card is a data set; its interactions are a table, user by user, oldest first', () => {
  const { name, interactions, users, items } = loadDataset(newsFolder());
  assert.equal(name, 'news');
  assert.deepEqual([interactions.numRows(), users?.numRows(), items?.numRows()], [16, 5, 8]);
  assert.deepEqual(interactions.columnNames(), ['user_id', 'item_id']);
  const rows = interactions.objects().map((row) => Object.values(row).join(' '));
  assert.deepEqual(rows.slice(0, 6), ['ann a', 'ann x', 'ann y', 'ann x', 'ann z', 'ann b']);
});

for (const unknown of ['movielens-1M', '', '/nowhere/at/all', '../data']) {
  test(`the data set "${unknown}" is unknown, and the known ones are listed`, () => {
    const message = new RegExp(
      `^unknown data set "${unknown}": expected .*movielens-100k.*npm run data -- init`,
    );
    assert.throws(() => loadDataset(unknown), { name: 'UserError', message });
  });
}

test('repeated interactions are legitimate, a repeated item is not', () => {
  const items = 'item_id:token\ttags:token_seq\na\tnews\na\tvideo\n';
  const folder = newsFolder({ items });
  assert.throws(() => loadDataset(folder), {
    name: 'UserError',
    message: /news\.item, line 3, column item_id: .*"a"/,
  });
});

test('what was dropped from the files is kept with the data set', () => {
  const users = 'user_id:token\tage:token\tsex:token\nann\t29\tf\nbob\t30\n';
  assert.deepEqual(loadDataset(newsFolder({ users, card: { onBadRow: 'drop' } })).dropped, [
    { what: 'rows of news.inter', why: 'column user_id: expected a user of news.user', count: 10 },
    { what: 'rows of news.user', why: 'column sex: expected 3 tab-separated fields', count: 1 },
  ]);
});

const cache = process.env.WORKBENCH_CACHE as string;
const kept = () => readdirSync(cache).sort();

/** What is in the cache after a data set was read for the first time. */
function newlyKept(folder: string): string {
  const before = new Set(kept());
  loadDataset(folder);
  const added = kept().filter((name) => !before.has(name));
  assert.equal(added.length, 1);
  return join(cache, added[0]);
}

test('a data set is read once for the same content, wherever it lies and whatever its tasks', () => {
  const items = 'item_id:token\ttags:token_seq\na\tvideo\nb\tclip\nc\t\nd\tnews\nx\tnews\ny\tnews\nz\tnews\n';
  const entry = newlyKept(newsFolder({ items }));
  const written = statSync(join(entry, 'manifest.json')).mtimeMs;
  const before = kept();
  const again = loadDataset(
    newsFolder({
      items,
      card: { name: 'other', tasks: { X: { kind: 'classify', label: 'sex', length: 3 } } },
    }),
  );
  assert.equal(again.name, 'other');
  assert.deepEqual(kept(), before);
  assert.equal(statSync(join(entry, 'manifest.json')).mtimeMs, written);
});

test('what is damaged in the cache is read anew', () => {
  const interactions = [
    ['ann', 'a', 1],
    ['ann', 'b', 2],
    ['dan', 'a', 2],
  ] as const;
  const folder = newsFolder({ interactions });
  const entry = newlyKept(folder);
  const sound = readFileSync(join(entry, 'interactions.arrow'));
  const damages: readonly (() => void)[] = [
    () =>
      writeFileSync(
        join(entry, 'interactions.arrow'),
        sound.map((byte, i) => (i === 300 ? byte ^ 1 : byte)),
      ),
    () => writeFileSync(join(entry, 'interactions.arrow'), sound.subarray(0, 9)),
    () => writeFileSync(join(entry, 'manifest.json'), '{'),
    () => rmSync(join(entry, 'item_ids.arrow')),
  ];
  for (const damage of damages) {
    damage();
    assert.deepEqual([...loadDataset(folder).histories.itemAt], [0, 1, 0]);
    assert.deepEqual(readFileSync(join(entry, 'interactions.arrow')), sound);
  }
});

test('a bad row leaves nothing in the cache', () => {
  const before = kept();
  assert.throws(() => loadDataset(newsFolder({ users: 'user_id:token\tage:token\tsex:token\nann\n' })));
  assert.deepEqual(kept(), before);
});

test('a card reaches no file outside its folder, not through a link either', () => {
  const outside = newsFolder();
  const folder = newsFolder();
  rmSync(join(folder, 'news.user'));
  symlinkSync(join(outside, 'news.user'), join(folder, 'news.user'));
  assert.throws(() => loadDataset(folder), {
    name: 'UserError',
    message: /dataset\.json: users: .*"news\.user", a link/,
  });
  assert.throws(() => loadDataset(newsFolder({ card: { items: `../${basename(outside)}/news.item` } })), {
    name: 'UserError',
    message: /items: expected a file inside the folder, found "\.\.\/\d+\/news\.item"$/,
  });
});
