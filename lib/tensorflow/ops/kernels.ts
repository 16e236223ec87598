import { backend, device, tf } from '../native';

/** Whether the project's own kernels (lib/tensorflow/kernels) can be used: on a CPU with AVX2. */
export const haveKernels = device === 'cpu' && probe();

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

function probe(): boolean {
  const scores = tf.ones([1, 1]);
  const labels = tf.zeros([1], 'int32');
  try {
    tf.dispose(backend.executeSingleOutput('RankOfLabel', [], [scores, labels]));
    return true;
  } catch {
    return false;
  } finally {
    tf.dispose([scores, labels]);
  }
}
