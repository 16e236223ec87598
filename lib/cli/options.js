const { parseArgs } = require('node:util');
const { UsageError, readers } = require('./values');

/** @typedef {import('./commands').Command} Command */

/**
 * The values of a command's options, each checked; one that is neither given nor has a fallback is absent.
 * @type {(command: Command, args: readonly string[]) => Promise<Record<string, unknown>>}
 */
async function readOptions(command, args) {
  const { own, rest } = split(command, args);
  const given = parse(command, own);
  /** @type {Record<string, unknown>} */
  const values = command.rest && rest.length > 0 ? { [command.rest]: rest } : {};
  for (const [name, option] of Object.entries(command.options)) {
    const text = given[name] ?? option.fallback;
    if (text === undefined && option.required)
      throw new UsageError(`--${name} is missing: expected ${option.help}`);
    if (text === undefined) continue;
    try {
      values[name] =
        option.kind === 'flag' || typeof text === 'boolean' ? text : await readers[option.kind](text, option);
    } catch (error) {
      throw error instanceof UsageError ? new UsageError(`--${name} ${text}: ${error.message}`) : error;
    }
  }
  if (values.out !== undefined && values.out === values.input)
    throw new UsageError(`--out ${values.out}: expected another file than that of --input`);
  return values;
}

/**
 * The command's own arguments, and those that it passes on.
 * @type {(command: Command, args: readonly string[]) => { own: readonly string[], rest: readonly string[] }}
 */
function split(command, args) {
  const end = command.rest ? args.indexOf('--') : -1;
  return end < 0 ? { own: args, rest: [] } : { own: args.slice(0, end), rest: args.slice(end + 1) };
}

/**
 * Options, each given once and with a value if it takes one; a positional argument becomes the option it stands for.
 * @type {(command: Command, args: readonly string[]) => Record<string, string | true>}
 */
function parse({ options, positional }, args) {
  const types = Object.entries(options).map(
    ([name, { kind }]) => /** @type {const} */ ([name, { type: kind === 'flag' ? 'boolean' : 'string' }]),
  );
  // Not strict: the messages are ours, and `--seeds -1` means what it says.
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(types),
    ...{ allowPositionals: true, strict: false, tokens: true },
  });
  const names = Object.keys(options).map((name) => `--${name}`);
  const expectation = `expected ${names.join(', ')} (after npm's own --)`;
  /** @type {Record<string, string | true>} */
  const given = {};
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    const isOption = token.kind === 'option';
    if (isOption && !names.includes(token.rawName))
      throw new UsageError(`unknown option '${token.rawName}': ${expectation}`);
    const name = isOption ? token.name : positional;
    if (!name || (!isOption && name in given))
      throw new UsageError(`unexpected argument '${token.value}': ${expectation}`);
    if (name in given) throw new UsageError(`--${name} is given twice: expected it once`);
    given[name] = isOption ? givenTo(options[name], token) : token.value;
  }
  return given;
}

/**
 * @typedef {{ name: string, value?: string | undefined, inlineValue?: boolean | undefined }} Token
 * @type {(option: import('./commands').Option, token: Token) => string | true}
 */
function givenTo({ kind, help }, { name, value, inlineValue }) {
  if (kind === 'flag' && value !== undefined) throw new UsageError(`--${name}=${value}: expected no value`);
  if (kind === 'flag') return true;
  if (!value?.trim() || (!inlineValue && value.startsWith('--')))
    throw new UsageError(`--${name} has no value: expected ${help}`);
  return value;
}

/** Options that npm may keep: jobs for node-gyp; yes for npx, which passes it on; no-browser, which start reads there. */
const NPM_MAY = ['jobs', 'yes', 'no-browser'];

/**
 * Throws a UsageError for an option before npm's `--`: npm keeps it, and the command would run without it.
 * @type {(command: Command, environment: NodeJS.ProcessEnv) => void}
 */
function requireNoneTakenByNpm(command, environment) {
  const taken = Object.keys(command.options)
    .filter((name) => !NPM_MAY.includes(name))
    .find((name) => environment[`npm_config_${name}`]);
  if (taken) throw new UsageError(`--${taken} was taken by npm: write -- before the options`);
}

/** Text of `--help`; the name is `reproduce` or `data init`. @type {(name: string, command: Command) => string} */
function helpText(name, command) {
  const lines = Object.entries(command.options).map(
    ([option, { kind, choices, fallback, required, help }]) => {
      const value = kind === 'flag' ? '' : ` ${choices?.join('|') ?? kind.toUpperCase()}`;
      const otherwise = fallback === undefined ? (required ? ' (required)' : '') : ` (default ${fallback})`;
      return `  --${option}${value}\n      ${help}${otherwise}`;
    },
  );
  const [main, ...sub] = name.split(' ');
  const rest = command.rest ? ` [-- options of the ${command.rest}]` : '';
  const short = command.positional ? ` [${command.positional.toUpperCase()}]` : '';
  const others = Object.entries(command.subcommands ?? {}).map(
    ([other, { purpose }]) => `npm run ${name} -- ${other} --help\n      ${purpose}`,
  );
  const usage = `npm run ${[main, '--', ...sub].join(' ')}${short} [options]${rest}`;
  return [usage, command.purpose, ...lines, ...others].join('\n');
}

module.exports = { readOptions, requireNoneTakenByNpm, helpText, split };
