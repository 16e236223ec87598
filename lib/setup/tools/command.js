/** Runs the tools of set-up, and explains their failures. */
const { spawn, spawnSync } = require('node:child_process');
const path = require('node:path');
const { root, cache, writeAtomically } = require('./project');

/** Set-up cannot go on; the message is one line that names what is missing and the remedy. */
class SetupError extends Error {}

/**
 * A tool's message of failure and what the user can do about it; the first match counts.
 * @type {readonly (readonly [RegExp, string])[]}
 */
const REMEDIES = [
  [/ENOSPC|No space left on device|Disk quota exceeded/i, 'the disk is full; set-up says how much it needs'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|NewConnectionError|ConnectTimeout|ProxyError|name resolution|Network is unreachable/i,
    'no network; check the connection (or the proxy settings of npm and pip)',
  ],
  [/EINTEGRITY|DO NOT MATCH THE HASHES/, 'a download has another checksum; clear the cache of npm or pip'],
  [/EUSAGE|in sync/, 'package.json and package-lock.json disagree; run npm install'],
  [/ensurepip is not available|No module named '?(venv|ensurepip)/, 'no venv; install python3-venv'],
  [/No matching distribution found/, 'pip finds no package; use Python 3.10 to 3.13, 3.11+ for a cluster'],
  [
    /npm error (path .*\/\.npm\b|Your cache folder)/,
    "npm's cache cannot be written; name another folder in npm_config_cache",
  ],
  [/EACCES|EPERM|Permission denied/i, 'permission denied; the project folder must be writable'],
];

/** The line of a failed tool's output that helps, as a remedy where one is known. @type {(output: string) => string} */
function explain(output) {
  const known = REMEDIES.find(([symptom]) => symptom.test(output));
  if (known) return known[1];
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'it gives no reason').trim();
}

/** A failure as a SetupError that names its place. @type {(place: string, error: unknown) => SetupError} */
const told = (place, error) =>
  new SetupError(`${place}: ${error instanceof SetupError ? error.message : explain(String(error))}`);

/**
 * The lock's file descriptor, handed to every tool: a tool that outlives a killed set-up still holds the lock.
 * @type {number[]}
 */
const heldLock = [];

/**
 * Runs a tool in the project's root and returns its output; a failure is a SetupError with a remedy, and a log holds the output.
 * `missing` is the remedy when there is no such command.
 * @type {(command: string, args: readonly string[], options?: { env?: NodeJS.ProcessEnv, missing?: string }) => Promise<string>}
 */
const run = (command, args, { env = process.env, missing = `install ${command}` } = {}) =>
  new Promise((resolve, reject) => {
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
      else reject(failure([command, ...args], output, signal));
    });
  });

/** @type {(command: readonly string[], output: string, signal: NodeJS.Signals | null) => SetupError} */
function failure(command, output, signal) {
  const tool = path.basename(command[0]);
  const log = path.join(cache, `${tool}.log`);
  const reason = explain(output);
  // On a full disk the log cannot be written either, and the reason must still reach the user.
  try {
    writeAtomically(log, `${command.join(' ')}\n${output}`);
  } catch {
    return new SetupError(reason);
  }
  const how = signal ? `was ended by ${signal}` : 'failed';
  return new SetupError(`${reason} (${tool} ${how}, see ${path.relative(root, log)})`);
}

/** Interpreters to try, the system's own first. TensorFlow 2.21 has wheels for 3.10 to 3.13. */
const INTERPRETERS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const FITS = 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))';

function findInterpreter() {
  const found = INTERPRETERS.find((interpreter) => spawnSync(interpreter, ['-c', FITS]).status === 0);
  if (found) return found;
  throw new SetupError(
    'Python 3.10 to 3.13 is missing: install one of them and its venv, such as python3.13 and python3.13-venv',
  );
}

module.exports = { SetupError, explain, findInterpreter, told, run, heldLock };
