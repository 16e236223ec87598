/**
 * @typedef {'flag' | 'choice' | 'questions' | 'count' | 'port' | 'dataset' | 'folder' | 'newFolder' | 'file' | 'checkpoint' | 'newFile'} Kind
 * @typedef {object} Option
 * @property {Kind} kind
 * @property {string} help
 * @property {readonly string[]} [choices]
 * @property {readonly [number, number]} [range] the least and the greatest of a count, if not 1 and 1000
 * @property {string | boolean} [fallback] the value, as a user would write it, of an option that is not given
 * @property {boolean} [required] the command needs the option
 * @typedef {object} Command
 * @property {string} purpose
 * @property {string} [script] the TypeScript file in lib/cli that does it; set-up alone has none
 * @property {boolean} [quiet] what TensorFlow says of itself is left out of its stderr
 * @property {string} [positional] the option that may be given without its name
 * @property {Readonly<Record<string, Option>>} options
 */

/** @type {Option} */
const device = {
  kind: 'choice',
  choices: ['auto', 'cpu', 'gpu'],
  fallback: 'auto',
  help: 'where to compute; auto is the GPU where setup installed CUDA',
};

/** @type {Option} */
const data = {
  kind: 'dataset',
  fallback: 'movielens-100k',
  help: 'a data set under data/, a folder with a dataset.json or the files of MovieLens, or a zip archive of them',
};

/** @type {Readonly<Record<string, Option>>} */
const trunk = {
  checkpoint: {
    kind: 'checkpoint',
    required: true,
    help: "a trunk: a .safetensors file of a run's models/, or the prefix of a TensorFlow checkpoint of the authors",
  },
  trunk: {
    kind: 'choice',
    choices: ['causal', 'non-causal'],
    help: "which kind of trunk it is; needed for the authors' checkpoints, which do not say",
  },
};

/** @type {Option} */
const patch = { kind: 'file', help: 'a patch set that was tuned on this trunk' };

/** @type {Readonly<Record<string, Option>>} */
const sequences = {
  ids: {
    kind: 'choice',
    choices: ['raw', 'model'],
    fallback: 'raw',
    help: "whether the input holds items of the data or the model's own ids",
  },
  input: {
    kind: 'file',
    required: true,
    help: 'a CSV file without a header: a row a user, oldest item first, rows of any length',
  },
};

/** @type {Readonly<Record<string, Command>>} */
const commands = {
  setup: {
    purpose: 'Sets up what the other commands need; they also do so themselves.',
    options: { check: { kind: 'flag', help: 'only report what is ready and what is missing' }, device },
  },
  reproduce: {
    purpose: "Runs the notebooks of the paper's research questions and leaves results, figures and tables.",
    script: 'reproduce.ts',
    options: {
      rq: {
        kind: 'questions',
        help: 'the questions to answer, for example rq1 or rq1,rq2; all if not given',
      },
      data,
      preset: {
        kind: 'choice',
        choices: ['quick', 'default', 'paper'],
        fallback: 'default',
        help: "budgets: quick takes minutes, default suits a laptop, paper has the paper's hyper-parameters",
      },
      seeds: { kind: 'count', help: 'how many seeds; the preset decides if not given' },
      device,
      out: { kind: 'folder', help: 'where to leave everything; figures/runs/<data>-<preset> if not given' },
    },
  },
  start: {
    purpose: 'Opens JupyterLab on the notebooks.',
    script: 'start.ts',
    options: {
      port: { kind: 'port', fallback: '8888', help: 'where JupyterLab listens, on localhost only' },
      'no-browser': { kind: 'flag', help: 'print the address instead of opening a browser' },
    },
  },
  data: {
    purpose: 'Checks a data set and prints its tasks, its licence and what was dropped.',
    script: 'data.ts',
    positional: 'data',
    options: { data, json: { kind: 'flag', help: 'print one JSON document' } },
  },
  synthesize: {
    purpose: 'Writes a made-up data set whose answers are known, of any size.',
    script: 'synthesize.ts',
    options: {
      world: {
        kind: 'choice',
        choices: ['structured', 'null'],
        fallback: 'structured',
        help: "whether a user's interests decide targets and labels, or nothing does",
      },
      users: { kind: 'count', range: [20, 5_000_000], fallback: '2000', help: 'how many users' },
      items: { kind: 'count', range: [100, 5_000_000], fallback: '500', help: 'how many source items' },
      length: { kind: 'count', range: [4, 1000], fallback: '50', help: 'items of a sequence, in the mean' },
      seed: { kind: 'count', range: [0, 1_000_000], fallback: '1', help: 'seed of every draw' },
      out: { kind: 'newFolder', help: 'a new or empty folder; data/<name> if not given' },
    },
  },
  encode: {
    purpose: 'Writes the hidden states of a model on sequences of items, a JSON line a row.',
    script: 'encode.ts',
    quiet: true,
    options: {
      ...trunk,
      patch,
      ...sequences,
      positions: {
        kind: 'choice',
        choices: ['last', 'all'],
        fallback: 'last',
        help: "the last position (with a patch set and raw ids: the user's vector) or all that the model reads",
      },
      out: {
        kind: 'newFile',
        required: true,
        help: 'a .jsonl file: { "row": n from 0, "hidden": [[k numbers]] }',
      },
      device,
    },
  },
  predict: {
    purpose:
      'Writes the best target items or the class probabilities of sequences of items, a JSON line a row.',
    script: 'predict.ts',
    quiet: true,
    options: {
      ...trunk,
      patch: { ...patch, required: true },
      ...sequences,
      top: { kind: 'count', range: [1, 10_000], fallback: '10', help: 'how many target items to list' },
      out: {
        kind: 'newFile',
        required: true,
        help: 'a .jsonl file: { "row": n from 0, "top": [{ "item", "score" }] } or { "row", "probabilities" }',
      },
      device,
    },
  },
  export: {
    purpose:
      'Writes a model for other programs: a SavedModel that Python TensorFlow runs, or one safetensors file.',
    script: 'export.ts',
    quiet: true,
    options: {
      ...trunk,
      patch,
      format: {
        kind: 'choice',
        choices: ['saved-model', 'safetensors'],
        fallback: 'saved-model',
        help: 'a SavedModel takes ids [rows, length] and gives user vectors and scores, or the hidden states of a trunk',
      },
      rows: {
        kind: 'count',
        range: [1, 4096],
        fallback: '1',
        help: 'how many rows a SavedModel takes at once',
      },
      length: {
        kind: 'count',
        range: [1, 100_000],
        help: 'how many ids a row of a SavedModel has; as in training if not given',
      },
      out: { kind: 'newFolder', required: true, help: 'a new or empty folder' },
      device,
    },
  },
  bench: {
    purpose:
      'Measures the engine against PyTorch, which is installed at first use; names the benchmarks if none is given.',
    script: 'bench.ts',
    positional: 'benchmark',
    options: {
      benchmark: {
        kind: 'choice',
        choices: ['train-step', 'finetune-step', 'finetune-epoch', 'pretrain-645k', 'evaluate', 'engine'],
        help: 'what to measure',
      },
      json: { kind: 'flag', help: 'print one JSON object a line' },
    },
  },
  test: {
    purpose: 'Checks types and style and runs the tests.',
    script: 'test.ts',
    options: {},
  },
};

module.exports = { commands };
