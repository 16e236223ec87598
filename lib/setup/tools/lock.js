const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { SetupError, findInterpreter, heldLock, told } = require('./command');
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
 * Locks the open file that it is given as 3 (flock): `now`, only if no other process holds the lock. A command behind that takes its place
 * and holds the lock as long as it runs. Python has the call on every system.
 */
const FLOCK = `import fcntl, os, sys
how, *command = sys.argv[1:]
try: fcntl.flock(3, fcntl.LOCK_EX | (fcntl.LOCK_NB if how == "now" else 0))
except BlockingIOError: sys.exit(75)
except OSError as error: sys.stderr.write(error.strerror); sys.exit(74)
if command: os.execv(command[0], command)`;
/** Its exit code if another process holds the lock. */
const HELD = 75;

/** @type {string | undefined} */
let interpreter;
const flock = (/** @type {string[]} */ ...args) => {
  interpreter ??= fs.existsSync(python) ? python : findInterpreter();
  return /** @type {const} */ ([interpreter, ['-I', '-S', '-c', FLOCK, ...args]]);
};

const refused = (/** @type {string} */ why) => new SetupError(`no lock can be taken here: ${why.trim()}`);

/** Locks an open file unless another process holds its lock. @type {(descriptor: number) => boolean} */
function tryLock(descriptor) {
  const { status, error, stderr } = spawnSync(...flock('now'), {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
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
  const waiting = spawn(...flock('wait'), { stdio: ['ignore', 'ignore', 'pipe', descriptor] });
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
 * Runs a command in the project's root under the lock of a file, for which it waits.
 * @type {(file: string, command: readonly string[]) => import('node:child_process').SpawnSyncReturns<string>}
 */
function runUnderLock(file, command) {
  const descriptor = fs.openSync(file, 'a');
  try {
    return spawnSync(...flock('wait', ...command), {
      ...{ cwd: root, encoding: 'utf8' },
      stdio: ['ignore', 'pipe', 'pipe', descriptor],
    });
  } finally {
    fs.closeSync(descriptor);
  }
}

module.exports = { tryLock, waitForLock, withSetUpLock, runUnderLock };
