import os from 'node:os';
import util from 'node:util';
import { UserError } from '../base/userError';
import { refusalOf } from '../setup/tools/variables';

const refusal = refusalOf(process.env);
if (refusal) throw new UserError(refusal);

/** Threads of TensorFlow and of the project's kernels: PETERREC_THREADS, else one for each available processor. */
export const threads = Number(process.env.PETERREC_THREADS ?? os.availableParallelism());

// TensorFlow reads its variables when it is loaded, the project's kernels PETERREC_THREADS when the first of them runs.
for (const name of ['PETERREC_THREADS', 'TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'])
  process.env[name] = String(threads);
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

// tfjs-node calls these two, which Node 23 removed.
const isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
Object.assign(util, { isNullOrUndefined, isArray: Array.isArray });
