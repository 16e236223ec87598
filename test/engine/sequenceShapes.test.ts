/** Attention and recurrence by the project's kernels against TensorFlow's own ops, at shapes that fill whole tiles and do not. */
import { test } from 'node:test';
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../lib/base/random';
import { tf } from '../../lib/engine/native';
import { attention } from '../../lib/engine/ops/attention';
import { haveKernels, isa, portable } from '../../lib/engine/ops/kernels';
import { gru } from '../../lib/engine/ops/recurrence';
import { normal, upload } from '../../lib/engine/weights';
import { assertClose } from './bothWays';

const stream = random(1, 'sequence shapes');
const draw = (deviation: number, ...shape: number[]) => upload(normal(shape, deviation, stream));

/** Padding of different lengths before each row's items; the first row has none, the last is padding alone. */
const realOf = (B: number, T: number) =>
  tf.tensor2d(
    Float32Array.from({ length: B * T }, (_, i) =>
      i % T >= Math.floor((Math.floor(i / T) * T) / Math.max(1, B - 1)) ? 1 : 0,
    ),
    [B, T],
  );

/** Fails where y or a gradient of Σ y · cotangent is not what TensorFlow's own ops give. */
function agrees(names: readonly string[], given: readonly Tensor[], y: (...given: Tensor[]) => Tensor) {
  const all = () =>
    tf.tidy(() => {
      const shape = y(...given).shape;
      const cotangent = tf.sin(tf.reshape(tf.range(0, tf.util.sizeFromShape(shape)), shape));
      const loss = (...args: Tensor[]) => tf.sum(tf.mul(y(...args), cotangent)) as Scalar;
      const { grads } = tf.valueAndGrads(loss)([...given]);
      return [y(...given), ...grads].map((tensor) => tensor.dataSync());
    });
  const expected = portable(all);
  for (const [i, found] of all().entries()) assertClose(found, expected[i], 5e-6, ['y', ...names][i]);
}

/** Sequences, queries, keys, channels, heads. */
const attentions = [
  [1, 1, 1, 8, 1],
  [3, 7, 7, 16, 2],
  [2, 1, 33, 32, 1],
  [4, 100, 100, 64, 1],
  [2, 130, 130, 20, 4],
  [2, 5, 40, 128, 2],
] as const;
for (const [B, Q, T, k, heads] of attentions)
  for (const causal of [true, false])
    test(`${B} sequences of ${T}, ${Q} queries, ${heads} of ${k} channels, causal ${causal}, ${isa}`, {
      skip: !haveKernels && 'no kernels',
    }, () => {
      const real = realOf(B, T);
      const given = [draw(1, B, Q, k), draw(1, B, T, k), draw(1, B, T, k)];
      agrees(['q', 'key', 'value'], given, (q, key, value) =>
        attention({ q, key, value, real }, { heads, causal }),
      );
    });

/** Sequences, positions, channels. */
const recurrences = [
  [1, 1, 1],
  [3, 5, 8],
  [17, 9, 20],
  [32, 12, 64],
  [5, 4, 130],
] as const;
for (const [B, T, k] of recurrences)
  test(`${B} recurrences over ${T} positions of ${k} channels, ${isa}`, {
    skip: !haveKernels && 'no kernels',
  }, () => {
    const real = realOf(B, T);
    const given = [draw(1, B, T, 3 * k), draw(0.3, k, 3 * k), draw(1, 3 * k)];
    agrees(['x', 'recurrent', 'bias'], given, (x, recurrent, bias) => gru({ x, recurrent, bias, real }));
  });
