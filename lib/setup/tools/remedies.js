/** Set-up cannot go on; the message is one line that names what is missing and the remedy. */
class SetupError extends Error {}

/**
 * A tool's message of failure and what the user can do about it; the first match counts.
 * @type {readonly (readonly [RegExp, string])[]}
 */
const REMEDIES = [
  [
    /ENOSPC|No space left on device|Disk quota exceeded/i,
    'the disk is full; set-up says at its start how much it needs',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|NewConnectionError|ConnectTimeout|ProxyError|name resolution|Network is unreachable/i,
    'no network; check the connection (or the proxy settings of npm and pip)',
  ],
  [
    /EINTEGRITY|DO NOT MATCH THE HASHES/,
    'a download does not match its checksum; clear the cache of npm or pip',
  ],
  [/EUSAGE|in sync/, 'package.json and package-lock.json disagree; run npm install'],
  [
    /ensurepip is not available|No module named '?(venv|ensurepip)/,
    'Python has no venv; install python3-venv',
  ],
  [
    /No matching distribution found/,
    'pip finds no package for this Python and platform; Python 3.10 to 3.13 is needed, for a cluster 3.11 or newer',
  ],
  [/EACCES|EPERM|Permission denied/i, 'permission denied; the project folder must be writable'],
];

module.exports = { SetupError, explain, told };

/**
 * The line of a failed tool's output that helps, as a remedy where one is known.
 * @param {string} output
 */
function explain(output) {
  const known = REMEDIES.find(([symptom]) => symptom.test(output));
  if (known) return known[1];
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'it gives no reason').trim();
}

/**
 * A failure as a SetupError that names its place.
 * @param {string} place
 * @param {unknown} error
 */
function told(place, error) {
  return new SetupError(`${place}: ${error instanceof SetupError ? error.message : explain(String(error))}`);
}
