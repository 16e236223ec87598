/** Tools of a notebook's cells: data, budgets and seeds, and what can be done with them. */
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
import { openWorkbench } from '../experiments/workbench/workbench';
import { publishable, publishedFrom } from '../report/export';
import type { Figure } from '../report/figure/smallMultiples';
import { dataRemarks, planRemarks, resultRemarks } from '../report/remarks';
import type { Table } from '../report/table/table';
import { table1 } from '../report/table/table1';
import { byHand } from './byHand';
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

/** Checks the parameters, loads the data, and says which of the paper's tasks it lacks. Throws a UserError that names what is wrong. */
export function openBench(parameters: Readonly<Record<string, unknown>>) {
  const bench = openWorkbench(parameters);
  sayEach(...dataRemarks(bench));
  const { pretrain, graft, tune, count } = byHand(bench);
  const read = new Map<string, Result>();
  const remember = (...results: readonly Result[]) => {
    for (const result of results) read.set(result.instances, result);
  };
  return {
    ...bench,
    /** The task of a name, or the first. Throws a UserError for an unknown name. */
    task: (name?: string): Task => taskOf(bench.tasks, name),
    /**
     * Runs planned experiments, or reads their documents. Progress shows below the cell, Stop stops within one step. Throws a
     * UserError for an experiment that is planned twice and for an unknown task.
     */
    run: untilEdited(async (planned: readonly Planned[]): Promise<CompletedRun> => {
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
    /**
     * Answers questions about what ran; with `overall`, also corrected for all that is asked there. Throws a UserError that names a
     * method which did not run.
     */
    ask: untilEdited((...asked: Parameters<typeof answerClaims>) => {
      remember(...asked[0].results, ...asked[0].pretraining);
      return answerClaims(...asked);
    }),
    /** Trunk, patches and tuning, one at a time. */
    byHand: {
      pretrain: untilEdited(pretrain),
      graft: untilEdited(graft),
      tune: untilEdited(tune),
      count: untilEdited(count),
    },
    /** One long table of what ran, to filter and to pivot, with HR, MRR and NDCG at every N of `at` too. */
    everySeed: longTable,
    /** Every document in OUT, the oldest first. */
    results: (): Result[] => {
      const results = documentsOf(bench.out);
      remember(...results);
      return results;
    },
    /** Shows tables and figures and writes them to OUT in every format; skips empty ones. */
    publish: untilEdited(async (...things: readonly (Table | Figure)[]): Promise<void> => {
      const results = [...read.values()];
      const from = publishedFrom(bench, results);
      for (const thing of publishable(things, results)) await publish(thing, bench.out, from);
    }),
    /** Table 1: the size of each task. */
    table1: (): Table => table1(describeDataset(bench.dataset, bench.tasks).tasks),
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
