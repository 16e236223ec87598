/**
 * First answers: the notebooks on the first seed alone, while the other seeds are computed. They lie under OUT/provisional until the
 * run has its final answers.
 */
import fs from 'node:fs';
import path from 'node:path';
import { availableMemory } from '../../../experiments/workbench/folder';
import { writeGallery } from '../../../report/gallery/gallery';
import { jupyterEnvironment } from '../../jupyter/environment';
import { shown } from '../../values';
import { KERNEL, type Options, runNotebooks } from './notebooks';

/** Folders of OUT that the notebooks read, shared by links. */
const SHARED = ['results', 'models', 'locks', 'checkpoints'];

const folderIn = (out: string) => path.join(out, 'provisional');

export const removeFirstAnswers = (out: string): void =>
  fs.rmSync(folderIn(out), { recursive: true, force: true });

/** Runs each question's notebook on the first of so many seeds as soon as that is there, and shows its answer on the page. */
export function firstAnswers(out: string, options: Options, seeds: number) {
  const folder = folderIn(out);
  const isResumed = fs.existsSync(folder); // a finished run removes it
  const mark = `1 of ${seeds} seeds, provisional`;
  const ending = new AbortController();
  const waiting: string[] = [];
  let underWay: Promise<void> | undefined;
  let [isPrepared, isSaid] = [false, false];

  /** First answers are an extra: whatever fails, the run goes on. */
  const attempt = async (work: () => void | Promise<void>) => {
    try {
      await work();
    } catch (error) {
      console.log(`\nNo first answers: ${(error as Error).message}`);
    }
  };
  const show = () => {
    const page = writeGallery(out, { folder: path.basename(folder), mark });
    if (!isSaid) console.log(`\nFirst answers, ${mark}: ${shown(page)}`);
    isSaid = true;
  };
  const run = async () => {
    const watching = {
      env: { ...jupyterEnvironment(), CUDA_VISIBLE_DEVICES: '-1' }, // the GPU is training's
      onOutput: () => undefined,
      onTold: () => void attempt(show),
      signal: ending.signal,
    };
    while (waiting.length > 0 && !ending.signal.aborted)
      await runNotebooks(waiting.splice(0), folder, { ...options, seeds: 1, device: 'auto' }, watching);
    underWay = undefined;
  };
  const begin = (question: string) => {
    if (availableMemory() < KERNEL) return; // all answers come at the end
    if (!isPrepared) prepare(out);
    isPrepared = true;
    waiting.push(question);
    underWay ??= attempt(run);
  };
  return {
    /** `rq1 now`: the sweep has finished a question's first seed; `rq1 before`: it was there when the sweep began. */
    onTold: (line: string): void => {
      const [question, since] = line.split(' ');
      if (since === 'now' || isResumed) void attempt(() => begin(question));
    },
    /** Stops the notebook that runs; answers on the page stay. */
    end: async (): Promise<void> => {
      ending.abort();
      await underWay;
    },
  };
}

/** Makes the folder anew. */
function prepare(out: string): void {
  removeFirstAnswers(out);
  for (const name of SHARED) {
    fs.mkdirSync(path.join(out, name), { recursive: true });
    fs.mkdirSync(folderIn(out), { recursive: true });
    fs.symlinkSync(path.join('..', name), path.join(folderIn(out), name));
  }
}
