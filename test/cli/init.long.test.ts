import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commands } from '../../lib/cli/declarations/commands';
import { readOptions } from '../../lib/cli/options/options';
import { folderWith } from '../datasets/folders';

const MAIN = path.resolve('lib/cli/main.js');
const main = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
const init = (place: string) =>
  spawnSync(
    process.execPath,
    ['--import', 'tsx', 'lib/cli/programs/data/init.ts', JSON.stringify({ path: place })],
    { encoding: 'utf8' },
  );

/** A log of 20 users who each listen to 12 of 40 songs. */
const LOG = [
  'user,song',
  ...Array.from({ length: 240 }, (_, n) => `u${n % 20},s${(7 * n) % 40}${n % 3}`),
  '',
];

test('the help of data names init, and init has its own', () => {
  assert.match(main('data', '--help').stdout, /npm run data -- init --help\n {6}Looks at a table/);
  const { status, stdout } = main('data', 'init', '--help');
  assert.equal(status, 0);
  assert.match(stdout, /^npm run data -- init \[PATH\] \[options\]\n/);
  assert.match(stdout, / {2}--path PLACE\n {6}a file \(CSV, .* folder of such files \(required\)/);
});

test('the path of init stands for its option', async () => {
  const folder = folderWith({});
  const command = commands.data.subcommands?.init ?? commands.data;
  assert.deepEqual(await readOptions(command, [folder]), { path: folder });
});

const ARCHIVE = path.join(folderWith({ 'x.zip': 'PK' }), 'x.zip');
const mistakes: readonly (readonly [string[], string])[] = [
  [
    [],
    'data: --path is missing: expected a file (CSV, TSV, JSON lines or Parquet, also with .gz) or a folder of such files\n',
  ],
  [['/nowhere'], 'data: --path /nowhere: no such file or folder\n'],
  [[ARCHIVE], `data: --path ${ARCHIVE}: expected a file or a folder, found an archive: unpack it\n`],
  [['--json'], "data: unknown option '--json': expected --path (after npm's own --)\n"],
];

for (const [args, message] of mistakes) {
  test(`data init ${args.map((arg) => path.basename(arg)).join(' ')} is refused before anything starts`, () => {
    const { status, stdout, stderr } = main('data', 'init', ...args);
    assert.deepEqual([status, stdout, stderr], [2, '', message]);
  });
}

test('init writes a card beside the file, says why, and then keeps it', () => {
  const folder = folderWith({ 'log.csv': LOG.join('\n') });
  const card = path.join(folder, 'dataset.json');
  const first = init(path.join(folder, 'log.csv'));
  assert.equal(first.stderr, '');
  assert.match(first.stdout, /^user: user +by its name, 20 values$/m);
  assert.match(first.stdout, /^time: null +no column of times/m);
  assert.ok(first.stdout.endsWith(`${card} is written\nnext: npm run data -- ${folder}\n`));
  const before = readFileSync(card, 'utf8');
  assert.equal(init(folder).stdout, `${card} was there and works: it was kept as it is\n`);
  assert.equal(readFileSync(card, 'utf8'), before);
});

test('init ends with exit code 1 and one line where a file is damaged, and writes nothing', () => {
  const folder = realpathSync(folderWith({ 'log.csv': `${LOG.join('\n')}u1\n` }));
  const { status, stdout, stderr } = init(folder);
  const said = stdout.split('\n').filter((line) => !line.endsWith(' …')); // what it does is told on a slow machine
  assert.deepEqual(
    [status, said, stderr],
    [1, [''], `${folder}/log.csv, line 242, column song: expected 2 fields separated by commas, found 1\n`],
  );
  assert.equal(existsSync(path.join(folder, 'dataset.json')), false);
});
