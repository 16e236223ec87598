import assert from 'node:assert/strict';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { folderWith } from '../datasets/folders';
import { runScript } from '../exchange/command';

const init = (place: string) => runScript('data/init', { path: place });
/** Lines but for those that tell what is being done. */
const linesOf = (stdout: string) => stdout.split('\n').filter((line) => !line.endsWith(' …'));

/** A log of 20 users who each listen to 12 of 40 songs. */
const LOG = [
  'user,song',
  ...Array.from({ length: 240 }, (_, n) => `u${n % 20},s${(7 * n) % 40}${n % 3}`),
  '',
].join('\n');

test('init writes a card beside the file, says why, and then keeps it', () => {
  const folder = folderWith({ 'log.csv': LOG });
  const card = path.join(folder, 'dataset.json');
  const { stdout, stderr } = init(path.join(folder, 'log.csv'));
  assert.equal(stderr, '');
  assert.match(stdout, /^user: user +by its name, 20 values$/m);
  assert.match(stdout, /^time: null +no column of times/m);
  assert.ok(stdout.endsWith(`${card} is written\nnext: npm run data -- ${folder}\n`));
  const before = readFileSync(card, 'utf8');
  assert.deepEqual(linesOf(init(folder).stdout), [`${card} was there and works: it was kept as it is`, '']);
  assert.equal(readFileSync(card, 'utf8'), before);
});

test('init ends with exit code 1 and one line where a file is damaged, and writes nothing', () => {
  const folder = realpathSync(folderWith({ 'log.csv': `${LOG}u1\n` }));
  const { status, stdout, stderr } = init(folder);
  assert.deepEqual([status, linesOf(stdout)], [1, ['']]);
  assert.match(stderr, /^\S+\/log\.csv, line 242, column song: .*\n$/);
  assert.equal(existsSync(path.join(folder, 'dataset.json')), false);
});
