import { spawnSync } from 'node:child_process';
import os from 'node:os';
import util from 'node:util';
import { UserError } from '../base/userError';
import { refusalOf } from '../setup/tools/variables';

const refusal = refusalOf(process.env);
if (refusal) throw new UserError(refusal);

/** Available processors; on Apple silicon the performance cores, since the slowest part of a kernel decides. */
function processors(): number {
  if (process.platform !== 'darwin') return os.availableParallelism();
  const { stdout } = spawnSync('sysctl', ['-n', 'hw.perflevel0.physicalcpu'], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10) || os.availableParallelism();
}

/** Threads of TensorFlow and of the project's kernels: PETERREC_THREADS, else one for each processor. */
export const threads = Number(process.env.PETERREC_THREADS ?? processors());

// TensorFlow reads its variables when it is loaded, the project's kernels PETERREC_THREADS when the first of them runs.
for (const name of ['PETERREC_THREADS', 'TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'])
  process.env[name] = String(threads);
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

// tfjs-node calls these two, which Node 23 removed.
const isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
Object.assign(util, { isNullOrUndefined, isArray: Array.isArray });
