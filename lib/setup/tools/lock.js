const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { heldLock } = require('./command');
const { SetupError } = require('./remedies');

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
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = fs.openSync(file, 'a');
  try {
    if (!tryLock(descriptor)) {
      onWait();
      await once(spawn('flock', ['3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] }), 'exit');
    }
    heldLock.push(descriptor);
    return await work();
  } finally {
    heldLock.length = 0;
    fs.closeSync(descriptor);
  }
}

/**
 * @param {number} descriptor
 */
function tryLock(descriptor) {
  const { status, error } = spawnSync('flock', ['--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  });
  if (error) throw new SetupError('flock is missing: install util-linux');
  return status === 0;
}

module.exports = { withLock };
