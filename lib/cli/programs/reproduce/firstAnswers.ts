/**
 * First answers: the notebooks on the first seed alone, while the other seeds are computed. They lie under OUT/provisional, so that
 * nothing that is final is touched but the page, until the run has answers of its own.
 */
import fs from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../../../files/whole';
import { writeGallery } from '../../../report/gallery/gallery';
import { readExecuted } from '../../../report/notebookFile';
import { availableMemory } from '../../../runs/memory';
import { jupyterEnvironment } from '../../jupyter/environment';
import { shown } from '../../options/shown';
import { KERNEL, type Options, parametersOf, runNotebooks } from './notebooks';
import { inputsOf } from './record';

/** What notebooks read, and would compute were it not there: that of the run itself. */
const SHARED = ['results', 'models', 'claims', 'checkpoints'];

const folderIn = (out: string) => path.join(out, 'provisional');

/** Nothing is left of first answers. */
export const removeFirstAnswers = (out: string): void =>
  fs.rmSync(folderIn(out), { recursive: true, force: true });

export type FirstAnswers = {
  /** A question's first seed is there: of this run, or of one before. */
  readonly onTold: (line: string) => void;
  /** Ends what is under way; what is done stays on the page. */
  readonly end: () => Promise<void>;
};

/** Answers questions from the first of so many seeds, one after the other, as soon as it is there. */
export function firstAnswers(
  asked: readonly string[],
  out: string,
  options: Options,
  seeds: number,
): FirstAnswers {
  const folder = folderIn(out);
  const own: Options = { ...options, seeds: 1, device: 'auto' };
  const made = JSON.stringify(inputsOf(asked, parametersOf(folder, own), options.data));
  const isGoingOn = isMadeFrom(folder, made);
  const mark = `1 of ${seeds} seeds, provisional`;
  const ending = new AbortController();
  const left: string[] = [];
  let underWay: Promise<void> | undefined;
  let isSaid = false;

  const fail = ({ message }: Error) => console.log(`\nNo first answers: ${message}`);
  /** They are an extra: whatever is wrong with them, the run goes on. */
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      fail(error as Error);
    }
  };
  const show = () => {
    const page = writeGallery(out, { folder: path.basename(folder), mark });
    if (!isSaid) console.log(`\nFirst answers, ${mark}: ${shown(page)}`);
    isSaid = true;
  };
  const run = async () => {
    // A GPU is the training's.
    const env = { ...jupyterEnvironment(), CUDA_VISIBLE_DEVICES: '-1' };
    const into = { onTold: () => attempt(show), signal: ending.signal };
    while (left.length > 0 && !ending.signal.aborted)
      await runNotebooks(left.splice(0), folder, own, into, env);
    underWay = undefined;
  };
  const begin = (question: string) => {
    if (isAnswered(folder, question)) return show();
    if (availableMemory() < KERNEL) return; // all answers come at the end
    if (!isMadeFrom(folder, made)) prepare(out, made);
    left.push(question);
    underWay ??= run().catch(fail);
  };
  return {
    onTold: (line) => {
      const [question, since] = line.split(' ');
      if (since === 'now' || isGoingOn) attempt(() => begin(question));
    },
    end: async () => {
      ending.abort();
      await underWay;
    },
  };
}

const madeIn = (folder: string) => path.join(folder, 'made.json');

/** Whether a folder holds first answers made from this. */
const isMadeFrom = (folder: string, made: string): boolean =>
  fs.existsSync(madeIn(folder)) && fs.readFileSync(madeIn(folder), 'utf8') === made;

/** Makes the folder for first answers made from this. */
function prepare(out: string, made: string): void {
  const folder = folderIn(out);
  removeFirstAnswers(out);
  fs.mkdirSync(folder, { recursive: true });
  for (const name of SHARED) {
    fs.mkdirSync(path.join(out, name), { recursive: true });
    fs.symlinkSync(path.join('..', name), path.join(folder, name));
  }
  writeWhole(madeIn(folder), made);
}

/** Whether its notebook ran to its end. */
function isAnswered(folder: string, question: string): boolean {
  const file = path.join(folder, 'notebooks', `${question}.ipynb`);
  return fs.existsSync(file) && readExecuted(file).answer !== undefined;
}
