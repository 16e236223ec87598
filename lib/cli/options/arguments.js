const { parseArgs } = require('node:util');
const { UsageError } = require('./usageError');

/** @typedef {import('../declarations/commands').Command} Command */

/**
 * Splits arguments into options, each given once and with a value if it takes one; a positional argument becomes the
 * option it stands for.
 * @param {Command} command
 * @param {readonly string[]} args
 */
function parse(command, args) {
  const options = Object.entries(command.options).map(
    ([name, { kind }]) => /** @type {const} */ ([name, { type: kind === 'flag' ? 'boolean' : 'string' }]),
  );
  // Not strict: the messages are ours, and `--seeds -1` means what it says.
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  /** @type {Record<string, string | true>} */
  const given = {};
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    const [name, value] =
      token.kind === 'positional' ? positional(command, given, token.value) : optionValue(command, token);
    if (name in given) throw new UsageError(`--${name} is given twice: expected it once`);
    given[name] = value;
  }
  return given;
}

/**
 * @param {Command} command
 * @param {Record<string, unknown>} given
 * @param {string} argument
 * @returns {[string, string]}
 */
function positional(command, given, argument) {
  if (command.positional && !(command.positional in given)) return [command.positional, argument];
  throw new UsageError(`unexpected argument '${argument}': expected ${expectation(command)}`);
}

/**
 * @param {Command} command
 * @param {{ name: string, rawName: string, value?: string | undefined, inlineValue?: boolean | undefined }} token
 * @returns {[string, string | true]}
 */
function optionValue(command, { name, rawName, value, inlineValue }) {
  const known = rawName === `--${name}` && Object.hasOwn(command.options, name);
  const option = known ? command.options[name] : undefined;
  if (!option) throw new UsageError(`unknown option '${rawName}': expected ${expectation(command)}`);
  if (option.kind === 'flag') {
    if (value !== undefined) throw new UsageError(`--${name}=${value}: expected no value`);
    return [name, true];
  }
  if (!value?.trim() || (!inlineValue && value.startsWith('--')))
    throw new UsageError(`--${name} has no value: expected ${option.help}`);
  return [name, value];
}

/** @param {Command} command */
function expectation(command) {
  const names = Object.keys(command.options).map((name) => `--${name}`);
  return names.length > 0 ? `${names.join(', ')} (after npm's own --)` : 'no options';
}

module.exports = { parse };
