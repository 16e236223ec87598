const path = require('node:path');
const { SetupError } = require('../setup/tools/command');
const { setUp, checkSetUp } = require('./setUp');
const { refusalOf } = require('../setup/tools/variables');
const { runChild } = require('./child');
const { commands } = require('./commands');
const { helpText, readOptions, requireNoneTakenByNpm, split } = require('./options');
const { UsageError } = require('./values');

/**
 * Runs a command: checks its options, sets up what it needs, starts it, and ends with its exit code.
 * @param {readonly string[]} args the command's name and its arguments
 */
async function launch([name, ...args]) {
  try {
    if (!Object.hasOwn(commands, name))
      throw new UsageError(`no such command: expected ${Object.keys(commands).join(', ')}`);
    const command = commands[name];
    const { subcommands = {} } = command;
    const subcommand = Object.hasOwn(subcommands, args[0]) ? subcommands[args[0]] : undefined;
    process.exitCode = await (subcommand
      ? run(`${name} ${args[0]}`, subcommand, args.slice(1))
      : run(name, command, args));
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SetupError)) throw error;
    console.error(`${name}: ${error.message}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/**
 * Returns the exit code.
 * @type {(name: string, command: import('./commands').Command, args: readonly string[]) => Promise<number>}
 */
async function run(name, command, args) {
  if (split(command, args).own.includes('--help')) {
    console.log(helpText(name, command));
    return 0;
  }
  requireNoneTakenByNpm(command, process.env);
  const refusal = refusalOf(process.env);
  if (refusal) throw new UsageError(refusal);
  const options = await readOptions(command, args);
  const device = /** @type {'auto' | 'cpu' | 'gpu'} */ (options.device ?? 'auto');
  if (!options.check) await setUp(device, /** @type {string | undefined} */ (options.data));
  if (name === 'setup') return checkSetUp(device) ? 0 : 1;
  const script = path.join(__dirname, 'programs', `${command.script ?? name}.ts`);
  // CUDA's own switch hides the GPU from TensorFlow.
  const hidden = device === 'cpu' ? { CUDA_VISIBLE_DEVICES: '-1' } : {};
  // What jobs of a cluster take is measured with the threads that they have.
  const isForJobs = options.on && options.on !== 'local' && (options.cpus || !options.plan);
  const threads = isForJobs ? { PETERREC_THREADS: String(options.cpus ?? 1) } : {};
  const keeping = options.keep ? { PETERREC_KEEP: 'all' } : {};
  return runChild(process.execPath, ['--import', 'tsx', script, JSON.stringify(options)], {
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env, ...hidden, ...threads, ...keeping },
    isQuiet: name !== 'start', // JupyterLab colours its log only on a terminal
  });
}

module.exports = { launch };
