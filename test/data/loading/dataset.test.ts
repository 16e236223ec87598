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

test('an unknown data set is named, and the known ones are listed', () => {
  for (const unknown of ['movielens-1M', '', '/nowhere/at/all', '../data']) {
    const message = new RegExp(`^unknown data set "${unknown}": .*movielens-100k.*npm run data -- init`);
    assert.throws(() => loadDataset(unknown), { name: 'UserError', message });
  }
});

test('repeated interactions are legitimate, a repeated item is not and leaves nothing in the cache', () => {
  const before = kept();
  const items = 'item_id:token\ttags:token_seq\na\tnews\na\tvideo\n';
  const message = /news\.item, line 3, column item_id: .*"a"/;
  assert.throws(() => loadDataset(newsFolder({ items })), { name: 'UserError', message });
  assert.deepEqual(kept(), before);
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
  const tasks = { X: { kind: 'classify', label: 'sex', length: 3 } };
  assert.equal(loadDataset(newsFolder({ items, card: { name: 'other', tasks } })).name, 'other');
  assert.deepEqual(kept(), before);
  assert.equal(statSync(join(entry, 'manifest.json')).mtimeMs, written);
});

test('what is damaged in the cache is read anew', () => {
  const interactions = ['ann a', 'ann b', 'dan a'].map((row) => [...row.split(' '), 1]);
  const folder = newsFolder({ interactions: interactions as never });
  const entry = newlyKept(folder);
  const [file, manifest] = ['reading.v8', 'manifest.json'].map((name) => join(entry, name));
  const sound = readFileSync(file);
  const damages: readonly (() => void)[] = [
    () =>
      writeFileSync(
        file,
        sound.map((byte, i) => (i === 300 ? byte ^ 1 : byte)),
      ),
    () => writeFileSync(file, sound.subarray(0, 9)),
    () => writeFileSync(manifest, '{'),
    () => rmSync(file),
  ];
  for (const damage of damages) {
    damage();
    assert.deepEqual([...loadDataset(folder).histories.itemAt], [0, 1, 0]);
    assert.deepEqual(readFileSync(file), sound);
  }
});

test('a file of a card lies inside its folder, links resolved', () => {
  const outside = newsFolder();
  const refused: readonly (readonly [items: string, message: RegExp])[] = [
    [`../${basename(outside)}/news.item`, /: items: .* inside the folder, found "\.\.\/\d+\/news\.item"$/],
    ['link', /: items: .* "link", a link that leads out of it$/],
    ['.', /: items: .* the folder "\."$/],
    ['missing', /dataset\.json: items: .* no "missing"$/],
  ];
  for (const [items, message] of refused) {
    const folder = newsFolder({ card: { items } });
    symlinkSync(join(outside, 'news.item'), join(folder, 'link'));
    assert.throws(() => loadDataset(folder), { name: 'UserError', message });
  }
});
