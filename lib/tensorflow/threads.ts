import os from 'node:os';

/** As many as the process was started with (PETERREC_THREADS), else one for each processor that it may use. */
export const threads = Number(process.env.PETERREC_THREADS ?? os.availableParallelism());

// TensorFlow reads its own when it is loaded, the project's kernels PETERREC_THREADS when the first of them runs.
for (const name of ['PETERREC_THREADS', 'TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'])
  process.env[name] = String(threads);
