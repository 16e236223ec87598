const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { heldLock } = require('./command');
const { SetupError, explain } = require('./remedies');

module.exports = { tryLock, waitForLock, withLock };

/**
 * Does work while no other process holds the lock file. The kernel keeps the lock (flock) with the open file, so it
 * ends with the last process that holds the file: a lock cannot go stale.
 * @template T
 * @param {string} file
 * @param {() => void} onWait called when another process holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withLock(file, onWait, work) {
  const descriptor = opened(file);
  try {
    if (!tryLock(descriptor)) {
      onWait();
      while (!(await waitForLock(descriptor)));
    }
    heldLock.push(descriptor);
    return await work();
  } finally {
    heldLock.length = 0;
    fs.closeSync(descriptor);
  }
}

/**
 * A lock file's descriptor; where the project cannot be written, a SetupError that says so.
 * @param {string} file
 */
function opened(file) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return fs.openSync(file, 'a');
  } catch (error) {
    throw new SetupError(`${file}: ${explain(String(error))}`);
  }
}

/** What flock ends with where another process holds the lock. */
const HELD = 1;

/**
 * Locks an open file unless another process holds its lock.
 * @param {number} descriptor
 * @returns {boolean}
 */
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
 * Waits until no other process holds the lock of an open file, and locks it.
 * @param {number} descriptor
 * @param {AbortSignal} [signal] ends the wait: its reason is thrown
 * @returns {Promise<boolean>} false where a signal ended the wait
 */
async function waitForLock(descriptor, signal) {
  signal?.throwIfAborted();
  const waiting = spawn('flock', ['3'], { stdio: ['ignore', 'ignore', 'pipe', descriptor] });
  let why = '';
  waiting.stderr?.setEncoding('utf8').on('data', (text) => {
    why += text;
  });
  const end = () => waiting.kill();
  signal?.addEventListener('abort', end);
  const [status] = await once(waiting, 'close');
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  if (status !== 0 && status !== null) throw new SetupError(`no lock can be taken here: ${why.trim()}`);
  return status === 0;
}
