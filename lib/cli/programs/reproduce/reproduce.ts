import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../base/userError';
import { openDataset } from '../../../data/open';
import { presets } from '../../../experiments/methods/presets';
import { folderOf } from '../../../experiments/workbench/folder';
import { clock } from '../../../notebook/kernel/progress';
import { writeGallery } from '../../../report/gallery/gallery';
import { runChild } from '../../child';
import { questions, shown } from '../../values';
import { isStopped, NOT_BEGUN, runCommand, STOPPED } from '../program';
import { firstAnswers, removeFirstAnswers } from './firstAnswers';
import { type Options, runNotebooks } from './notebooks';

/** With `yes` the paper's budgets begin without asking. */
type Asked = Options & { readonly yes?: boolean };

/** What the notebooks leave in OUT, in the order in which a reader wants it. */
const PRODUCTS = ['index.html', 'figures', 'tables', 'results', 'models', 'notebooks'];

/** Computes what all questions need, runs their notebooks, which read it, and writes the page of OUT. */
async function reproduce(options: Asked): Promise<number> {
  const start = performance.now();
  const asked = [...new Set<string>(options.rq ?? questions())];
  if (asked.length === 0) throw new UserError('notebooks/: expected a notebook rq1.ipynb, rq2.ipynb, …');
  console.log(`${asked.join(', ')} on ${options.data}, preset ${options.preset}`);
  const { name } = openDataset(options.data).dataset; // a mistake in the data is told before anything starts
  const out = options.out ?? folderOf(name, options.preset, options.precision);
  const swept = await sweep(asked, out, options);
  if (isStopped(swept)) return STOPPED;
  if (swept === NOT_BEGUN) return 1;
  const whole = new Set<string>();
  const onTold = (file: string) => void whole.add(path.basename(file, '.ipynb'));
  if (isStopped(await runNotebooks(asked, out, options, { onTold }))) return STOPPED;
  const failed = asked.filter((question) => !whole.has(question));
  removeFirstAnswers(out);
  writeGallery(out);
  for (const kind of PRODUCTS.filter((product) => fs.existsSync(path.join(out, product))))
    console.log(`${kind.padEnd(12)}${shown(path.join(out, kind))}`);
  const seconds = (performance.now() - start) / 1000;
  console.log(failed.length === 0 ? `Done in ${clock(seconds)}` : `Failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

/**
 * Computes the documents of questions in a process of its own, which frees its GPU for the notebooks, with first answers on the page
 * meanwhile. The paper's budgets take days: their time is forecast, and the user asked, before anything begins.
 */
async function sweep(asked: readonly string[], out: string, options: Asked): Promise<number> {
  const { preset, seeds = presets[preset].seeds, yes = false } = options;
  const first = firstAnswers(out, options, seeds);
  const begin = preset !== 'paper' ? 'at once' : yes ? 'forecast' : 'ask';
  const job = { ...options, rq: asked, out, on: 'local', reproduce: begin };
  const script = path.join(__dirname, '../sweep/sweep.ts');
  const args = ['--import', 'tsx', script, JSON.stringify(job)];
  const exitCode = await runChild(process.execPath, args, { onTold: first.onTold });
  await first.end();
  return exitCode;
}

runCommand(reproduce);
