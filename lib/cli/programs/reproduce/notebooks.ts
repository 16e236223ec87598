/** The notebooks of questions, executed with the command's options. */
import path from 'node:path';
import { moduleOf } from '../../../questions/planned';
import { inProject, portable, python } from '../../../setup/tools/project';
import { runChild } from '../../child';
import { jupyterEnvironment } from '../../jupyter/environment';
import type { PlanOptions } from '../program';

const SCRIPT = path.join(__dirname, '../../jupyter/runNotebooks.py');

/** Executes the notebook of a question in a kernel of its own and returns the exit code. Where a module plans it, documents are only read, without the GPU. */
export async function runNotebook(
  name: string,
  asked: readonly string[],
  out: string,
  { data, preset, seeds, device, precision }: PlanOptions,
): Promise<number> {
  const fileOf = (question: string) => inProject('notebooks', `${question}.ipynb`);
  const isRead = (await moduleOf(name)) !== undefined;
  const job = {
    notebooks: [[fileOf(name), path.join(out, 'notebooks', `${name}.ipynb`)]],
    parameters: {
      ...{ data: portable(data), preset, seeds, out: portable(out), device: isRead ? 'auto' : device },
      ...(precision === 'float32' ? {} : { precision }),
    },
    beside: asked.map(fileOf),
  };
  const hidden = isRead ? { CUDA_VISIBLE_DEVICES: '-1' } : {};
  return runChild(python, [SCRIPT, JSON.stringify(job)], { env: { ...jupyterEnvironment(), ...hidden } });
}
