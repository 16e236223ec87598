import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { explain, run } from '../../lib/setup/tools/command';
import { withSetUpLock } from '../../lib/setup/tools/lock';
import { inProject, shellWord } from '../../lib/setup/tools/project';
import { refusalOf } from '../../lib/setup/tools/variables';
import { folderWith } from '../data/folders';

const FAILURES: readonly (readonly [string, RegExp])[] = [
  ['ERROR: [Errno 28] No space left on device', /disk is full/],
  ['npm error code EAI_AGAIN', /no network/],
  ['NewConnectionError(...)\nERROR: No matching distribution found for a==1', /no network/],
  ['ERROR: No matching distribution found for a==1', /Python 3\.10 to 3\.13/],
  ['The virtual environment was not created because ensurepip is not available.', /install python3-venv/],
  ['npm error code EINTEGRITY', /checksum/],
  ['chromium: error while loading shared libraries: libnss3.so', /libnss3\.so/],
  ['npm error code EACCES\nnpm error path /home/ann/.npm/_cacache', /npm's cache cannot be written/],
  ['npm error code EACCES\nnpm error path /home/ann/clone/node_modules', /the project folder must be/],
  ['first\nlast words\n', /^last words$/],
];

test('the output of a failed tool is explained by its remedy, else by its line of the error', () => {
  for (const [output, remedy] of FAILURES) assert.match(explain(output), remedy);
});

test('a tool that a signal ended is told by the signal', async () => {
  const ending = run(process.execPath, ['--eval', "process.kill(process.pid, 'SIGKILL')"]);
  await assert.rejects(ending, {
    message: /^it gives no reason \(node was ended by SIGKILL, see .*node\.log\)$/,
  });
});

/** A process that says when it holds the lock, and holds it until it is killed. */
const HOLDER = `
  const { withSetUpLock } = require(process.argv[1]);
  withSetUpLock(() => undefined, () => new Promise(() => {
    console.log('locked');
    setInterval(() => undefined, 1000);
  }), process.argv[2]);`;

test('a set-up waits for another one, and a killed one leaves no stale lock', async () => {
  const lock = path.join(folderWith({}), 'lock');
  const module = require.resolve('../../lib/setup/tools/lock');
  const holder = spawn(process.execPath, ['--eval', HOLDER, module, lock]);
  await once(holder.stdout, 'data');
  let waited = false;
  const killWhenWaitedFor = () => {
    waited = true;
    holder.kill('SIGKILL');
  };
  assert.equal(await withSetUpLock(killWhenWaitedFor, async () => 'done', lock), 'done');
  assert.equal(waited, true);
  await withSetUpLock(assert.fail, async () => undefined, lock);
});

test('a lock file that cannot be made is one line of what is wrong', async () => {
  const lock = path.join(folderWith({ cache: 'a file' }), 'cache', 'lock');
  const refused = withSetUpLock(assert.fail, assert.fail, lock);
  await assert.rejects(refused, { message: new RegExp(`^${lock}: [^\n]+$`) });
});

test('a path in a command that is shown is one word to a shell, and plain where it can be', () => {
  const texts = ['movielens-100k', '/tmp/Dätä/x.csv', "it's here", 'a b', '$HOME;x', '~', ''];
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\n' ${texts.map(shellWord).join(' ')}`], {
    encoding: 'utf8',
  });
  assert.deepEqual(stdout.split('\n').slice(0, -1), texts);
  assert.deepEqual(texts.slice(0, 2).map(shellWord), texts.slice(0, 2));
});

const VALUES: readonly (readonly [name: string, good: readonly string[], bad: readonly string[]])[] = [
  ['PETERREC_THREADS', ['1', '12'], ['', '0', 'abc', '2.5', '-3', '1e3', ' 2']],
  ['PETERREC_CHECKPOINT_SECONDS', ['0', '60', '1.5'], ['', '1m', '-1', 'Infinity']],
  ['PETERREC_ISA', ['none', 'avx2', 'avx2x16'], ['avx3', 'avx2x']],
  ['PETERREC_BF16', ['none', 'dot-by-avx2', 'amx-by-avx2'], ['']],
];

test('a variable is refused by its name, its value and what was expected', () => {
  assert.equal(refusalOf({}), undefined);
  for (const [name, good, bad] of VALUES) {
    for (const value of good) assert.equal(refusalOf({ [name]: value }), undefined);
    for (const value of bad)
      assert.ok(refusalOf({ [name]: value })?.startsWith(`${name} is ${JSON.stringify(value)}, expected `));
  }
});

test('a command refuses them in one line, and TensorFlow is not loaded with them', () => {
  const env = { ...process.env, PETERREC_THREADS: '0' };
  const saidBy = (...args: string[]) =>
    spawnSync(process.execPath, args, { cwd: inProject(), encoding: 'utf8', env }).stderr;
  assert.match(saidBy('lib/cli/main.js', 'setup', '--check'), /^setup: PETERREC_THREADS is "0", .*\n$/);
  const loading = saidBy('--import', 'tsx', '--eval', "require('./lib/engine/native')");
  assert.match(loading, /UserError: PETERREC_THREADS is "0", /);
});
