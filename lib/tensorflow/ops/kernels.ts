import { backend, device, tf } from '../native';

/** Sets of instructions that the project's own kernels are compiled for, in the order of kernels/isa.h. */
const ISAS = ['none', 'avx2', 'avx2x16', 'avx512'] as const;

/** The one that they use here; `none` where they cannot be used: without AVX2, or on a GPU. */
export const isa = device === 'cpu' ? probe() : 'none';

/** Whether the project's own kernels (lib/tensorflow/kernels) can be used. */
export const haveKernels = isa !== 'none';

let portably = false;

/** Whether ops are to use the project's own kernels now. */
export const useKernels = () => haveKernels && !portably;

/** Runs `body`; the ops in it are TensorFlow's own, which any TensorFlow knows. */
export function portable<R>(body: () => R): R {
  const before = portably;
  portably = true;
  try {
    return body();
  } finally {
    portably = before;
  }
}

function probe(): (typeof ISAS)[number] {
  try {
    return tf.tidy(() => ISAS[backend.executeSingleOutput('IsaInUse', [], []).dataSync()[0]]);
  } catch {
    return 'none';
  }
}
