/** The notebooks of questions, executed with what the command was asked for. */
import path from 'node:path';
import { inProject, portable, python } from '../../../setup/tools/project';
import { type Into, runChildInto } from '../../child';
import { jupyterEnvironment } from '../../jupyter/environment';

/** What `commands.js` declares for reproduce, read and checked. */
export interface Options {
  readonly rq?: readonly string[];
  /** A name under data/ or an absolute folder. */
  readonly data: string;
  readonly preset: 'quick' | 'default' | 'paper';
  readonly seeds?: number;
  readonly device: string;
  readonly precision: string;
  /** An absolute folder. */
  readonly out?: string;
  /** Begin without asking. */
  readonly yes?: boolean;
}

/** What a notebook's first cell sets. */
export function parametersOf(out: string, { data, preset, seeds, device, precision }: Options) {
  return {
    data: portable(data),
    preset,
    ...(seeds === undefined ? {} : { seeds }),
    out: portable(out),
    device,
    ...(precision === 'float32' ? {} : { precision }),
  };
}

/** Bytes of a kernel that reads documents and draws. */
export const KERNEL = 1.5e9;

/** Runs notebooks in a kernel that they share, one after the other; those that ran to their end are told by their files. */
export function runNotebooks(
  together: readonly string[],
  out: string,
  options: Options,
  into: Into,
  env = jupyterEnvironment(),
): Promise<number> {
  const job = {
    notebooks: together.map((question) => [
      inProject('notebooks', `${question}.ipynb`),
      path.join(out, 'notebooks', `${question}.ipynb`),
    ]),
    parameters: parametersOf(out, options),
    tell: 3,
  };
  const script = path.join(__dirname, '../../jupyter/runNotebooks.py');
  return runChildInto(python, [script, JSON.stringify(job)], env, into);
}
