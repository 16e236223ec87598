import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { withLock } from '../../lib/setup/tools/lock';
import { SetupError } from '../../lib/setup/tools/remedies';
import { folderWith } from '../datasets/folders';

/** A process that says when it holds the lock, and holds it until it is killed. */
const HOLDER = `
  const { withLock } = require(process.argv[1]);
  withLock(process.argv[2], () => undefined, () => new Promise(() => {
    console.log('held');
    setInterval(() => undefined, 1000);
  }));`;

test('a set-up waits for another one, and a killed one leaves no stale lock', async () => {
  const lock = path.join(folderWith({}), 'lock');
  const holder = spawn(process.execPath, [
    '--eval',
    HOLDER,
    require.resolve('../../lib/setup/tools/lock'),
    lock,
  ]);
  await once(holder.stdout, 'data');
  let waited = false;
  const killWhenWaitedFor = () => {
    waited = true;
    holder.kill('SIGKILL');
  };
  assert.equal(await withLock(lock, killWhenWaitedFor, async () => 'done'), 'done');
  assert.equal(waited, true);
});

test('a lock file that cannot be made is one line of what is wrong', async () => {
  const lock = path.join(folderWith({ cache: 'a file' }), 'cache', 'lock');
  await assert.rejects(withLock(lock, assert.fail, assert.fail), (error: Error) => {
    assert.ok(error instanceof SetupError);
    assert.ok(error.message.startsWith(`${lock}: `) && !error.message.includes('\n'));
    return true;
  });
});

test('a free lock is taken at once', async () => {
  const lock = path.join(folderWith({}), 'lock');
  await withLock(lock, assert.fail, async () => undefined);
  await withLock(lock, assert.fail, async () => undefined);
});
