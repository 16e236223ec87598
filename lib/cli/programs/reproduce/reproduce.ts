import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline/promises';
import { filesOfDataset } from '../../../datasets/files';
import { openDataset } from '../../../datasets/open';
import { presets } from '../../../methods/presets';
import { writeGallery } from '../../../report/gallery/gallery';
import { fitting, folderOf } from '../../../runs/place';
import { inProject } from '../../../setup/tools/project';
import { UserError } from '../../../userError';
import { runChild } from '../../child';
import { shown } from '../../options/shown';
import { sweepCommand, UNABLE } from '../../options/sweepCommand';
import { questions } from '../../options/values';
import { runCommand } from '../runCommand';
import { sideBySide } from '../sideBySide';
import { isStopped, STOPPED } from '../stop';
import { firstAnswers, removeFirstAnswers } from './firstAnswers';
import { KERNEL, type Options, parametersOf, runNotebooks } from './notebooks';
import { beginRecord, computedSince, inputsOf, leaveRecord, unchangedSince } from './record';

/** What the notebooks leave in OUT, in the order in which a reader wants it. */
const PRODUCTS = ['index.html', 'figures', 'tables', 'results', 'models', 'notebooks'];

async function reproduce(options: Options): Promise<number> {
  const asked = [...new Set<string>(options.rq ?? questions())];
  if (asked.length === 0) throw new UserError('notebooks/: expected a notebook rq1.ipynb, rq2.ipynb, …');
  const { name } = filesOfDataset(options.data);
  const out = options.out ?? folderOf(name, options.preset, options.precision);
  console.log(`${asked.join(', ')} on ${options.data}, preset ${options.preset}`);
  const inputs = inputsOf(asked, parametersOf(out, options), options.data);
  const unchanged = unchangedSince(out, inputs);
  if (unchanged) {
    console.log(`Nothing has changed since ${unchanged}:`);
    for (const line of summary(out)) console.log(line);
    return 0;
  }
  if (computedSince(out, inputs)) return answer(asked, out, options, true);
  openDataset(options.data); // before the kernel starts: a mistake in the data is told at once
  if (options.preset !== 'paper') return answer(asked, out, options);
  const exitCode = await estimated(asked, out, options);
  if (exitCode !== 0) return exitCode;
  return (await toldToBegin(options)) ? answer(asked, out, options) : 0;
}

/**
 * Computes what all questions need, unless that is there, runs their notebooks, which read it, and leaves the page of all that is
 * there.
 */
async function answer(
  asked: readonly string[],
  out: string,
  options: Options,
  isComputed = false,
): Promise<number> {
  const start = performance.now();
  const inputs = inputsOf(asked, parametersOf(out, options), options.data);
  const run = beginRecord(out);
  const exitCode = isComputed ? 0 : await computed(asked, out, options);
  if (isStopped(exitCode)) return STOPPED;
  if (exitCode === UNABLE) return 1;
  const isRead = exitCode === 0 && asked.every(isPlanned);
  const atOnce = isRead ? fitting(1, KERNEL) : 1;
  const whole = new Set<string>();
  const isStoppedMeanwhile = await sideBySide(
    isRead ? inParts(asked, atOnce) : asked.map((question) => [question]),
    async (together, output) => {
      const onTold = (file: string) => void whole.add(path.basename(file, '.ipynb'));
      return runNotebooks(together, out, options, { ...output, onTold });
    },
    atOnce,
  );
  if (isStoppedMeanwhile) return STOPPED;
  const failed = asked.filter((question) => !whole.has(question));
  removeFirstAnswers(out);
  writeGallery(out);
  if (failed.length === 0) leaveRecord(out, run, inputs, PRODUCTS);
  for (const line of summary(out)) console.log(line);
  const seconds = (performance.now() - start) / 1000;
  console.log(failed.length === 0 ? `Done in ${duration(seconds)}` : `Failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

/** Computes what questions need, with first answers on the page in between; an exit code. */
async function computed(asked: readonly string[], out: string, options: Options): Promise<number> {
  const sweep = { ...options, rq: asked, out, on: 'local' };
  const seeds = options.seeds ?? presets[options.preset].seeds;
  if (seeds === 1) return program('sweep/sweep.ts', sweep);
  const first = firstAnswers(asked.filter(isPlanned), out, options, seeds);
  const exitCode = await program('sweep/sweep.ts', { ...sweep, tell: 3 }, first.onTold);
  await first.end();
  return exitCode;
}

/** The paper's budgets take days on a laptop: how long is said before anything begins. */
function estimated(questions: readonly string[], out: string, options: Options): Promise<number> {
  const job = {
    questions,
    parameters: { seeds: null, ...parametersOf(out, options) },
    command: sweepCommand(questions, { ...options, on: 'slurm' }),
  };
  return program('estimate.ts', job);
}

/** Another program of this folder, in a process of its own, which may tell something on its file descriptor 3. */
function program(script: string, options: object, onTold?: (line: string) => void): Promise<number> {
  const args = ['--import', 'tsx', path.join(__dirname, '..', script), JSON.stringify(options)];
  return runChild(process.execPath, args, process.env, { isQuiet: true, onTold });
}

async function toldToBegin({ yes }: Options): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    console.log('Nothing was begun: add --yes to begin.');
    return false;
  }
  const terminal = readline.createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Begin? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Whether the sweep computes what a notebook reads; else the notebook trains, and takes the machine for itself. */
const isPlanned = (question: string) => fs.existsSync(inProject('lib/questions', `${question}.ts`));

/** Divides what keeps its order into so many parts, or fewer. */
function inParts<T>(all: readonly T[], parts: number): T[][] {
  const each = Math.ceil(all.length / parts);
  return Array.from({ length: Math.ceil(all.length / each) }, (_, i) => all.slice(i * each, (i + 1) * each));
}

/** Where each kind of product lies, as far as there is any. */
function summary(out: string): string[] {
  const there = PRODUCTS.filter((kind) => fs.existsSync(path.join(out, kind)));
  return there.map((kind) => `${kind.padEnd(12)}${shown(path.join(out, kind))}`);
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${seconds.toFixed(1)} s`;
}

runCommand(reproduce);
