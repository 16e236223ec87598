const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { SetupError, heldLock, told } = require('./command');
const { findInterpreter } = require('./interpreter');
const { cache, python, root } = require('./project');

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

/**
 * Locks the open file that it is given as 3 (flock); any argument: only if no other process holds the lock. The lock stays with the file
 * when this ends. Python has the call on every system.
 */
const FLOCK = `
import fcntl, sys
try:
    fcntl.flock(3, fcntl.LOCK_EX | (fcntl.LOCK_NB if sys.argv[1:] else 0))
except BlockingIOError:
    sys.exit(75)
except OSError as error:
    sys.exit(error.strerror)`;
/** Its exit code if another process holds the lock. */
const HELD = 75;

/** @type {string | undefined} */
let interpreter;
const flock = (/** @type {string[]} */ ...args) => {
  interpreter ??= fs.existsSync(python) ? python : findInterpreter();
  return /** @type {const} */ ([interpreter, ['-I', '-S', '-c', FLOCK, ...args]]);
};

/** @type {(descriptor: number) => import('node:child_process').StdioOptions} */
const handing = (descriptor) => ['ignore', 'ignore', 'pipe', descriptor];

const refused = (/** @type {string} */ why) => new SetupError(`no lock can be taken here: ${why.trim()}`);

/** Locks an open file unless another process holds its lock. @type {(descriptor: number) => boolean} */
function tryLock(descriptor) {
  const [command, args] = flock('at once');
  const { status, error, stderr } = spawnSync(command, args, {
    stdio: handing(descriptor),
    encoding: 'utf8',
  });
  if (error) throw refused(error.message);
  if (status === null) return tryLock(descriptor); // a signal ended it
  if (status !== 0 && status !== HELD) throw refused(stderr);
  return status === 0;
}

/**
 * Waits until no other process holds the lock of an open file, and locks it. Returns false if a signal of the system ended the wait;
 * throws the reason of an abort.
 * @type {(descriptor: number, abort?: AbortSignal) => Promise<boolean>}
 */
async function waitForLock(descriptor, abort) {
  abort?.throwIfAborted();
  const [command, args] = flock();
  const waiting = spawn(command, args, { stdio: handing(descriptor) });
  let why = '';
  waiting.stderr?.setEncoding('utf8').on('data', (text) => {
    why += text;
  });
  const end = () => waiting.kill();
  abort?.addEventListener('abort', end);
  const [status] = await once(waiting, 'close');
  abort?.removeEventListener('abort', end);
  abort?.throwIfAborted();
  if (status !== 0 && status !== null) throw refused(why);
  return status === 0;
}

/**
 * Runs Node under the lock of a file, which waits; the program itself holds it, so it ends with both.
 * @type {(file: string, args: readonly string[]) => import('node:child_process').SpawnSyncReturns<string>}
 */
function nodeUnderLock(file, args) {
  const descriptor = fs.openSync(file, 'a');
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['ignore', 'pipe', 'pipe', descriptor];
  try {
    const [command, own] = flock();
    const taken = spawnSync(command, own, { stdio, encoding: 'utf8' });
    if (taken.status === null) return taken; // a signal ended the wait
    if (taken.status !== 0) throw refused(taken.stderr);
    return spawnSync(process.execPath, args, { stdio, cwd: root, encoding: 'utf8' });
  } finally {
    fs.closeSync(descriptor);
  }
}

module.exports = { tryLock, waitForLock, withSetUpLock, nodeUnderLock };
