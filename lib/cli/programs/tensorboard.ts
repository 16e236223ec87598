import { spawnSync } from 'node:child_process';
import { UserError } from '../../base/userError';
import { inProject } from '../../setup/tools/project';
import { runChild } from '../child';
import { shown } from '../values';
import { runCommand } from './program';

type Options = { readonly run?: string; readonly port: number };

/** TensorBoard of the project's own Python, or the one on the path. */
const PROGRAMS = [inProject('.venv/bin/tensorboard'), 'tensorboard'];

async function tensorboard({ run = inProject('figures/runs'), port }: Options): Promise<number> {
  const args = ['--logdir', run, '--port', String(port)];
  const program = PROGRAMS.find((one) => spawnSync(one, ['--version']).status === 0);
  if (program) return runChild(program, args);
  throw new UserError(
    `TensorBoard is not installed: \`pip install tensorboard\`, then \`tensorboard --logdir ${shown(run)} --port ${port}\``,
  );
}

runCommand(tensorboard);
