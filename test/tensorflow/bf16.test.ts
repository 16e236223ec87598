/** Products in bfloat16 against TensorFlow's own ops on factors that were rounded to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../lib/tensorflow/native';
import { dilatedConv } from '../../lib/tensorflow/ops/convolution';
import { type Convolution, directConv } from '../../lib/tensorflow/ops/directConv';
import { bf16, haveKernels, inPrecision, portable, precisionNow } from '../../lib/tensorflow/ops/kernels';
import { all, byTensorFlow, draw, NAMES, shapes, windows } from './convolutions';

const skip = bf16 === 'none' && 'needs a processor that is quicker with bfloat16, or PETERREC_BF16';

/** The nearest number that bfloat16 holds, of two that are equally near the one whose last bit is 0. */
function rounded(tensor: Tensor): Tensor {
  const bits = new Uint32Array((tensor.dataSync() as Float32Array).slice().buffer);
  const found = bits.map((bit) => ((bit + 0x7fff + ((bit >>> 16) & 1)) & 0xffff0000) >>> 0);
  return tf.tensor(new Float32Array(found.buffer), tensor.shape);
}

/** How far numbers are apart, of the largest. */
function apart(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  const size = Math.max(...Array.from(theirs, Math.abs));
  return Math.max(...Array.from(theirs, (value, i) => Math.abs(value - ours[i]))) / size;
}

test('numbers are rounded to eight bits', () => {
  const found = rounded(tf.tensor1d([1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -3.1421]));
  assert.deepEqual([...found.dataSync()], [1, 1, 1 + 2 ** -6, 1 + 2 ** -7, -3.140625]);
});

/** In float32, and with factors rounded to bfloat16 and sums in float32. Slopes of bias and residual are no products. */
function expected(given: readonly Tensor[], window: Parameters<Convolution>[2], dy: Tensor) {
  const [x, kernel, bias, residual] = given;
  const exact = all(byTensorFlow, given, window, dy);
  const [y] = all(byTensorFlow, [rounded(x), rounded(kernel), bias, residual], window, dy);
  const [, dx, dkernel] = all(
    byTensorFlow,
    [rounded(x), rounded(kernel), bias, residual],
    window,
    rounded(dy),
  );
  return { exact, narrow: [y, dx, dkernel, exact[3], exact[4]] };
}

/** Whether so many columns make tiles that products in bfloat16 pay for. */
const fills = (columns: number) => columns % 32 === 0 || columns >= 64;

const [SAME, NEAR] = [5e-6, 0.015];

for (const [B, P, C, D] of shapes)
  for (const [name, w, window] of windows(P))
    test(`${B} x ${P} x ${C} -> ${D}, ${name}, bfloat16 by ${bf16}`, { skip }, () => {
      tf.tidy(() => {
        const given = [draw(B, P, C), draw(w, C, D), draw(D), draw(B, window.outputs, D)];
        const dy = draw(B, window.outputs, D);
        const ours = inPrecision('bf16', () => all(directConv, given, window, dy));
        const { exact, narrow } = expected(given, window, dy);
        // Winograd's sums of rows and taps are rounded in place of the rows and taps themselves.
        const mayPair = w === 3 && window.step === 1 && !bf16.startsWith('amx');
        for (const [i, values] of ours.entries()) {
          const least = Math.min(apart(values, exact[i]), apart(values, narrow[i]));
          assert.ok(least <= (mayPair ? NEAR : SAME), `${NAMES[i]} is ${least} of the largest off`);
        }
        const isNarrow = (i: number) => apart(ours[i], exact[i]) > 1e-4;
        assert.equal(isNarrow(0), fills(D), 'y');
        assert.equal(isNarrow(1), fills(C), 'dx');
        assert.equal(isNarrow(2), fills(D) && w > 1, 'dkernel');
      });
    });

test('the precision is that of what is being made, and float32 again after a failure', () => {
  assert.throws(() =>
    inPrecision('bf16', () => {
      assert.equal(precisionNow(), 'bf16');
      throw new Error('a failure');
    }),
  );
  assert.equal(precisionNow(), 'float32');
});

test('what any TensorFlow can run is float32', { skip: !haveKernels && 'no kernels' }, () => {
  tf.tidy(() => {
    const [x, kernel, bias] = [draw(2, 9, 64), draw(3, 64, 64), draw(64)];
    const run = () => dilatedConv(x, { kernel, bias }, 1, 'causal').dataSync();
    const both = [portable(run), inPrecision('bf16', () => portable(run))];
    assert.deepEqual(both[0], both[1]);
  });
});
