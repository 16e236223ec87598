/** The project's convolution and its gradients against TensorFlow's own ops, in float32 and in bfloat16, at shapes that fill tiles and do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../lib/base/random';
import { tf } from '../../lib/engine/native';
import { dilatedConv, directConv } from '../../lib/engine/ops/convolution';
import { intAttributes, one } from '../../lib/engine/ops/define';
import { bf16, haveKernels, inPrecision, isa, portable, precisionNow } from '../../lib/engine/ops/kernels';
import { type Convolution, paddedConv, type Window } from '../../lib/engine/ops/paddedConv';
import { normal, upload } from '../../lib/engine/weights';
import { assertClose } from './bothWays';

const stream = random(1, 'convolution shapes');
const draw = (...shape: number[]) => upload(normal(shape, 1, stream));

/** Batch, rows given, channels of the two sides. */
const shapes = [
  [3, 40, 64, 64],
  [2, 33, 20, 70],
  [5, 9, 70, 32],
  [1, 100, 16, 96],
  [7, 13, 64, 8],
  [7, 13, 8, 64],
  [2, 5, 33, 100],
  [4, 120, 64, 64],
  [2, 9, 64, 33],
] as const;

/** Width, and how the window lies over the rows given. */
const windows = (P: number) =>
  [
    ['causal', 3, { left: 2, dilation: 1, step: 1, outputs: P }],
    ['causal, dilated', 3, { left: 8, dilation: 4, step: 1, outputs: P }],
    ['non-causal, dilated', 3, { left: 3, dilation: 3, step: 1, outputs: P }],
    ['farther than the rows', 3, { left: 2 * P, dilation: P, step: 1, outputs: P }],
    ['the last rows only', 3, { left: 0, dilation: 1, step: 1, outputs: P - 2 }],
    ['every second output', 3, { left: 1, dilation: 1, step: 2, outputs: Math.floor((P - 1) / 2) }],
    ['one tap', 1, { left: 0, dilation: 1, step: 1, outputs: P }],
    ['two taps', 2, { left: 5, dilation: 5, step: 1, outputs: P }],
    ['five taps', 5, { left: 4, dilation: 2, step: 1, outputs: P }],
  ] as const;

/** What a convolution gives, and the gradients of a sum that weighs each output differently. */
function all(convolve: Convolution, given: readonly Tensor[], window: Window, dy: Tensor) {
  const run = (...[x, kernel, bias, residual]: Tensor[]) => convolve(x, { kernel, bias }, window, residual);
  return [run(...given), ...tf.grads(run)([...given], dy)].map((tensor) => tensor.dataSync());
}
const NAMES = ['y', 'dx', 'dkernel', 'dbias', 'dresidual'] as const;

const byTensorFlow: Convolution = (x, weights, window, residual) =>
  paddedConv(x, weights, window, residual, false);

/** The nearest number that bfloat16 holds, ties to the even one. */
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

/** With factors rounded to bfloat16 and sums in float32. Slopes of bias and residual are no products. */
function narrowed([x, kernel, ...rest]: readonly Tensor[], window: Window, dy: Tensor) {
  const factors = [rounded(x), rounded(kernel), ...rest];
  const [y, , , ...exact] = all(byTensorFlow, factors, window, dy);
  const [, dx, dkernel] = all(byTensorFlow, factors, window, rounded(dy));
  return [y, dx, dkernel, ...exact];
}

/** Whether so many columns make tiles that products in bfloat16 pay for. */
const fills = (columns: number) => columns % 32 === 0 || columns >= 64;

const [SAME, NEAR] = [5e-6, 0.015];
const noBf16 = bf16() === 'none' && 'needs a processor that is quicker with bfloat16, or PETERREC_BF16';

for (const [B, P, C, D] of shapes)
  for (const [name, w, window] of windows(P)) {
    const given = [draw(B, P, C), draw(w, C, D), draw(D), draw(B, window.outputs, D)];
    const dy = draw(B, window.outputs, D);
    const what = `${B} x ${P} x ${C} -> ${D}, ${name}`;

    test(`${what}, by ${isa()}`, { skip: !haveKernels() && 'no kernels' }, () => {
      tf.tidy(() => {
        const theirs = all(byTensorFlow, given, window, dy);
        for (const [i, values] of all(directConv, given, window, dy).entries())
          assertClose(values, theirs[i], SAME, NAMES[i]);
        const { outputs: _, ...rest } = window;
        const [sum, attributes] = [draw(B, P, C), intAttributes({ ...rest, length: P, bf16: 0 })];
        const dx = one('DilatedConvInputGrad', attributes, [dy, given[1], sum]);
        assertClose(tf.sub(dx, sum).dataSync(), theirs[1], SAME, 'dx that something is added to');
      });
    });

    test(`${what}, bfloat16 by ${bf16()}`, { skip: noBf16 }, () => {
      tf.tidy(() => {
        const ours = inPrecision('bf16', () => all(directConv, given, window, dy));
        const exact = all(byTensorFlow, given, window, dy);
        const narrow = narrowed(given, window, dy);
        // Winograd's sums of rows and taps are rounded in place of the rows and taps themselves.
        const mayPair = w === 3 && window.step === 1 && !bf16().startsWith('amx');
        for (const [i, values] of ours.entries()) {
          const least = Math.min(apart(values, exact[i]), apart(values, narrow[i]));
          assert.ok(least <= (mayPair ? NEAR : SAME), `${NAMES[i]} is ${least} of the largest off`);
        }
        const isNarrow = (i: number) => apart(ours[i], exact[i]) > 1e-4;
        assert.deepEqual([0, 1, 2].map(isNarrow), [fills(D), fills(C), fills(D) && w > 1]);
      });
    });
  }

test('the precision ends with what is made in it, after a failure too', () => {
  const fail = () => {
    throw new Error(precisionNow());
  };
  assert.throws(() => inPrecision('bf16', fail), /^Error: bf16$/);
  assert.equal(precisionNow(), 'float32');
});

test('what any TensorFlow can run is float32', { skip: !haveKernels() && 'no kernels' }, () => {
  const [x, kernel, bias] = [draw(2, 9, 64), draw(3, 64, 64), draw(64)];
  const run = () => portable(() => dilatedConv(x, { kernel, bias }, 1, 'causal').dataSync());
  assert.deepEqual(run(), inPrecision('bf16', run));
});
