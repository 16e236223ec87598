import { attribute, backend, tf } from '../../engine/native';

/** Points 1 … count of Sobol's sequence in [0, 1)^dimensions, by TensorFlow: any number fills it evenly. */
export function sobolPoints(dimensions: number, count: number): number[][] {
  return tf.tidy(() => {
    const inputs = [dimensions, count, 1].map((value) => tf.scalar(value, 'int32')); // the last skips point 0
    const points = backend.executeSingleOutput('SobolSample', [attribute.type('dtype')], inputs);
    return points.arraySync() as number[][];
  });
}
