/** Attention, recurrence and softmax losses by the project's kernels against TensorFlow's own ops, at shapes that fill whole tiles and do not. */
import { test } from 'node:test';
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { below, random } from '../../lib/base/random';
import { tf } from '../../lib/engine/native';
import { attention } from '../../lib/engine/ops/attention';
import { haveKernels, isa, portable } from '../../lib/engine/ops/kernels';
import { gru } from '../../lib/engine/ops/recurrence';
import { softmaxSum } from '../../lib/engine/ops/softmaxSum';
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
      const cotangent = tf.cos(tf.reshape(tf.range(0, tf.util.sizeFromShape(shape)), shape));
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
    test(`${B} sequences of ${T}, ${Q} queries, ${heads} of ${k} channels, causal ${causal}, ${isa()}`, {
      skip: !haveKernels() && 'no kernels',
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
  test(`${B} recurrences over ${T} positions of ${k} channels, ${isa()}`, {
    skip: !haveKernels() && 'no kernels',
  }, () => {
    const real = realOf(B, T);
    const given = [draw(1, B, T, 3 * k), draw(0.3, k, 3 * k), draw(1, 3 * k)];
    agrees(['x', 'recurrent', 'bias'], given, (x, recurrent, bias) => gru({ x, recurrent, bias, real }));
  });

const ints = (count: number, from: number) =>
  tf.tensor1d(
    Int32Array.from({ length: count }, () => below(from, stream)),
    'int32',
  );

/** Rows, channels, columns. */
const losses = [
  [1, 32, 2],
  [3, 8, 33],
  [100, 32, 700],
  [300, 64, 515],
  [45, 40, 1000],
  [20, 256, 64],
  [2, 33, 20_000],
] as const;
for (const [N, k, V] of losses)
  for (const sampled of [false, true])
    test(`${N} rows of ${k} channels against ${sampled ? 'a sample of ' : ''}${V} columns, ${isa()}`, {
      skip: !haveKernels() && 'no kernels',
    }, () => {
      const given = [draw(1, N, k), draw(0.3, V, k), draw(1, V), ...(sampled ? [draw(1, N)] : [])];
      const weights = tf.tensor1d(
        Float32Array.from({ length: N }, (_, n) => (n % 3 === 1 ? 0 : 1 / (1 + n))),
      );
      const [labels, candidates] = [ints(N, V), ints(V, 2 * V)];
      agrees(['h', 'table', 'offset', 'own'], given, (h, table, offset, own) =>
        softmaxSum({ h, table, offset, labels, weights }, sampled ? { own, candidates } : undefined),
      );
    });
