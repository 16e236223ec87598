/** Computes jobs in this process, one at a time, each under the lock of its document. */
import path from 'node:path';
import { filesIn } from '../../base/whole';
import { Diverged } from '../../training/fit';
import { lock, removePartsOf } from '../documents/checkpoint';
import { withdraw } from '../documents/document';
import type { Recipe } from '../recipes/recipe';
import { programOf, type TrainingRecord } from '../records/record';
import { type Codes, requireSameCode } from '../resolve/codes';
import { type Job, stemIn } from '../resolve/resolve';
import { computedHere, readStart } from './artifacts';
import type { Tasks } from './data';
import { explained } from './diverged';
import { recipeFor, save } from './train';
import { type OnShare, watchOf } from './watch';

/** The document is there; another run computes it; or its training has diverged, in a sentence. */
export type JobEnd = 'done' | 'locked' | { readonly diverged: string };

export type Ask = {
  /** Whether to wait while another run computes the job. */
  readonly waits: boolean;
  readonly onShare: OnShare;
};

/** Computes jobs, one at a time. */
export type Worker = { readonly compute: (job: Job, ask: Ask) => Promise<JobEnd> };

/** Where documents go, and what they are computed from. */
export type RunFolder = {
  readonly out: string;
  readonly tasks: Tasks;
  readonly signal?: AbortSignal | undefined;
};

/** Keeps the recipe of the last record, and what it has compiled, while records differ in their seeds alone. */
function recipesOn(tasks: Tasks) {
  let last: { readonly program: string; readonly recipe: Recipe } | undefined;
  const dispose = () => {
    last?.recipe.dispose();
    last = undefined;
  };
  const recipeOf = (record: TrainingRecord): Recipe => {
    const program = programOf(record);
    if (last?.program === program) return last.recipe;
    dispose();
    const recipe = recipeFor(record, tasks);
    last = { program, recipe };
    return recipe;
  };
  return { recipeOf, dispose };
}

/** A worker in this process; `dispose` releases what is compiled. */
export function workerOn({ out, tasks, signal }: RunFolder): Worker & { readonly dispose: () => void } {
  const recipes = recipesOn(tasks);
  const codes: Codes = {};
  const compute: Worker['compute'] = async (job, { waits, onShare }) => {
    signal?.throwIfAborted(); // methods without steps do not check
    if (computedHere(out, job)) return 'done';
    const stem = stemIn(job);
    const onWait = () => onShare(`${job.label}, by another run`, 0);
    const release = await lock(out, stem, waits ? { signal, onWait } : undefined);
    if (!release) return 'locked';
    try {
      filesIn(path.join(out, 'results')); // makes a network file system forget that a file was missing
      if (computedHere(out, job)) return 'done';
      requireSameCode(job.record, codes);
      removePartsOf(out, stem);
      withdraw(out, stem);
      const recipe = recipes.recipeOf(job.record);
      const { from, startedFrom } = readStart(out, job);
      const steps = Math.max(1, recipe.steps);
      const watch = watchOf(job, { out, onShare, signal, steps, startedFrom });
      const start = performance.now();
      const found = await recipe.run(job.record.seed, watch, from);
      save(out, job, recipe.measure(found, (performance.now() - start) / 1000), tasks, startedFrom);
      return 'done';
    } catch (error) {
      if (error instanceof Diverged) return { diverged: explained(error, job) };
      throw error;
    } finally {
      release();
    }
  };
  return { compute, dispose: recipes.dispose };
}
