const { spawn } = require('node:child_process');
const os = require('node:os');
const readline = require('node:readline');
const { root } = require('../setup/tools/project');

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** TensorFlow's notes at every start, which no log level turns off. */
const NOTES = /^(WARNING: All log messages before absl::InitializeLog|[IW]0000 00:00:)/;

/**
 * @typedef {object} Watching
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [isQuiet] leaves TensorFlow's notes out of stderr
 * @property {(text: string) => void} [onOutput] gets stdout and stderr instead of this terminal
 */

/**
 * Runs a program in the project's root and returns its exit code, 128 + n where signal n ended it.
 * Signals are forwarded: the program decides how to end, and this process waits for it.
 * @type {(command: string, args: readonly string[], watching?: Watching) => Promise<number>}
 */
function runChild(command, args, { env = process.env, isQuiet, onOutput } = {}) {
  const [input, out] = onOutput ? ['ignore', 'pipe'] : ['inherit', 'inherit'];
  const stdio = [input, out, isQuiet ? 'pipe' : out];
  const child = spawn(command, args, { cwd: root, env, stdio: /** @type {'pipe'[]} */ (stdio) });
  if (onOutput)
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
  else if (isQuiet)
    readline.createInterface({ input: child.stderr }).on('line', (line) => {
      if (!NOTES.test(line)) process.stderr.write(`${line}\n`);
    });
  return ended(child);
}

/** @type {(child: import('node:child_process').ChildProcess) => Promise<number>} */
const ended = (child) =>
  new Promise((resolve, reject) => {
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, forward);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of SIGNALS) process.off(name, forward);
      resolve(code ?? 128 + os.constants.signals[signal ?? 'SIGTERM']);
    });
  });

module.exports = { runChild };
