import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../../lib/base/random';
import { tf } from '../../../lib/engine/native';
import type { Direction } from '../../../lib/engine/ops/convolution';
import { normal, upload, type Weight } from '../../../lib/engine/weights';
import { type PatchSite, type Place, places } from '../../../lib/model/patches/bottleneck';
import { freshPatch, patch, type Shortcut } from '../../../lib/model/patches/patch';
import { additionsOf, freshPatches } from '../../../lib/model/patches/patches';
import type { CnnWeights } from '../../../lib/model/trunks/dilatedCnn';
import { block } from '../../../lib/model/trunks/dilatedCnn';
import { insertionAt, shapeOf, tinyModel } from '../tinyModel';

test('Eq. 9 by hand: [1 2] down to ReLU(1 + 2 · 2 − 1) = 4, up to [8.5 −4], plus the shortcut if there is one', () => {
  const down = { weight: tf.tensor2d([1, 2], [2, 1]), bias: tf.tensor1d([-1]) };
  const up = { weight: tf.tensor2d([2, -1], [1, 2]), bias: tf.tensor1d([0.5, 0]) };
  const P = (x: number[], shortcut?: Shortcut) => [
    ...patch(tf.tensor3d(x, [1, 1, 2]), { down, up }, 'relu', shortcut).dataSync(),
  ];
  assert.deepEqual([P([1, 2]), P([-1, -2]), P([1, 2], 'without')].flat(), [9.5, -2, -0.5, -2, 8.5, -4]);
});

/** z = 3 at both positions, ψ(z) = 2 and −2, LN multiplies by 10, P doubles and adds 1. */
const sites: readonly (readonly [Place, string, number[]])[] = [
  ['serial', 'σ(LN(P(ψ(z))))', [50, 0]],
  ['serial after norm', 'σ(P(LN(ψ(z))))', [41, 0]],
  ['parallel', 'σ(LN(ψ(z) + P(z)))', [90, 50]],
  ['parallel after norm', 'σ(LN(ψ(z)) + P(z))', [27, 0]],
  ['parallel after activation', 'σ(LN(ψ(z))) + P(z)', [27, 7]],
];
const RESIDUAL = 1000;
test('the place of a patch makes the layer its formula', () => {
  const site = {
    z: tf.tensor1d([3, 3]),
    psi: tf.tensor1d([2, -2]),
    norm: (x: tf.Tensor) => tf.mul(x, 10),
    finish: (x: tf.Tensor) => tf.add(tf.relu(tf.mul(x, 10)), RESIDUAL),
    plus: (x: tf.Tensor) => tf.add(x, RESIDUAL),
    P: (x: tf.Tensor) => tf.add(tf.mul(x, 2), 1),
  };
  for (const [place, formula, expected] of sites) {
    const sums = expected.map((value) => value + RESIDUAL);
    assert.deepEqual([...places[place](site as unknown as PatchSite).dataSync()], sums, formula);
  }
});

const E = normal([2, 7, 4], 1, random(1, 'patch test'));

function outputs(
  place: Place,
  perBlock: 1 | 2,
  start: 'zero' | 'normal',
  { shortcut = 'with', direction = 'causal' }: { shortcut?: Shortcut; direction?: Direction } = {},
) {
  return tf.tidy(() => {
    const insertion = { ...insertionAt(place, perBlock), start, shortcut };
    const { trunk } = tinyModel(direction);
    const shape = shapeOf(direction);
    const patches = upload(freshPatches({ trunk, shape }, insertion, random(2, 'patches')));
    const [weights] = upload((trunk as CnnWeights<Weight>).blocks);
    const x = tf.tensor3d(E.values, [2, 7, 4]);
    const [plain, grafted] = [{}, additionsOf(patches, insertion, shape)].map((graft) =>
      block(x, weights, { dilation: 1, direction, ...graft }).dataSync(),
    );
    return { plain, grafted };
  });
}

test('a zero-initialised serial patch changes nothing; a patch of normal values changes the block', () => {
  for (const place of ['serial', 'serial after norm'] as const)
    for (const perBlock of [1, 2] as const) {
      const { plain, grafted } = outputs(place, perBlock, 'zero');
      assert.deepEqual(grafted, plain, `${perBlock} × ${place}`);
    }
  const { plain, grafted } = outputs('serial', 2, 'normal');
  assert.notDeepEqual(grafted, plain);
});

test('a zero-initialised parallel patch changes the block by its shortcut only', () => {
  for (const [place] of sites.filter(([place]) => place.startsWith('parallel')))
    for (const direction of ['causal', 'non-causal'] as const) {
      const withShortcut = outputs(place, 2, 'zero', { direction });
      assert.notDeepEqual(withShortcut.grafted, withShortcut.plain, place);
      const without = outputs(place, 2, 'zero', { direction, shortcut: 'without' });
      assert.deepEqual(without.grafted, without.plain, place);
    }
});

test('an insertion has a patch at the end of each layer, or one at the end of the block', () => {
  const model = { trunk: tinyModel('causal').trunk, shape: shapeOf('causal') };
  const layers = ([1, 2] as const).map((perBlock) =>
    freshPatches(model, insertionAt('serial', perBlock), random(1, 'patches')).map(Object.keys),
  );
  assert.deepEqual([layers[0][1], layers[1][1]], [['second'], ['first', 'second']]);
});

test('φ_up starts at zero or, like φ_down, at normal values; biases start at zero', () => {
  for (const start of ['zero', 'normal'] as const) {
    const { down, up } = freshPatch(4, 2, start, random(1, 'patch'));
    const all = [down.weight, up.weight, down.bias, up.bias];
    assert.deepEqual(
      all.map(({ values }) => values.some((value) => value !== 0)),
      [true, start === 'normal', false, false],
    );
  }
});
