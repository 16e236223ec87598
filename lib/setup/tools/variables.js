/** What is asked for by variables of the environment: how many threads the engine has, which instructions, and how often checkpoints are left. */

/**
 * What each may ask for.
 * @type {readonly (readonly [string, readonly string[]])[]}
 */
const KNOWN = [
  ['PETERREC_ISA', ['none', 'avx2', 'avx2x16']],
  ['PETERREC_BF16', ['none', 'dot-by-avx2', 'amx-by-avx2']],
];

module.exports = { refusalOf };

/**
 * What is wrong with the first of them that asks for what there is not; undefined where none does.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} one line
 */
function refusalOf(env) {
  const { PETERREC_THREADS: threads, PETERREC_CHECKPOINT_SECONDS: seconds } = env;
  if (seconds !== undefined && !/^\d+(\.\d+)?$/.test(seconds))
    return `PETERREC_CHECKPOINT_SECONDS is ${JSON.stringify(seconds)}, expected a number of seconds`;
  if (threads !== undefined && !/^[1-9]\d*$/.test(threads))
    return `PETERREC_THREADS is ${JSON.stringify(threads)}, expected a whole number of at least 1`;
  for (const [name, known] of KNOWN) {
    const asked = env[name];
    if (asked !== undefined && !known.includes(asked))
      return `${name} is ${JSON.stringify(asked)}, expected ${known.join(', ')}`;
  }
  return undefined;
}
