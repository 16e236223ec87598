import os from 'node:os';

/** As many as the process was started with (PETERREC_THREADS), else one for each processor. */
export const threads = Number(process.env.PETERREC_THREADS ?? os.availableParallelism());

// TensorFlow reads these when it is loaded, the project's own kernels PETERREC_THREADS.
if (process.env.PETERREC_THREADS !== undefined) {
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.TF_NUM_INTEROP_THREADS = String(threads);
}
