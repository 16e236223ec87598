const { spawn } = require('node:child_process');
const path = require('node:path');
const { root, cache, writeAtomically } = require('./project');
const { SetupError, explain } = require('./remedies');

/**
 * The lock's file descriptor, handed to every tool: a tool that outlives a killed set-up still holds the lock.
 * @type {number[]}
 */
const heldLock = [];

module.exports = { run, heldLock };

/**
 * Runs a tool in the project's root and returns its output; a failure is a SetupError with a remedy, and a log holds the output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, missing?: string }} [options] missing: the remedy when there is no such command
 * @returns {Promise<string>}
 */
function run(command, args, { env = process.env, missing = `install ${command}` } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe', ...heldLock] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', () => reject(new SetupError(`${command} is missing: ${missing}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(failure(command, args, output, signal));
    });
  });
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} output
 * @param {NodeJS.Signals | null} signal that ended it
 */
function failure(command, args, output, signal) {
  const tool = path.basename(command);
  const log = path.join(cache, `${tool}.log`);
  const reason = explain(output);
  // On a full disk the log cannot be written either, and the reason must still reach the user.
  try {
    writeAtomically(log, `${[command, ...args].join(' ')}\n${output}`);
  } catch {
    return new SetupError(reason);
  }
  const how = signal ? `was ended by ${signal}` : 'failed';
  return new SetupError(`${reason} (${tool} ${how}, see ${path.relative(root, log)})`);
}
