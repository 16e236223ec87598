/**
 * Variables of the environment that the project reads, each with what it may be.
 * @type {readonly (readonly [name: string, pattern: RegExp, expected: string])[]}
 */
const KNOWN = [
  ['PETERREC_CHECKPOINT_SECONDS', /^\d+(\.\d+)?$/, 'a number of seconds'],
  ['PETERREC_THREADS', /^[1-9]\d*$/, 'a whole number of at least 1'],
  ['PETERREC_ISA', /^(none|avx2|avx2x16)$/, 'none, avx2, avx2x16'],
  ['PETERREC_KEEP', /^all$/, 'all'],
  ['PETERREC_BF16', /^(none|dot-by-avx2|amx-by-avx2)$/, 'none, dot-by-avx2, amx-by-avx2'],
];

/**
 * One line about the first of them that is not as expected; undefined if all are.
 * @type {(env: NodeJS.ProcessEnv) => string | undefined}
 */
function refusalOf(env) {
  const wrong = KNOWN.find(([name, pattern]) => env[name] !== undefined && !pattern.test(env[name]));
  return wrong && `${wrong[0]} is ${JSON.stringify(env[wrong[0]])}, expected ${wrong[2]}`;
}

module.exports = { refusalOf };
