const { spawn } = require('node:child_process');
const os = require('node:os');
const readline = require('node:readline');
const { root } = require('../setup/tools/project');

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** What TensorFlow says of itself on every start, whatever its log level is. */
const NOTES = /^(WARNING: All log messages before absl::InitializeLog|[IW]0000 00:00:)/;

/**
 * Passes on what a child writes to stderr, line by line, without TensorFlow's notes.
 * @param {import('node:stream').Readable} stderr
 */
function passOn(stderr) {
  readline.createInterface({ input: stderr }).on('line', (line) => {
    if (!NOTES.test(line)) process.stderr.write(`${line}\n`);
  });
}

/**
 * Hands on the lines that a child tells on its file descriptor 3.
 * @param {import('node:child_process').ChildProcess} child
 * @param {((line: string) => void) | undefined} onTold
 */
function listen(child, onTold) {
  const telling = /** @type {import('node:stream').Readable | null | undefined} */ (child.stdio[3]);
  if (telling && onTold) readline.createInterface({ input: telling }).on('line', onTold);
}

/**
 * Runs a program in the project's root on this terminal and returns its exit code, 128 + n where signal n ended it.
 * Signals go on to it: it decides how to end, and this process lives until it has. `isQuiet` leaves out TensorFlow's notes.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @param {{ readonly isQuiet?: boolean | undefined, readonly onTold?: ((line: string) => void) | undefined }} [how]
 * @returns {Promise<number>}
 */
function runChild(command, args, env = process.env, { isQuiet = false, onTold } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env,
    stdio: ['inherit', 'inherit', isQuiet ? 'pipe' : 'inherit', onTold ? 'pipe' : 'ignore'],
  });
  if (child.stderr) passOn(child.stderr);
  listen(child, onTold);
  return ended(child);
}

/**
 * Where the output of a program goes, nowhere if absent, and the lines that it tells; a signal ends it.
 * @typedef {{
 *   readonly stdout?: import('node:stream').Writable,
 *   readonly stderr?: import('node:stream').Writable,
 *   readonly onTold?: (line: string) => void,
 *   readonly signal?: AbortSignal,
 * }} Into
 */

/**
 * The same for a program whose output goes elsewhere than to this terminal.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {Into} into
 * @returns {Promise<number>}
 */
function runChildInto(command, args, env, { stdout, stderr, onTold, signal }) {
  const [out, err] = [stdout, stderr].map((to) => (to ? 'pipe' : 'ignore'));
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', out, err, 'pipe'] });
  if (stdout) child.stdout?.pipe(stdout);
  if (stderr) child.stderr?.pipe(stderr);
  listen(child, onTold);
  const end = () => child.kill();
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end);
  return ended(child);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function ended(child) {
  return new Promise((resolve, reject) => {
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, forward);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of SIGNALS) process.off(name, forward);
      resolve(code ?? 128 + os.constants.signals[signal ?? 'SIGTERM']);
    });
  });
}

module.exports = { runChild, runChildInto };
