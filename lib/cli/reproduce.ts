import fs from 'node:fs';
import path from 'node:path';
import { openDataset } from '../datasets/open';
import { inProject, python } from '../setup/project';
import { UserError } from '../userError';
import { runChild } from './child';
import { jupyterEnvironment } from './jupyter';
import { runCommand } from './runCommand';
import { questions } from './values';

/** What `commands.js` declares for reproduce, read and checked. */
interface Options {
  readonly rq?: readonly string[];
  /** A name under data/ or an absolute folder. */
  readonly data: string;
  readonly preset: string;
  readonly seeds?: number;
  readonly device: string;
  /** An absolute folder. */
  readonly out?: string;
}

/** What the notebooks leave in OUT, in the order in which a reader wants it. */
const PRODUCTS = ['figures', 'tables', 'results', 'models', 'notebooks'];

async function reproduce(options: Options): Promise<number> {
  const start = performance.now();
  const { dataset } = openDataset(options.data); // before the kernel starts: a mistake in the data is told at once
  const out = options.out ?? inProject('figures/runs', `${dataset.name}-${options.preset}`);
  const asked = options.rq ?? questions();
  if (asked.length === 0) throw new UserError('notebooks/: expected a notebook rq1.ipynb, rq2.ipynb, …');
  console.log(`${asked.join(', ')} on ${options.data}, preset ${options.preset}`);
  for (const question of asked) {
    const exitCode = await runNotebook(question, out, options);
    if (exitCode !== 0) return exitCode;
  }
  for (const line of summary(out)) console.log(line);
  console.log(`Done in ${duration((performance.now() - start) / 1000)}`);
  return 0;
}

function runNotebook(
  question: string,
  out: string,
  { data, preset, seeds, device }: Options,
): Promise<number> {
  const job = {
    notebook: inProject('notebooks', `${question}.ipynb`),
    output: path.join(out, 'notebooks', `${question}.ipynb`),
    parameters: {
      data: portable(data),
      preset,
      ...(seeds === undefined ? {} : { seeds }),
      out: portable(out),
      device,
    },
  };
  const script = path.join(__dirname, 'runNotebook.py');
  return runChild(python, [script, JSON.stringify(job)], jupyterEnvironment());
}

/** A folder of the project by its path in there: the executed notebook may be published. */
function portable(folder: string): string {
  const inside = path.relative(inProject(), folder);
  return path.isAbsolute(folder) && !inside.startsWith('..') ? inside : folder;
}

/** Where each kind of product lies, as far as there is any. */
function summary(out: string): string[] {
  const there = PRODUCTS.filter((kind) => fs.existsSync(path.join(out, kind)));
  return there.map((kind) => `${kind.padEnd(10)}${path.relative(process.cwd(), path.join(out, kind))}`);
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${seconds.toFixed(1)} s`;
}

runCommand(reproduce);
