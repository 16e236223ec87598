/** A lock holds for one process at a time, ends with it, and leaves nothing. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { lock, removeDeadLocks } from '../../../lib/experiments/documents/checkpoint';
import type { Key } from '../../../lib/experiments/documents/document';
import { folderWith } from '../../data/folders';

const key: Key = { task: 'News', experiment: 'PeterRec', hash: '0123456789ab', seed: 1, declaration: {} };

const locksIn = (out: string) => fs.readdirSync(path.join(out, 'locks'));

/** Runs a script in a process that has `lock`, `key` and the folder `out`. */
function scriptIn(out: string, script: string): ChildProcess {
  const preamble = `
    const { lock, removeDeadLocks } = require(${JSON.stringify(require.resolve('../../../lib/experiments/documents/checkpoint'))});
    const fs = require('node:fs');
    const [key, out] = [${JSON.stringify(key)}, ${JSON.stringify(out)}];`;
  return spawn(process.execPath, ['--import', 'tsx', '--eval', `${preamble}(async () => {${script}})()`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Four processes with one script, until all have ended well. */
async function fourWith(out: string, script: string): Promise<void> {
  const ended = [1, 2, 3, 4].map(async () => (await once(scriptIn(out, script), 'close'))[0]);
  assert.deepEqual(await Promise.all(ended), [0, 0, 0, 0]);
}

/** A process that holds the lock until it is killed. */
async function holderOf(out: string): Promise<ChildProcess> {
  const holder = scriptIn(
    out,
    `await lock(out, key); console.log('held'); setInterval(() => undefined, 1000);`,
  );
  await once(holder.stdout as NodeJS.ReadableStream, 'data');
  return holder;
}

test('a lock that another process holds is not given; killed, that process frees it for who waits', async () => {
  const out = folderWith({});
  const holder = await holderOf(out);
  assert.equal(await lock(out, key), undefined);
  (await lock(out, { ...key, seed: 2 }))?.();
  let waited = 0;
  const onWait = () => {
    waited++;
    holder.kill('SIGKILL');
  };
  const release = await lock(out, key, { onWait });
  assert.ok(release);
  assert.equal(waited, 1);
  assert.equal(await lock(out, key), undefined); // in one process too
  release();
  assert.deepEqual(locksIn(out), []);
});

test('a stop ends the wait, and the lock stays with its holder', async () => {
  const out = folderWith({});
  const release = await lock(out, key);
  const stop = new AbortController();
  const reason = new Error('stopped');
  await assert.rejects(lock(out, key, { signal: stop.signal, onWait: () => stop.abort(reason) }), reason);
  assert.equal(await lock(out, key), undefined);
  release?.();
  assert.deepEqual(locksIn(out), []);
});

test('the lock of a process that was killed is removed, one that is held is not', async () => {
  const out = folderWith({});
  const [holder, dead] = [await holderOf(out), path.join(out, 'locks', 'dead.lock')];
  fs.writeFileSync(dead, '');
  removeDeadLocks(out);
  assert.deepEqual(locksIn(out), ['News-PeterRec-0123456789ab-s1.lock']);
  holder.kill('SIGKILL');
  await once(holder, 'close');
  removeDeadLocks(out);
  assert.deepEqual(locksIn(out), []);
});

test('a folder that cannot be written is named', () =>
  assert.rejects(lock(folderWith({ locks: 'a file' }), key), {
    name: 'UserError',
    message: /locks.*a file$|locks.*is a file/,
  }));

test('four processes that take a lock again and again hold it one after the other', async () => {
  const out = folderWith({});
  await fourWith(
    out,
    `for (let round = 0; round < 12; round++) {
      const release = await lock(out, key, { onWait: () => undefined });
      fs.appendFileSync(out + '/log', 'in ' + process.pid + '\\n');
      await new Promise((resolve) => setTimeout(resolve, 2));
      fs.appendFileSync(out + '/log', 'out ' + process.pid + '\\n');
      release();
    }`,
  );
  const lines = fs.readFileSync(path.join(out, 'log'), 'utf8').trim().split('\n');
  assert.equal(lines.length, 4 * 12 * 2);
  for (let i = 0; i < lines.length; i += 2) assert.equal(lines[i + 1], lines[i].replace('in ', 'out '));
  assert.deepEqual(locksIn(out), []);
});

test('processes that start at once after a kill remove its locks together', async () => {
  const out = folderWith({});
  fs.mkdirSync(path.join(out, 'locks'));
  for (let i = 0; i < 30; i++) fs.writeFileSync(path.join(out, 'locks', `dead-${i}.lock`), '');
  await fourWith(out, 'removeDeadLocks(out);');
  assert.deepEqual(locksIn(out), []);
});
