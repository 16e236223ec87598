/**
 * @typedef {'flag' | 'choice' | 'questions' | 'runs' | 'count' | 'names' | 'dataset' | 'folder' | 'newFolder' | 'executor' | 'file' | 'place' | 'run' | 'checkpoint' | 'newFile'} Kind
 * @typedef {object} Option
 * @property {Kind} kind
 * @property {string} help
 * @property {readonly string[]} [choices]
 * @property {readonly [number, number]} [range] least and greatest count; 1 and 1000 if absent
 * @property {string | boolean} [fallback] the value, as a user would write it, of an option that is not given
 * @property {boolean} [required]
 * @property {string} [ending] of a new file's name
 * @typedef {object} Command
 * @property {string} purpose
 * @property {string} [script] the TypeScript file in lib/cli/programs that does it; set-up alone has none
 * @property {boolean} [quiet] leaves TensorFlow's notes out of stderr
 * @property {string} [rest] the name among the options of all after a second --
 * @property {string} [positional] the option that may be given without its name
 * @property {Readonly<Record<string, Option>>} options
 * @property {Readonly<Record<string, Command>>} [subcommands] by the first argument
 */

const { device } = require('./commonOptions');
const { modelCommands } = require('./modelCommands');
const { researchCommands } = require('./researchCommands');

/** Names of lib/bench/cases.ts, which only TypeScript can read. */
const benchmarks = [
  ...['train-step', 'train-step-bf16', 'finetune-step', 'finetune-step-bf16', 'finetune-epoch'],
  ...['pretrain-small', 'pretrain-645k', 'evaluate'],
];

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
      port: {
        kind: 'count',
        range: [1, 65535],
        fallback: '8888',
        help: 'where JupyterLab listens on localhost',
      },
      'no-browser': { kind: 'flag', help: 'print the address instead of opening a browser' },
    },
  },
  ...researchCommands,
  ...modelCommands,
  bench: {
    purpose:
      'Measures the engine against PyTorch, installed at first use; without a name, lists the benchmarks.',
    script: 'bench.ts',
    positional: 'benchmark',
    options: {
      benchmark: { kind: 'choice', choices: benchmarks, help: 'what to measure' },
      json: { kind: 'flag', help: 'print one JSON object a line' },
    },
  },
  test: {
    purpose: 'Checks types and style and runs the tests that take minutes.',
    script: 'test.ts',
    options: {
      all: { kind: 'flag', help: 'long tests too: browsers, all notebooks, kills, instruction sets' },
    },
  },
};

module.exports = { commands };
