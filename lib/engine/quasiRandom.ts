import { attribute, backend, tf } from './native';

/** Points 1 … count of Sobol's sequence in [0, 1)^dimensions, by TensorFlow: any number fills it evenly. */
export function sobolPoints(dimensions: number, count: number): number[][] {
  return tf.tidy(() => {
    const [dim, results, skip] = [dimensions, count, 1].map((value) => tf.scalar(value, 'int32'));
    const points = backend.executeSingleOutput(
      'SobolSample',
      [attribute.type('dtype')],
      [dim, results, skip],
    );
    return points.arraySync() as number[][];
  });
}
