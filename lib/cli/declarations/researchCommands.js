/**
 * @typedef {import('./commands').Command} Command
 * @typedef {import('./commands').Option} Option
 */

const { data, device } = require('./commonOptions');

/** @type {Option} */
const preset = {
  kind: 'choice',
  choices: ['quick', 'default', 'paper'],
  fallback: 'default',
  help: "budgets: quick takes minutes, default suits a laptop, paper has the paper's hyper-parameters, says how long it will take, and begins when told to",
};

/** @type {Option} */
const precision = {
  kind: 'choice',
  choices: ['float32', 'bf16'],
  fallback: 'float32',
  help: 'of the products of convolutions; bf16 is for processors with AMX or, of AMD, with avx512_bf16, and makes documents of its own',
};

/** @type {Option} */
const seeds = { kind: 'count', help: 'how many seeds; the preset decides if not given' };

/**
 * What reads and makes data sets and computes on them.
 * @type {Readonly<Record<string, Command>>}
 */
const researchCommands = {
  reproduce: {
    purpose: "Runs the notebooks of the paper's research questions and leaves results, figures and tables.",
    script: 'reproduce/reproduce.ts',
    options: {
      rq: {
        kind: 'questions',
        help: 'the questions to answer, for example rq1 or rq1,rq2; all if not given',
      },
      data,
      preset,
      seeds,
      device,
      precision,
      out: {
        kind: 'folder',
        help: 'where to leave everything; figures/runs/<data>-<preset> if not given, with -bf16 behind it in that precision',
      },
      yes: { kind: 'flag', help: 'preset paper: begin after the estimate of its time without asking' },
    },
  },
  sweep: {
    purpose:
      'Computes the documents that questions need and that are missing; their notebooks then only read them.',
    script: 'sweep/sweep.ts',
    rest: 'engine',
    quiet: true,
    options: {
      rq: {
        kind: 'runs',
        help: 'the questions, or modules beside the notebooks that say runs, whose documents are computed; those of all questions if not given',
      },
      data,
      preset,
      seeds,
      device,
      precision,
      out: {
        kind: 'folder',
        help: 'where documents are; figures/runs/<data>-<preset> if not given, with -bf16 behind it in that precision',
      },
      plan: { kind: 'flag', help: 'only say which documents are missing, and what computing them takes' },
      on: {
        kind: 'executor',
        fallback: 'local',
        help: 'local, this machine; slurm, or another executor plugin of Snakemake (untried): a cluster whose nodes see this folder and OUT',
      },
      jobs: { kind: 'count', help: 'on a cluster: jobs at a time; 10 if not given' },
      cpus: { kind: 'count', help: 'on a cluster: processors of a job; 1 if not given' },
      gpus: { kind: 'count', range: [0, 64], help: 'on a cluster: GPUs of a job; none if not given' },
      memory: {
        kind: 'count',
        range: [500, 4_000_000],
        help: 'on a cluster: MB of memory of a job, more at a second attempt; 3000 if not given',
      },
      minutes: {
        kind: 'count',
        range: [1, 100_000],
        help: 'on a cluster: minutes that a job may take, more at a second attempt; 240 if not given',
      },
    },
  },
  trace: {
    purpose:
      'Names the documents that a figure or a table was made from, wherever its file was copied to; exits with 0 where they and the file are as they were.',
    script: 'trace.ts',
    positional: 'file',
    quiet: true,
    options: {
      file: {
        kind: 'file',
        required: true,
        help: 'an SVG, PDF, PNG, LaTeX or CSV file that the project exported',
      },
      out: { kind: 'run', help: 'the folder of the run; found from the file if not given' },
    },
  },
  site: {
    purpose:
      'Builds a static site: the guide, executed notebooks with their figures, the reference of the library.',
    script: 'site.ts',
    options: {
      run: {
        kind: 'run',
        help: 'the folder of the run whose notebooks are shown; figures/reference if not given',
      },
      out: { kind: 'newFolder', help: 'a new or empty folder; figures/site, built anew, if not given' },
    },
  },
  tune: {
    purpose:
      'Tries every method and every opponent at the same number of points on validation data, and keeps what is best for reproduce.',
    script: 'tune.ts',
    quiet: true,
    options: {
      data,
      rq: {
        kind: 'runs',
        help: 'the questions, or modules beside the notebooks that say runs, whose methods are tuned; those of all questions if not given',
      },
      tasks: {
        kind: 'names',
        help: 'the tasks that are tried, by commas; all if not given. What was chosen before is replaced',
      },
      trials: {
        kind: 'count',
        range: [1, 1000],
        fallback: '8',
        help: "points that each method is tried at, the preset's own the first",
      },
      seeds: {
        kind: 'count',
        range: [1, 100],
        fallback: '2',
        help: 'seeds of each trial, none of them reported',
      },
      device,
      out: { kind: 'folder', help: 'where to leave trials and table; figures/runs/<data>-tune if not given' },
    },
  },
  data: {
    purpose: 'Checks a data set and prints its tasks, its licence and what was dropped.',
    script: 'data/describe.ts',
    positional: 'data',
    options: { data, json: { kind: 'flag', help: 'print one JSON document' } },
    subcommands: {
      init: {
        purpose: 'Looks at a table, or at the tables of a folder, and writes a card with tasks beside them.',
        script: 'data/init.ts',
        positional: 'path',
        options: {
          path: {
            kind: 'place',
            required: true,
            help: 'a file (CSV, TSV, JSON lines or Parquet, also with .gz) or a folder of such files',
          },
        },
      },
    },
  },
  worlds: {
    purpose:
      'Runs experiments on made-up worlds whose answers are known; exits with 0 where the verdicts are right in enough of them.',
    script: 'worlds.ts',
    quiet: true,
    options: {
      world: {
        kind: 'choice',
        choices: ['structured', 'null', 'both'],
        fallback: 'both',
        help: 'structured: pre-training must help and PeterRec must beat counting; null: nothing may be found',
      },
      budgets: {
        kind: 'choice',
        choices: ['fast', 'default'],
        fallback: 'fast',
        help: 'fast: a few methods on 4000 users, half a minute a world; default: RQ1 and RQ2 as their notebooks run them, on 943 users with three seeds, minutes a world',
      },
      seeds: { kind: 'count', fallback: '20', help: 'how many worlds of each kind' },
      out: {
        kind: 'folder',
        help: 'where to leave everything; figures/runs/worlds or worlds-default if not given. What is there is not computed again',
      },
      device,
    },
  },
  synthesize: {
    purpose: 'Writes a made-up data set whose answers are known, of any size.',
    script: 'data/synthesize.ts',
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
};

module.exports = { researchCommands };
