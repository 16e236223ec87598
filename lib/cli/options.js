const { parseArgs } = require('node:util');
const { UsageError, readers } = require('./values');

/**
 * @typedef {import('./commands').Command} Command
 * @typedef {import('./commands').Option} Option
 */

/**
 * The values of a command's options, each checked; one that is neither given nor has a fallback is absent.
 * @param {Command} command
 * @param {readonly string[]} args
 * @returns {Promise<Record<string, unknown>>}
 */
async function readOptions(command, args) {
  const given = parse(command, args);
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const [name, option] of Object.entries(command.options)) {
    const text = given[name] ?? option.fallback;
    if (text !== undefined) values[name] = await readValue(name, option, text);
    else if (option.required) throw new UsageError(`--${name} is missing: expected ${option.help}`);
  }
  return values;
}

/**
 * @param {string} name
 * @param {Option} option
 * @param {string | boolean} text
 */
async function readValue(name, option, text) {
  if (option.kind === 'flag' || typeof text === 'boolean') return text;
  try {
    return await readers[option.kind](text, option);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`--${name} ${text}: ${error.message}`) : error;
  }
}

/**
 * Splits arguments into options; a positional argument becomes the option it stands for.
 * @param {Command} command
 * @param {readonly string[]} args
 * @returns {Record<string, string | boolean | undefined>}
 */
function parse(command, args) {
  const options = Object.entries(command.options).map(
    ([name, { kind }]) => /** @type {const} */ ([name, { type: kind === 'flag' ? 'boolean' : 'string' }]),
  );
  const { values, positionals } = parseOrExplain(command, args, Object.fromEntries(options));
  const [first, ...rest] = positionals;
  const unexpected = command.positional ? rest[0] : first;
  if (unexpected !== undefined) {
    throw new UsageError(`unexpected argument '${unexpected}': expected ${expectation(command)}`);
  }
  return command.positional && first !== undefined ? { ...values, [command.positional]: first } : values;
}

/**
 * @param {Command} command
 * @param {readonly string[]} args
 * @param {Record<string, { type: 'boolean' | 'string' }>} options
 */
function parseOrExplain(command, args, options) {
  try {
    return parseArgs({ args: joinNegativeNumbers(args), options, allowPositionals: true });
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split(/[.\n]/);
    throw new UsageError(`${reason}: expected ${expectation(command)}`);
  }
}

/**
 * `--seeds -1` means what it says; parseArgs takes only `--seeds=-1`.
 * @param {readonly string[]} args
 */
function joinNegativeNumbers(args) {
  /** @type {string[]} */
  const joined = [];
  for (const argument of args) {
    if (/^-\d/.test(argument) && joined.at(-1)?.startsWith('--')) joined.push(`${joined.pop()}=${argument}`);
    else joined.push(argument);
  }
  return joined;
}

/** @param {Command} command */
function expectation(command) {
  const names = Object.keys(command.options).map((name) => `--${name}`);
  return names.length > 0 ? `${names.join(', ')} (after npm's own --)` : 'no options';
}

/**
 * npm keeps options that stand before its `--` for itself, and the command would run without them.
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} environment
 */
function requireNoneTakenByNpm(command, environment) {
  const taken = Object.keys(command.options).find(
    (name) => environment[`npm_config_${name.replace('-', '_')}`],
  );
  if (taken) throw new UsageError(`--${taken} was taken by npm: write -- before the options`);
}

/**
 * What `--help` prints.
 * @param {string} name
 * @param {Command} command
 */
function helpText(name, command) {
  const lines = Object.entries(command.options).map(
    ([option, { kind, choices, fallback, required, help }]) => {
      const value = kind === 'flag' ? '' : ` ${choices?.join('|') ?? kind.toUpperCase()}`;
      const otherwise = fallback === undefined ? (required ? ' (required)' : '') : ` (default ${fallback})`;
      return `  --${option}${value}\n      ${help}${otherwise}`;
    },
  );
  const short = command.positional ? ` [${command.positional.toUpperCase()}]` : '';
  return [`npm run ${name} --${short} [options]`, command.purpose, ...lines].join('\n');
}

module.exports = { readOptions, requireNoneTakenByNpm, helpText };
