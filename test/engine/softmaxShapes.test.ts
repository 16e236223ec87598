/** The project's softmax loss and its gradients against TensorFlow's own ops, at shapes that fill whole tiles and do not. */
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { below, random } from '../../lib/base/random';
import { tf } from '../../lib/engine/native';
import { haveKernels, isa, portable } from '../../lib/engine/ops/kernels';
import { softmaxSum } from '../../lib/engine/ops/softmaxSum';
import { normal, upload } from '../../lib/engine/weights';
import { assertClose } from './bothWays';

const stream = random(1, 'softmax shapes');
const draw = (deviation: number, ...shape: number[]) => upload(normal(shape, deviation, stream));
const ints = (count: number, from: number) =>
  tf.tensor1d(
    Int32Array.from({ length: count }, () => below(from, stream)),
    'int32',
  );

/** Rows, channels, columns. */
const shapes = [
  [1, 32, 2],
  [3, 8, 33],
  [100, 32, 700],
  [300, 64, 515],
  [45, 40, 1000],
  [20, 256, 64],
  [2, 33, 20_000],
] as const;

const NAMES = ['loss', 'h', 'table', 'offset', 'own'];

for (const [N, k, V] of shapes)
  for (const sampled of [false, true]) {
    const name = `${N} rows of ${k} channels against ${sampled ? 'a sample of ' : ''}${V} columns`;
    test(`${name}, ${isa}`, { skip: !haveKernels && 'no kernels' }, () => {
      const given = [draw(1, N, k), draw(0.3, V, k), draw(1, V), draw(1, N)];
      const weights = tf.tensor1d(
        Float32Array.from({ length: N }, (_, n) => (n % 3 === 1 ? 0 : 1 / (1 + n))),
      );
      const [labels, candidates] = [ints(N, V), ints(V, 2 * V)];
      const all = () => {
        const loss = (...[h, table, offset, own]: Tensor[]) =>
          softmaxSum({ h, table, offset, labels, weights }, sampled ? { own, candidates } : undefined);
        const used = sampled ? given : given.slice(0, 3);
        const { value, grads } = tf.valueAndGrads(loss as (...args: Tensor[]) => tf.Scalar)(used);
        return [value, ...grads].map((tensor) => tensor.dataSync());
      };
      const expected = portable(all);
      for (const [i, found] of all().entries()) assertClose(found, expected[i], 5e-6, NAMES[i]);
    });
  }
