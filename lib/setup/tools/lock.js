const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { SetupError, heldLock, told } = require('./command');
const { cache } = require('./project');

/**
 * Does work while no other set-up runs in this folder. The kernel keeps the lock (flock) with the open file, so it ends with the
 * last process that has the file open: a lock cannot go stale.
 * @template T
 * @param {(line: string) => void} say
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withSetUpLock(say, work, file = path.join(cache, 'lock')) {
  let descriptor;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    descriptor = fs.openSync(file, 'a');
  } catch (error) {
    throw told(file, error);
  }
  try {
    if (!tryLock(descriptor)) {
      say('Another set-up is at work in this folder; waiting for it.');
      while (!(await waitForLock(descriptor)));
    }
    heldLock.push(descriptor);
    return await work();
  } finally {
    heldLock.length = 0;
    fs.closeSync(descriptor);
  }
}

/** Exit code of flock if another process holds the lock. */
const HELD = 1;

/** Locks an open file unless another process holds its lock. @type {(descriptor: number) => boolean} */
function tryLock(descriptor) {
  const { status, error, stderr } = spawnSync('flock', ['--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
    encoding: 'utf8',
  });
  if (error) throw new SetupError('flock is missing: install util-linux');
  if (status === null) return tryLock(descriptor); // a signal ended it
  if (status !== 0 && status !== HELD) throw new SetupError(`no lock can be taken here: ${stderr.trim()}`);
  return status === 0;
}

/**
 * Waits until no other process holds the lock of an open file, and locks it. Returns false if a signal of the system ended the wait;
 * throws the reason of an abort.
 * @type {(descriptor: number, abort?: AbortSignal) => Promise<boolean>}
 */
async function waitForLock(descriptor, abort) {
  abort?.throwIfAborted();
  const waiting = spawn('flock', ['3'], { stdio: ['ignore', 'ignore', 'pipe', descriptor] });
  let why = '';
  waiting.stderr?.setEncoding('utf8').on('data', (text) => {
    why += text;
  });
  const end = () => waiting.kill();
  abort?.addEventListener('abort', end);
  const [status] = await once(waiting, 'close');
  abort?.removeEventListener('abort', end);
  abort?.throwIfAborted();
  if (status !== 0 && status !== null) throw new SetupError(`no lock can be taken here: ${why.trim()}`);
  return status === 0;
}

module.exports = { tryLock, waitForLock, withSetUpLock };
