/** Tools of a notebook's cells: data, budgets and seeds, and what can be done with them. */
import type { ColumnTable } from 'arquero';
import { UserError } from '../base/userError';
import { describeDataset } from '../data/describe/describe';
import type { Task } from '../data/tasks/tasks';
import { answerClaims } from '../evidence/claims';
import { longTable } from '../evidence/longTable';
import type { CompletedRun } from '../experiments/documents/completedRun';
import type { Result } from '../experiments/documents/document';
import { documentsOf } from '../experiments/documents/results';
import type { Planned } from '../experiments/methods/experiment';
import { isTrial } from '../experiments/methods/presets';
import { resolve } from '../experiments/resolve/resolve';
import { needsOf, shortages } from '../experiments/runs/estimate/memory';
import { forecast } from '../experiments/runs/estimate/time';
import { completedRun, leftOf, runJobs } from '../experiments/runs/run';
import { processesFor, sideBySide } from '../experiments/runs/workers/process';
import { openWorkbench, type Workbench } from '../experiments/workbench/workbench';
import { publishable, publishedFrom } from '../report/export';
import type { Figure } from '../report/figure/smallMultiples';
import { dataRemarks, planRemarks, resultRemarks } from '../report/remarks';
import type { Table } from '../report/table/table';
import { table1 } from '../report/table/table1';
import { type ByHand, byHand } from './byHand';
import { stopSignal } from './kernel/stop';
import { watchRun } from './live/watch';
import { publish, say } from './show';

const wasLoaded = require.cache[__filename] === module;

/** Passes calls on; throws a UserError once an edit of the library has made the kernel read this module again. */
const untilEdited =
  <Args extends readonly unknown[], R>(own: (...args: Args) => R) =>
  (...args: Args): R => {
    if (wasLoaded && require.cache[__filename] !== module)
      throw new UserError(
        'the library was edited after openBench: run the cells again that import and open it',
      );
    return own(...args);
  };

export type Bench = Workbench & {
  /** The task of a name, or the first. Throws a UserError for an unknown name. */
  readonly task: (name?: string) => Task;
  /**
   * Runs planned experiments, or reads their documents. Progress shows below the cell, Stop stops within one step. Throws a
   * UserError for an experiment that is planned twice and for an unknown task.
   */
  readonly run: (planned: readonly Planned[]) => Promise<CompletedRun>;
  /**
   * Answers questions about what ran; with `overall`, also corrected for all that is asked there. Throws a UserError that names a
   * method which did not run.
   */
  readonly ask: typeof answerClaims;
  /** Shows tables and figures and writes them to OUT in every format; skips empty ones. */
  readonly publish: (...things: readonly (Table | Figure)[]) => Promise<void>;
  /** One long table of what ran, to filter and to pivot, with HR, MRR and NDCG at every N of `at` too. */
  readonly everySeed: (completed: CompletedRun, options?: { readonly at?: readonly number[] }) => ColumnTable;
  /** Every document in OUT, the oldest first. */
  readonly results: () => Result[];
  /** Table 1: the size of each task. */
  readonly table1: () => Table;
  /** Trunk, patches and tuning, one at a time. */
  readonly byHand: ByHand;
};

/** Checks the parameters, loads the data, and says which of the paper's tasks it lacks. Throws a UserError that names what is wrong. */
export function openBench(parameters: Readonly<Record<string, unknown>>): Bench {
  const bench = openWorkbench(parameters);
  sayEach(...dataRemarks(bench));
  const { pretrain, graft, tune, count } = byHand(bench);
  const read = new Map<string, Result>();
  const remember = (...results: readonly Result[]) => {
    for (const result of results) read.set(result.instances, result);
  };
  return {
    ...bench,
    task: (name) => taskOf(bench.tasks, name),
    run: untilEdited(async (planned) => {
      const signal = stopSignal();
      const { preset, tasks, out } = bench;
      const jobs = resolve(planned, bench);
      const needs = needsOf(jobs, tasks);
      const atOnce = () => processesFor(preset, needs); // what was measured may still hold memory
      const left = leftOf(jobs, out);
      sayEach(...planRemarks(bench, planned));
      if (left.length > 0) sayEach(...shortages(needs));
      const { threads } = preset;
      sayEach(await forecast(left, { tasks, atOnce: atOnce(), threads, signal, isTrial: isTrial(preset) }));
      signal.throwIfAborted();
      const { end, ...watching } = watchRun(signal);
      const workers = sideBySide(atOnce(), threads);
      const documents = await runJobs(jobs, { ...bench, ...watching, signal }, workers).finally(end);
      const completed = completedRun(documents, bench);
      remember(...completed.results, ...completed.pretraining);
      sayEach(...resultRemarks(completed, [...read.values()]));
      return completed;
    }),
    ask: untilEdited((completed, questions, overall) => {
      remember(...completed.results, ...completed.pretraining);
      return answerClaims(completed, questions, overall);
    }),
    byHand: {
      pretrain: untilEdited(pretrain),
      graft: untilEdited(graft),
      tune: untilEdited(tune),
      count: untilEdited(count),
    },
    everySeed: longTable,
    results: () => {
      const results = documentsOf(bench.out);
      remember(...results);
      return results;
    },
    publish: untilEdited(async (...things: readonly (Table | Figure)[]) => {
      const results = [...read.values()];
      const from = publishedFrom(bench, results);
      for (const thing of publishable(things, results)) await publish(thing, bench.out, from);
    }),
    table1: () => table1(describeDataset(bench.dataset, bench.tasks).tasks),
  };
}

function taskOf(tasks: readonly Task[], name = tasks[0].name): Task {
  const found = tasks.find((task) => task.name === name);
  if (found) return found;
  throw new UserError(`task ${name}: expected one of ${tasks.map((task) => task.name).join(', ')}`);
}

const sayEach = (...lines: readonly (string | undefined)[]) => {
  for (const line of lines) if (line !== undefined) say(line);
};
