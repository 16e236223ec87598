const { parse } = require('./arguments');
const { isSameFile } = require('./paths');
const { UsageError } = require('./usageError');
const { readers } = require('./values');

/**
 * @typedef {import('../declarations/commands').Command} Command
 * @typedef {import('../declarations/commands').Option} Option
 */

/**
 * The values of a command's options, each checked; one that is neither given nor has a fallback is absent.
 * @param {Command} command
 * @param {readonly string[]} args
 * @returns {Promise<Record<string, unknown>>}
 */
async function readOptions(command, args) {
  const { own, rest } = parted(command, args);
  const given = parse(command, own);
  /** @type {Record<string, unknown>} */
  const values = command.rest && rest.length > 0 ? { [command.rest]: rest } : {};
  for (const [name, option] of Object.entries(command.options)) {
    const text = given[name] ?? option.fallback;
    if (text !== undefined) values[name] = await readValue(name, option, text);
    else if (option.required) throw new UsageError(`--${name} is missing: expected ${option.help}`);
  }
  requireApart(command, values);
  return values;
}

/**
 * What is the command's own, and what it hands on.
 * @param {Command} command
 * @param {readonly string[]} args
 */
function parted(command, args) {
  const end = command.rest ? args.indexOf('--') : -1;
  return end < 0 ? { own: args, rest: [] } : { own: args.slice(0, end), rest: args.slice(end + 1) };
}

/**
 * No file is written over one that the command reads.
 * @param {Command} command
 * @param {Readonly<Record<string, unknown>>} values
 */
function requireApart(command, values) {
  for (const [name, { apartFrom = [] }] of Object.entries(command.options)) {
    const same = apartFrom.find((other) => isSameFile(values[name], values[other]));
    if (same) throw new UsageError(`--${name} ${values[name]}: expected another file than that of --${same}`);
  }
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

/** What a user may have set for npm itself: jobs for node-gyp; yes for npx, which hands it on to what it runs. */
const NPM_OWN = ['jobs', 'yes'];

/**
 * npm keeps options that stand before its `--` for itself, and the command would run without them.
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} environment
 */
function requireNoneTakenByNpm(command, environment) {
  const taken = Object.keys(command.options)
    .filter((name) => !NPM_OWN.includes(name))
    .find((name) => environment[`npm_config_${name.replace('-', '_')}`]);
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
  const rest = command.rest ? ` [-- options of the ${command.rest}]` : '';
  const short = command.positional ? ` [${command.positional.toUpperCase()}]` : '';
  const others = Object.entries(command.subcommands ?? {}).map(
    ([other, { purpose }]) => `npm run ${name} -- ${other} --help\n      ${purpose}`,
  );
  return [`npm run ${usage(name)}${short} [options]${rest}`, command.purpose, ...lines, ...others].join('\n');
}

/**
 * `reproduce --` or `data -- init`.
 * @param {string} name
 */
function usage(name) {
  const [command, subcommand] = name.split(' ');
  return subcommand ? `${command} -- ${subcommand}` : `${command} --`;
}

module.exports = { readOptions, requireNoneTakenByNpm, helpText, parted };
