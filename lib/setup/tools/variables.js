/** Variables of the environment that the project reads, each with what it may be. */

/** @type {readonly (readonly [name: string, pattern: RegExp, expected: string])[]} */
const KNOWN = [
  ['PETERREC_CHECKPOINT_SECONDS', /^\d+(\.\d+)?$/, 'a number of seconds'],
  ['PETERREC_THREADS', /^[1-9]\d*$/, 'a whole number of at least 1'],
  ['PETERREC_ISA', /^(none|avx2|avx2x16)$/, 'none, avx2, avx2x16'],
  ['PETERREC_BF16', /^(none|dot-by-avx2|amx-by-avx2)$/, 'none, dot-by-avx2, amx-by-avx2'],
];

module.exports = { refusalOf };

/**
 * What is wrong with the first of them that is not as expected; undefined if all are.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} one line
 */
function refusalOf(env) {
  for (const [name, pattern, expected] of KNOWN) {
    const found = env[name];
    if (found !== undefined && !pattern.test(found))
      return `${name} is ${JSON.stringify(found)}, expected ${expected}`;
  }
  return undefined;
}
