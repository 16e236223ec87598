import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../base/userError';
import { openWorkbench, type Workbench } from '../../../experiments/workbench/workbench';
import { clock } from '../../../notebook/kernel/progress';
import { fromHere, questions } from '../../values';
import { isStopped, NOT_BEGUN, type PlanOptions, runCommand, STOPPED, stopSignal } from '../program';
import { sweep } from '../sweep/sweep';
import { runNotebook } from './notebooks';
import { pageOf } from './page';

/** With `yes` the paper's budgets begin. */
type Asked = PlanOptions & { readonly yes?: boolean };

/** Products of a run in OUT, in the order in which a reader wants them. */
const PRODUCTS = ['index.html', 'figures', 'tables', 'results', 'models', 'notebooks'];

/** Computes what all questions need, writes the page of OUT, and executes the notebooks beside it. */
async function reproduce(options: Asked): Promise<number> {
  const start = performance.now();
  const asked = [...new Set<string>(options.rq ?? questions())];
  if (asked.length === 0) throw new UserError('notebooks/: expected a notebook rq1.ipynb, rq2.ipynb, …');
  console.log(`${asked.join(', ')} on ${options.data}, preset ${options.preset}`);
  const { data, preset, seeds = null, device, precision, out = null } = options;
  const bench = openWorkbench({ data, preset, seeds, device, precision, out });
  const signal = stopSignal();
  const page = pageOf(bench, signal);
  const begun = await compute(asked, bench, options, page.onFirstSeed).finally(page.endFirst);
  if (!begun) return 1;
  const unanswered = await page.answer(asked);
  console.log(`\nAnswers: ${fromHere(path.join(bench.out, 'index.html'))}; their notebooks are executed now`);
  const broken: string[] = [];
  for (const name of asked.filter((one) => !unanswered.includes(one))) {
    const exitCode = await runNotebook(name, asked, bench.out, options);
    if (isStopped(exitCode)) return STOPPED;
    if (exitCode !== 0) broken.push(name);
  }
  page.finish(broken);
  for (const kind of PRODUCTS.filter((product) => fs.existsSync(path.join(bench.out, product))))
    console.log(`${kind.padEnd(12)}${fromHere(path.join(bench.out, kind))}`);
  const failed = [...unanswered, ...broken];
  const seconds = (performance.now() - start) / 1000;
  console.log(failed.length === 0 ? `Done in ${clock(seconds)}` : `Failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

/**
 * Computes the documents of questions; false where nothing was begun. The paper's budgets take days: their time is forecast, and
 * nothing begins without `yes`. Questions whose documents are complete are answered even if others cannot be.
 */
async function compute(
  asked: readonly string[],
  bench: Workbench,
  options: Asked,
  onFirstSeed: (question: string) => void,
): Promise<boolean> {
  const { preset, yes = false } = options;
  const begin = preset !== 'paper' ? 'at once' : yes ? 'forecast' : 'forecast only';
  const job = { ...options, rq: asked, out: bench.out, on: 'local', reproduce: begin } as const;
  try {
    return (await sweep(job, { bench, onFirstSeed })) !== NOT_BEGUN;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    return true;
  }
}

runCommand(reproduce);
