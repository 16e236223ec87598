/**
 * @typedef {'flag' | 'choice' | 'questions' | 'runs' | 'count' | 'names' | 'port' | 'dataset' | 'folder' | 'newFolder' | 'executor' | 'file' | 'place' | 'run' | 'checkpoint' | 'newFile'} Kind
 * @typedef {object} Option
 * @property {Kind} kind
 * @property {string} help
 * @property {readonly string[]} [choices]
 * @property {readonly [number, number]} [range] the least and the greatest of a count, if not 1 and 1000
 * @property {string | boolean} [fallback] the value, as a user would write it, of an option that is not given
 * @property {boolean} [required] the command needs the option
 * @property {string} [ending] what the name of a new file ends with
 * @property {readonly string[]} [apartFrom] options whose files it must not name
 * @typedef {object} Command
 * @property {string} purpose
 * @property {string} [script] the TypeScript file in lib/cli/programs that does it; set-up alone has none
 * @property {boolean} [quiet] what TensorFlow says of itself is left out of its stderr
 * @property {string} [rest] what all after a second -- is called among the options, one by one
 * @property {string} [positional] the option that may be given without its name
 * @property {Readonly<Record<string, Option>>} options
 * @property {Readonly<Record<string, Command>>} [subcommands] what the command does when its first argument is one of these names
 */

const { device } = require('./commonOptions');
const { modelCommands } = require('./modelCommands');
const { researchCommands } = require('./researchCommands');

/** @type {Readonly<Record<string, Command>>} */
const commands = {
  setup: {
    purpose: 'Sets up what the other commands need; they also do so themselves.',
    options: { check: { kind: 'flag', help: 'only report what is ready and what is missing' }, device },
  },
  start: {
    purpose: 'Opens JupyterLab on the notebooks.',
    script: 'start.ts',
    options: {
      port: { kind: 'port', fallback: '8888', help: 'where JupyterLab listens, on localhost only' },
      'no-browser': { kind: 'flag', help: 'print the address instead of opening a browser' },
    },
  },
  ...researchCommands,
  ...modelCommands,
  bench: {
    purpose:
      'Measures the engine against PyTorch, which is installed at first use; names the benchmarks if none is given.',
    script: 'bench.ts',
    positional: 'benchmark',
    options: {
      benchmark: {
        kind: 'choice',
        choices: [
          'train-step',
          'train-step-bf16',
          'finetune-step',
          'finetune-step-bf16',
          'finetune-epoch',
          'pretrain-small',
          'pretrain-645k',
          'evaluate',
        ],
        help: 'what to measure',
      },
      json: { kind: 'flag', help: 'print one JSON object a line' },
    },
  },
  test: {
    purpose: 'Checks types and style and runs the tests that take minutes.',
    script: 'test.ts',
    options: {
      all: {
        kind: 'flag',
        help: 'the others too: browsers, all notebooks, programs that are killed, every set of instructions',
      },
    },
  },
};

module.exports = { commands };
