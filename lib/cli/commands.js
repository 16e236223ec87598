/**
 * @typedef {'flag' | 'choice' | 'questions' | 'runs' | 'count' | 'names' | 'dataset' | 'folder' | 'newFolder' | 'executor' | 'file' | 'files' | 'place' | 'run' | 'checkpoint' | 'newFile' | 'newModel'} Kind
 * @typedef {object} Option
 * @property {Kind} kind
 * @property {string} help
 * @property {readonly string[]} [choices]
 * @property {readonly [number, number] | undefined} [range] least and greatest count; 1 and 1000 if absent
 * @property {string | undefined} [fallback] the value, as a user would write it, of an option that is not given
 * @property {boolean} [required]
 * @typedef {object} Command
 * @property {string} purpose
 * @property {string} [script] the TypeScript file in lib/cli/programs that does it; that of the command's name if absent
 * @property {string} [rest] the name among the options of all after a second --
 * @property {string} [positional] the option that may be given without its name
 * @property {Readonly<Record<string, Option>>} options
 * @property {Readonly<Record<string, Command>>} [subcommands] by the first argument
 */

/** @type {(kind: Kind, help: string, more?: Partial<Option>) => Option} */
const option = (kind, help, more) => ({ kind, help, ...more });
/** @type {(kind: Kind, help: string) => Option} */
const required = (kind, help) => option(kind, help, { required: true });
/** @type {(choices: readonly string[], help: string, fallback?: string) => Option} */
const choice = (choices, help, fallback) => option('choice', help, { choices, fallback });
/** @type {(help: string, range?: readonly [number, number], fallback?: string) => Option} */
const count = (help, range, fallback) => option('count', help, { range, fallback });

const device = choice(['auto', 'cpu', 'gpu'], 'where to compute; auto: the GPU if CUDA is installed', 'auto');
const data = option(
  'dataset',
  'a data set under data/, a folder with a dataset.json or the files of MovieLens since 20M, or a zip archive of them',
  { fallback: 'movielens-100k' },
);
const json = option('flag', 'print one JSON document');

/** Default of the options of `tune`. */
const AS_BEFORE = ' if not given; with --rq as others were tuned';

const budgets = {
  preset: choice(
    ['quick', 'default', 'wide', 'paper'],
    'budgets: quick takes minutes, default suits a laptop; wide has twice the channels; paper, of reproduce, only forecasts its time without --yes',
    'default',
  ),
  seeds: count('how many seeds; the preset decides if not given'),
  device,
  precision: choice(
    ['float32', 'bf16'],
    'of the products of convolutions; bf16 needs AMX or, of AMD, avx512_bf16, and makes documents of its own',
    'float32',
  ),
  out: option(
    'folder',
    'where to leave everything; figures/runs/<data>-<preset>, with -bf16 behind it in that precision, if not given',
  ),
  keep: option('flag', 'leave the weights of methods that tune everything too, each as large as its trunk'),
};

/** @type {(what: string) => Option} */
const runs = (what) =>
  option(
    'runs',
    `${what} of these questions, or of modules in notebooks/ that export runs; rq1 to rq4 if not given`,
  );

const trunk = {
  checkpoint: required(
    'checkpoint',
    "a trunk: a .safetensors file of a run's models/, or the prefix of a TensorFlow checkpoint of the authors",
  ),
  trunk: choice(['causal', 'non-causal'], "needed for the authors' checkpoints, which do not say it"),
};
const PATCH = 'a patch set that was tuned on this trunk';
const sequences = {
  ids: choice(
    ['raw', 'model'],
    "raw: items of the data; model: the model's own ids, read as they are: [TCL] and padding are the caller's",
    'raw',
  ),
  input: required('file', 'a CSV file without a header: a row a user, oldest item first, rows of any length'),
};

const cluster = {
  on: option(
    'executor',
    'local, this machine; slurm, or another executor plugin of Snakemake (untried): a cluster whose nodes see this folder and OUT',
    { fallback: 'local' },
  ),
  jobs: count('on a cluster: jobs at a time; 10 if not given. With --plan: how long so many take'),
  cpus: count('on a cluster: processors of a job; 1 if not given'),
  gpus: count('on a cluster: GPUs of a job; none if not given', [0, 64]),
  memory: count('on a cluster: MB of a job, more when retried; 3000 if not given', [500, 4_000_000]),
  minutes: count('on a cluster: minutes of a job, more when retried; 240 if not given', [1, 100_000]),
};

/** Names of lib/bench/cases.ts, which only TypeScript can read. */
const benchmarks = [
  ...['train-step', 'train-step-bf16', 'finetune-step', 'finetune-step-bf16'],
  ...['sasrec-step', 'gru-step'],
  ...['pretrain-small', 'pretrain-645k', 'evaluate'],
];

/** @type {Readonly<Record<string, Command>>} */
const commands = {
  setup: {
    purpose: 'Sets up what the other commands need; they also do so themselves.',
    options: { check: option('flag', 'only report what is ready and what is missing'), device },
  },
  start: {
    purpose: 'Opens JupyterLab on the notebooks.',
    options: {
      port: count('where JupyterLab listens on localhost', [1, 65535], '8888'),
      'no-browser': option('flag', 'print the address instead of opening a browser'),
    },
  },
  reproduce: {
    purpose: "Runs the notebooks of the paper's research questions and leaves results, figures and tables.",
    script: 'reproduce/reproduce',
    options: {
      rq: option(
        'questions',
        'the questions to answer, such as rq1 or rq1,rq2; rq1 to rq4 if not given. Also scale, methods',
      ),
      data,
      ...budgets,
      yes: option('flag', 'preset paper: begin after the forecast of its time'),
    },
  },
  sweep: {
    purpose: 'Computes the missing documents of questions; their notebooks then only read them.',
    script: 'sweep/sweep',
    rest: 'snakemake',
    options: {
      rq: runs('the documents'),
      data,
      ...budgets,
      plan: option('flag', 'only say which documents are missing, and what computing them takes'),
      ...cluster,
    },
  },
  pack: {
    script: 'sets/pack',
    purpose: 'Makes a packed set of a run, in its folder: what can be published of it without the data.',
    positional: 'folder',
    options: {
      folder: required('run', 'the folder of a run, such as figures/reference/movielens-100k'),
      data: option('dataset', 'the data set of the run, where it does not lie under data/'),
      figures: option('flag', 'draw PDF and PNG of all figures too'),
    },
  },
  verify: {
    script: 'sets/verify',
    purpose:
      'Computes every number of a packed set anew, without the data; exits with 0 where all are equal.',
    positional: 'folder',
    options: {
      folder: required('run', 'the folder of a packed set, such as figures/reference/movielens-100k'),
    },
  },
  trace: {
    purpose:
      'Names the documents that a figure or a table was made from; exits with 0 where they and the file are as they were.',
    positional: 'file',
    options: {
      file: required('file', 'a figure or a table of a run, or a copy of one'),
      out: option('run', 'the folder of the run; that around the file if not given'),
    },
  },
  cite: {
    purpose: 'Prints what a run rests on as BibTeX: the paper, its methods and trunks, its data.',
    options: { run: option('run', 'the folder of the run; figures/reference/movielens-100k if not given') },
  },
  tune: {
    purpose:
      'Tunes methods and opponents by successive halving on validation data (equally many trials, three stages) and keeps the best for reproduce.',
    script: 'tune/tune',
    rest: 'snakemake',
    options: {
      data,
      rq: runs('the methods'),
      tasks: option('names', `the tasks to try, by commas; all${AS_BEFORE}. Replaces earlier choices`),
      trials: count(`points for each method, the preset's own first; 12${AS_BEFORE}`),
      seeds: count(`seeds of a trial, none of them reported; 2${AS_BEFORE}`, [1, 100]),
      device,
      out: option('folder', 'where to leave trials and table; figures/runs/<data>-tune if not given'),
      ...cluster,
    },
  },
  data: {
    purpose: 'Checks a data set and prints its tasks, its licence and what was dropped.',
    script: 'data/describe',
    positional: 'data',
    options: { data, json },
    subcommands: {
      init: {
        purpose: 'Looks at a table, or at the tables of a folder, and writes a card with tasks beside them.',
        script: 'data/init',
        positional: 'path',
        options: {
          path: required('place', 'a file (CSV, TSV, JSON lines, Parquet, also .gz) or a folder of them'),
        },
      },
    },
  },
  worlds: {
    script: '../../../test/worlds/run',
    purpose:
      'Runs experiments on made-up worlds with known answers; exits with 0 where enough of each kind have no wrong verdict.',
    options: {
      world: choice(
        ['structured', 'null', 'linear', 'curved', 'both'],
        'structured: pre-training must help and PeterRec must beat counting; null: nothing may be found; with methods, linear: nothing may be better than the classifier alone; curved: patches must be',
        'both',
      ),
      budgets: choice(
        ['fast', 'default', 'methods'],
        'fast: a few methods on 4000 users, half a minute a world; default: RQ1 and RQ2 as their notebooks run them, on 943 users with three seeds, minutes a world; methods: ways of tuning on 4000 users, a minute a world',
        'fast',
      ),
      seeds: count('how many worlds of each kind', undefined, '20'),
      out: option(
        'folder',
        'where to leave everything; figures/runs/worlds, worlds-default or worlds-methods if not given. What is there is kept',
      ),
      device,
    },
  },
  synthesize: {
    purpose: 'Writes a made-up data set whose answers are known, of any size.',
    script: 'data/synthesize',
    options: {
      world: choice(['structured', 'null'], 'interests decide targets and labels, or nothing', 'structured'),
      users: count('how many users', [20, 5_000_000], '2000'),
      items: count('how many source items', [100, 5_000_000], '500'),
      length: count('items of a sequence, in the mean', [4, 1000], '50'),
      seed: count('seed of every draw', [0, 1_000_000], '1'),
      labelled: count(
        'users with target items and labels, for trunks of many more; all if not given',
        [20, 5_000_000],
      ),
      out: option('newFolder', 'a new or empty folder; data/<name> if not given'),
    },
  },
  encode: {
    purpose: 'Writes the hidden states of a model on sequences of items, row by row; cut off, it goes on.',
    options: {
      ...trunk,
      patch: option('files', `${PATCH}; of several tasks by commas, each with a file of its own`),
      ...sequences,
      positions: choice(
        ['last', 'all'],
        "the last position (with a patch set and raw ids: the user's vector) or all, embedded padding too",
        'last',
      ),
      out: required(
        'newFile',
        'a .jsonl file: { "row": n from 0, "hidden": [[k numbers]] }; of the last position also .npy, [rows, k], or .parquet, row and hidden',
      ),
      device,
    },
  },
  predict: {
    purpose:
      'Writes the best target items or the class probabilities of sequences, row by row; cut off, it goes on.',
    options: {
      ...trunk,
      patch: required('files', `${PATCH}; of several tasks by commas, each with a file of its own`),
      ...sequences,
      top: count('target items to list; 10 if not given', [1, 10_000]),
      out: required(
        'newFile',
        'a .jsonl file: { "row": n from 0, "top": [{ "item", "score" }] } or { "row", "probabilities": { class: p } }, by name and in no order; or .parquet with the same columns, a column a class; of classes also .npy, [rows, classes]',
      ),
      device,
    },
  },
  export: {
    purpose: 'Writes a model for other programs: an ONNX file, or a safetensors file.',
    options: {
      ...trunk,
      patch: option(
        'files',
        `${PATCH}; several for ONNX, by commas, as heads of one file; a method that tunes everything, as FineAll does, leaves one if it ran with --keep`,
      ),
      format: choice(
        ['onnx', 'safetensors'],
        'onnx takes ids [rows, length] of any size, as its metadata say under ids, and gives user vectors and scores, or the hidden states of a trunk; onnx if neither this nor --out says it',
      ),
      out: required('newModel', 'a .onnx or .safetensors file, or a new or empty folder for model.onnx'),
      device,
    },
  },
  bench: {
    purpose: 'Measures the engine against PyTorch, installed at first use; without a name lists benchmarks.',
    positional: 'benchmark',
    options: {
      benchmark: choice(benchmarks, 'what to measure'),
      json: option('flag', 'print one JSON object a line'),
    },
  },
  test: {
    purpose: 'Checks types and style and runs the tests, which takes minutes.',
    options: { all: option('flag', 'long tests too: browsers, all notebooks, kills, instruction sets') },
  },
};

module.exports = { commands };
