const path = require('node:path');
const { SetupError } = require('../setup/tools/remedies');
const { setUp, checkSetUp } = require('../setup/setUp');
const { refusalOf } = require('../setup/tools/variables');
const { runChild } = require('./child');
const { commands } = require('./declarations/commands');
const { helpText, parted, readOptions, requireNoneTakenByNpm } = require('./options/options');
const { UsageError } = require('./options/usageError');

/**
 * Runs a command: checks its options, sets up what it needs, starts it, and ends with its exit code.
 * @param {readonly string[]} args the command's name and its arguments
 */
async function launch([name, ...args]) {
  try {
    process.exitCode = await execute(name, args);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SetupError)) throw error;
    console.error(`${name}: ${error.message}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function execute(name, args) {
  const command = commands[name];
  if (!command) throw new UsageError(`no such command: expected ${Object.keys(commands).join(', ')}`);
  const [first, ...others] = args;
  const subcommand = command.subcommands?.[first];
  return subcommand ? run(`${name} ${first}`, subcommand, others) : run(name, command, args);
}

/**
 * @param {string} name
 * @param {import('./declarations/commands').Command} command
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function run(name, command, args) {
  if (parted(command, args).own.includes('--help')) {
    console.log(helpText(name, command));
    return 0;
  }
  requireNoneTakenByNpm(command, process.env);
  const refusal = refusalOf(process.env);
  if (refusal) throw new UsageError(refusal);
  const options = await readOptions(command, args);
  const device = /** @type {'auto' | 'cpu' | 'gpu'} */ (options.device ?? 'auto');
  if (options.check) return checkSetUp(device) ? 0 : 1;
  await setUp(device, /** @type {string | undefined} */ (options.data));
  if (command.script)
    return runChild(process.execPath, scriptArguments(command.script, options), environment(device), {
      isQuiet: command.quiet,
    });
  return checkSetUp(device) ? 0 : 1;
}

/**
 * @param {string} script
 * @param {Record<string, unknown>} options
 */
function scriptArguments(script, options) {
  return ['--import', 'tsx', path.join(__dirname, 'programs', script), JSON.stringify(options)];
}

/**
 * CUDA's own switch hides the GPU from a TensorFlow that could use it; TensorFlow's notes on its own start stay unsaid.
 * @param {'auto' | 'cpu' | 'gpu'} device
 */
function environment(device) {
  const quiet = { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env };
  return device === 'cpu' ? { ...quiet, CUDA_VISIBLE_DEVICES: '-1' } : quiet;
}

module.exports = { launch };
