import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../lib/engine/native';
import { Program } from '../../lib/engine/program/program';
import { adam } from '../../lib/training/optimizer';
import { assertClose } from '../engine/bothWays';

/** A weight that starts at 1 and whose gradient is what is fed. */
function weightUnderAdam(rate: number) {
  return Program.compile(
    { w: { shape: [], values: Float32Array.of(1) } },
    {
      train: {
        inputs: { gradient: { dtype: 'float32', shape: [] } },
        loss: ({ w }, { gradient }) => tf.mul(w, gradient),
        tuned: ({ w }) => [w],
        optimizer: adam(rate),
      },
    },
  );
}

test('two steps of Adam at rate 0.1 with gradients 2 and −1, by hand', () => {
  const program = weightUnderAdam(0.1);
  program.run('train', { gradient: Float32Array.of(2) });
  // m = 0.2, v = 0.004; the corrected step is 0.1 · 2 / √4 = 0.1.
  assertClose(program.read().w.values, [0.9], 1e-6);
  program.run('train', { gradient: Float32Array.of(-1) });
  // m = 0.9 · 0.2 − 0.1 = 0.08, v = 0.999 · 0.004 + 0.001 = 0.004996;
  // the step is 0.1 · √(1 − 0.999²) / (1 − 0.9²) · 0.08 / √0.004996 = 0.026634.
  const state = program.snapshot();
  program.dispose();
  assertClose(state.get('weights/w') as Float32Array, [0.9 - 0.026634], 1e-6);
  assertClose(state.get('adam/m/w') as Float32Array, [0.08], 1e-7);
  assertClose(state.get('adam/v/w') as Float32Array, [0.004996], 1e-7);
});

test('epsilon is added to the uncorrected √v: a gradient of 1e-8 makes a step of 0.031 · rate', () => {
  const program = weightUnderAdam(1);
  program.run('train', { gradient: Float32Array.of(1e-8) });
  // √0.001 / 0.1 · (0.1 · 1e-8) / (√0.001 · 1e-8 + 1e-8) = √0.001 / (√0.001 + 1) = 0.030653
  assertClose(program.read().w.values, [1 - 0.030653], 1e-5);
  program.dispose();
});

test('a gradient of 0 leaves a fresh weight as it is', () => {
  const program = weightUnderAdam(0.1);
  program.run('train', { gradient: Float32Array.of(0) });
  assert.deepEqual([...program.read().w.values], [1]);
  program.dispose();
});
