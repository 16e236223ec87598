/** The notebooks of questions, executed with the command's options. */
import path from 'node:path';
import type { Precision } from '../../../engine/ops/kernels';
import { inProject, portable, python } from '../../../setup/tools/project';
import { runChild, type Watching } from '../../child';
import { jupyterEnvironment } from '../../jupyter/environment';

/** What `commands.js` declares for reproduce and sweep alike, read and checked. */
export interface Options {
  readonly rq?: readonly string[];
  /** A name under data/ or an absolute folder. */
  readonly data: string;
  readonly preset: 'quick' | 'default' | 'wide' | 'paper';
  readonly seeds?: number;
  readonly device: string;
  readonly precision: Precision;
  /** An absolute folder. */
  readonly out?: string;
}

/** Bytes of a kernel that reads documents and draws. */
export const KERNEL = 1.5e9;

/** Runs notebooks one after the other, each in a kernel of its own; `onTold` gets the file of each that ran to its end. */
export function runNotebooks(
  questions: readonly string[],
  out: string,
  { data, preset, seeds, device, precision }: Options,
  watching: Watching,
): Promise<number> {
  const job = {
    notebooks: questions.map((question) => [
      inProject('notebooks', `${question}.ipynb`),
      path.join(out, 'notebooks', `${question}.ipynb`),
    ]),
    parameters: {
      ...{ data: portable(data), preset, seeds, out: portable(out), device },
      ...(precision === 'float32' ? {} : { precision }),
    },
    tell: 3,
  };
  const script = path.join(__dirname, '../../jupyter/runNotebooks.py');
  return runChild(python, [script, JSON.stringify(job)], { env: jupyterEnvironment(), ...watching });
}
