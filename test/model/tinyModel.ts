import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../lib/base/random';
import type { Forward, InputSpec, Training } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import type { Tensors, Weight } from '../../lib/engine/weights';
import { freshHead, scores } from '../../lib/model/heads';
import type { Insertion, Place } from '../../lib/model/patches/bottleneck';
import { type AnyInsertion, freshPatches } from '../../lib/model/patches/patches';
import type { TrunkName } from '../../lib/model/trunks/names';
import { exampleShape, freshTrunk, type TrunkShape } from '../../lib/model/trunks/trunk';
import { tokens, type UserModelWeights, userVector } from '../../lib/model/userModel';
import { fullSoftmax } from '../../lib/training/losses';
import { adam } from '../../lib/training/optimizer';

/** Two blocks of four channels over six items: the smallest model with all parts of the real one. */
export type Model = UserModelWeights<Weight>;
export const ITEMS = 6;
export const LABELS = 3;
/** Source items of a user; [TCL] comes on top. */
export const LENGTH = 5;
export const BATCH = 2;

export const shapeOf = (trunk: TrunkName): TrunkShape => {
  return { ...exampleShape({ trunk }, 4, ITEMS), padding: 'embedded' };
};

export const insertionAt = (place: Place, perBlock: 1 | 2 = 2): Insertion => ({
  place,
  perBlock,
  shortcut: 'with',
  bottleneck: 2,
  activation: 'relu',
  start: 'normal',
});

/** Weights as large as those of a trained model, so that nothing drowns in rounding. */
export function tinyModel(direction: TrunkName, insertion?: AnyInsertion): Model {
  const shape = shapeOf(direction);
  const stream = random(1, 'tiny model');
  const { embedding, ...layers } = freshTrunk(shape, stream);
  const trunk = { embedding: { ...embedding, values: embedding.values.map((v) => 50 * v) }, ...layers };
  return {
    trunk,
    patches: insertion ? freshPatches({ trunk, shape }, insertion, stream) : [],
    head: freshHead(LABELS, shape.channels, stream),
  };
}

const idsIn = (shape: TrunkShape): InputSpec => ({
  dtype: 'int32',
  shape: [BATCH, LENGTH + tokens({ shape })],
});

export function scoring(shape: TrunkShape, insertion?: AnyInsertion): Forward<Model> {
  return {
    inputs: { ids: idsIn(shape) },
    outputs: (model, { ids }) => ({
      scores: scores(userVector(model, { shape, insertion }, ids), model.head),
    }),
  };
}

export function trainingOf(
  shape: TrunkShape,
  tuned: Training<Model>['tuned'],
  insertion?: AnyInsertion,
): Training<Model> {
  return {
    inputs: { ids: idsIn(shape), labels: { dtype: 'int32', shape: [BATCH] } },
    loss: (model: Tensors<Model>, { ids, labels }) =>
      fullSoftmax(userVector(model, { shape, insertion }, ids), model.head, {
        labels,
        weights: tf.ones([BATCH]),
      }),
    tuned,
    optimizer: adam(0.01),
  };
}

export const everything = (model: Tensors<Model>) => [model.trunk, model.patches, model.head];

/** Sequences of one length: [B, T]. */
export const idsOf = (...rows: readonly ArrayLike<number>[]) =>
  tf.tensor2d(
    rows.map((row) => Array.from(row)),
    undefined,
    'int32',
  );

/** The hidden states of one sequence as rows of numbers. */
export function rowsOf(h: Tensor): Float32Array[] {
  const [, T, k] = h.shape as [number, number, number];
  const values = h.dataSync() as Float32Array;
  return Array.from({ length: T }, (_, t) => values.slice(t * k, (t + 1) * k));
}
