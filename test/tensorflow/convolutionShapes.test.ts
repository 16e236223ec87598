/** The project's convolution and its gradients against TensorFlow's own ops. */

import { test } from 'node:test';
import { tf } from '../../lib/tensorflow/native';
import { directConv } from '../../lib/tensorflow/ops/directConv';
import { haveKernels, isa } from '../../lib/tensorflow/ops/kernels';
import { assertClose } from './bothWays';
import { all, byTensorFlow, draw, NAMES, shapes, windows } from './convolutions';

for (const [B, P, C, D] of shapes)
  for (const [name, w, window] of windows(P))
    test(`${B} x ${P} x ${C} -> ${D}, ${name}, by ${isa}`, { skip: !haveKernels && 'no kernels' }, () => {
      tf.tidy(() => {
        const given = [draw(B, P, C), draw(w, C, D), draw(D), draw(B, window.outputs, D)];
        const dy = draw(B, window.outputs, D);
        const theirs = all(byTensorFlow, given, window, dy);
        for (const [i, values] of all(directConv, given, window, dy).entries())
          assertClose(values, theirs[i], 5e-6, NAMES[i]);
      });
    });
