import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commands } from '../../lib/cli/declarations/commands';
import { readOptions } from '../../lib/cli/options/options';
import { folderWith } from '../datasets/folders';

const read = (...args: string[]) => readOptions(commands.synthesize, args);

test('synthesize has a world of 2,000 users by default', async () => {
  assert.deepEqual(await read(), { world: 'structured', users: 2000, items: 500, length: 50, seed: 1 });
});

test('synthesize reaches the size of the paper', async () => {
  const { users, items, length } = await read('--users', '1600000', '--items', '645000', '--length', '100');
  assert.deepEqual([users, items, length], [1_600_000, 645_000, 100]);
});

const FULL = folderWith({ 'mine.txt': 'mine' });
const MISTAKES: readonly (readonly [string[], RegExp])[] = [
  [['--world', 'flat'], /^--world flat: expected structured, null$/],
  [['--users', '5'], /^--users 5: expected a whole number from 20 to 5000000$/],
  [['--items', '1e3'], /^--items 1e3: expected a whole number from 100 to 5000000$/],
  [['--length', '3'], /^--length 3: expected a whole number from 4 to 1000$/],
  [['--out', FULL], /^--out .*: expected a new or empty folder, found something in it$/],
  [
    ['--out', path.join(FULL, 'mine.txt')],
    /^--out .*: expected a new or empty folder, found something in it$/,
  ],
];

for (const [args, message] of MISTAKES) {
  test(`synthesize ${args[0]} ${path.basename(args[1])} is refused with what was expected`, async () => {
    await assert.rejects(read(...args), { message });
  });
}

test('synthesize writes a data set that the data command describes', () => {
  const out = path.join(folderWith({}), 'world');
  const run = (program: string, options: object) =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', `lib/cli/programs/data/${program}.ts`, JSON.stringify(options)],
      {
        encoding: 'utf8',
      },
    );
  const written = run('synthesize', { world: 'null', users: 40, items: 100, length: 10, seed: 3, out });
  assert.match(written.stdout, /: [\d,]+ interactions in [\d.]+ s\n$/);
  assert.deepEqual(fs.readdirSync(out).length, 4);
  const described = JSON.parse(run('describe', { data: out, json: true }).stdout);
  assert.equal(described.name, 'null-40x100x10-s3');
  assert.equal(described.interactions, Number(/: ([\d,]+) /.exec(written.stdout)?.[1].replaceAll(',', '')));
});
