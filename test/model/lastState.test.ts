import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../lib/base/random';
import type { Forward } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import { haveKernels } from '../../lib/engine/ops/kernels';
import { lastPositions } from '../../lib/engine/ops/positions';
import { Builder } from '../../lib/engine/program/builder';
import type { Tensors, Weight } from '../../lib/engine/weights';
import type { Insertion } from '../../lib/model/patches/bottleneck';
import { patchChoices } from '../../lib/model/patches/bottleneck';
import type { BlockPatches } from '../../lib/model/patches/form';
import { additionsOf, freshPatches } from '../../lib/model/patches/patches';
import { isCausal, trunkNames } from '../../lib/model/trunks/names';
import {
  encode,
  freshTrunk,
  lastState,
  type TrunkShape,
  type TrunkWeights,
} from '../../lib/model/trunks/trunk';
import { assertClose, bothWays, lossAndGradients } from '../engine/bothWays';
import { ITEMS, insertionAt, shapeOf } from './tinyModel';

const B = 2;

/** Fresh weights, with an embedding large enough that nothing drowns in rounding. */
function modelOf(shape: TrunkShape, insertion?: Insertion): Trained {
  const stream = random(1, 'last state');
  const { embedding, ...layers } = freshTrunk(shape, stream);
  const trunk = { embedding: { ...embedding, values: embedding.values.map((v) => 50 * v) }, ...layers };
  return insertion ? { trunk, patches: freshPatches({ trunk, shape }, insertion, stream) } : { trunk };
}
type Trained = { readonly trunk: TrunkWeights<Weight>; readonly patches?: BlockPatches<Weight>[] };

/** Two histories, the second padded on the left by a quarter, without [TCL]. */
const idsOf = (T: number) =>
  Int32Array.from({ length: B * T }, (_, i) => (i >= T && i < T + T / 4 ? 0 : 1 + ((i * 7) % ITEMS)));

type Vector = typeof lastState;
const reference: Vector = (trunk, shape, ids, parts) =>
  tf.reshape(lastPositions(encode(trunk, shape, ids, parts), 1, 1), [B, shape.channels]);

/** h, and the gradients of its squares and of its sum with changing signs. */
function objective(vector: Vector, shape: TrunkShape, T: number, insertion?: Insertion): Forward<Trained> {
  const h = ({ trunk, patches }: Tensors<Trained>, ids: Tensor) =>
    vector(trunk, shape, ids, insertion && patches ? additionsOf(patches, insertion, shape) : {});
  const { inputs, outputs } = lossAndGradients<Trained>(
    (model, { ids }) => tf.sum(tf.mul(h(model, ids), tf.tensor1d([1, -2, 3, 0.5]))),
    { ids: { dtype: 'int32', shape: [B, T] } },
  );
  return { inputs, outputs: (model, batch) => ({ ...outputs(model, batch), h: h(model, batch.ids) }) };
}

const places = patchChoices.place.options;
const insertions = [undefined, ...places.flatMap((place) => [insertionAt(place, 1), insertionAt(place, 2)])];

/** With kernel 3 the dilations reach back 30, 126 and 30 positions: less than the one length and more than the other. */
const cases = [
  { dilations: [1, 4], lengths: [12, 40] },
  { dilations: [1, 4, 16], lengths: [20, 140] },
  { dilations: [3, 2], lengths: [9, 40] },
];
for (const { dilations, lengths } of cases) {
  for (const padding of ['embedded', 'masked'] as const) {
    test(`the last state and its gradients are those of the whole sequence: dilations ${dilations}, ${padding}`, () => {
      const shape = { ...shapeOf('causal'), dilations, padding };
      for (const insertion of padding === 'embedded' ? insertions : [undefined, insertionAt('parallel')]) {
        for (const T of lengths) {
          const model = modelOf(shape, insertion);
          const batch = { ids: idsOf(T) };
          const [[, eager]] = bothWays;
          const expected = eager(model, objective(reference, shape, T, insertion), batch);
          for (const [mode, run] of bothWays) {
            const found = run(model, objective(lastState, shape, T, insertion), batch);
            const where = `${insertion?.place} ${insertion?.perBlock} T ${T} ${mode}`;
            assert.deepEqual(Object.keys(found), Object.keys(expected));
            for (const [key, values] of Object.entries(expected)) {
              assertClose(found[key], [...values], key === 'h' ? 1e-5 : 1e-4, `${where} ${key}`);
            }
          }
        }
      }
    });
  }
}

for (const trunk of trunkNames.filter((name) => isCausal({ trunk: name }) && name !== 'causal'))
  test(`the last state of ${trunk} and its gradients are those of the whole sequence, with patches or without`, () => {
    const shape: TrunkShape = { ...shapeOf(trunk), padding: 'masked' };
    for (const insertion of [undefined, insertionAt('serial', 1), insertionAt('parallel')])
      for (const [mode, run] of bothWays) {
        const model = modelOf(shape, insertion);
        const [expected, found] = [reference, lastState].map((vector) =>
          run(model, objective(vector, shape, 12, insertion), { ids: idsOf(12) }),
        );
        for (const [key, values] of Object.entries(expected))
          assertClose(found[key], [...values], 1e-4, `${insertion?.place} ${mode} ${key}`);
      }
  });

/** Output positions of every convolution that a program has for h at the last position. */
function convolved(vector: Vector, T: number): number[] {
  const shape = { ...shapeOf('causal'), dilations: [1, 4] };
  const builder = new Builder(modelOf(shape));
  const { outputs } = builder.signature('encode', {
    inputs: { ids: { dtype: 'int32', shape: [B, T] } },
    outputs: ({ trunk }, { ids }) => ({ h: vector(trunk, shape, ids) }),
  });
  const convolutions = builder.graph.reachable([outputs.h.ref]).filter(({ op }) => op === 'DilatedConv');
  return convolutions.map(({ attr }) => (attr.length as { readonly i: number }).i);
}

test('a compiled causal user convolves 15, 7, 3 and 1 of 40 positions', {
  skip: !haveKernels() && 'no kernels',
}, () => {
  assert.deepEqual(convolved(reference, 40), [40, 40, 40, 40]);
  assert.deepEqual(convolved(lastState, 40), [15, 7, 3, 1]);
});
