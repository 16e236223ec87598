/** Letters: T ids of a row, k channels. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { encode, lastState, type TrunkParts } from '../model/trunk';
import { type UserModelWeights, userVector } from '../model/userModel';
import type { LoadedTrunk } from '../modelFiles/trunkFile';
import { type LoadedUserModel, shapeOf, userSequences } from '../modelFiles/userModelFile';
import { tf } from '../tensorflow/native';
import { perRow } from './rows';

export type Positions = 'last' | 'all';
/** For each row its hidden states, k numbers each. */
export type States = Generator<Float32Array[]>;

/** Hidden states of a trunk for each row of its ids: the last one, or one for each id. */
export function trunkStates(
  { weights, shape }: LoadedTrunk,
  rows: readonly Int32Array[],
  positions: Positions,
): States {
  return perRow(
    weights,
    rows,
    (trunk, ids) =>
      positions === 'all'
        ? encode(trunk, shape, ids) // [B, T, k]
        : tf.expandDims(lastState(trunk, shape, ids), 1), // [B, 1, k]
  );
}

function partsOf({ patches, tcl }: UserModelWeights<Tensor>, { insertion }: LoadedUserModel): TrunkParts {
  return { grafts: insertion && { patches, insertion }, tcl };
}

/** The same of a trunk with what a task added. */
export function patchedStates(
  model: LoadedUserModel,
  rows: readonly Int32Array[],
  positions: Positions,
): States {
  const { shape } = model.trunk;
  return perRow(model.weights, rows, (weights, ids) => {
    const parts = partsOf(weights, model);
    return positions === 'all'
      ? encode(weights.trunk, shape, ids, parts) // [B, T, k]
      : tf.expandDims(lastState(weights.trunk, shape, ids, parts), 1); // [B, 1, k]
  });
}

/** Source sequences of items: the user's vector of each, or the hidden states of all that the model reads, [TCL] included. */
export function userStates(
  model: LoadedUserModel,
  rows: readonly Int32Array[],
  positions: Positions,
): States {
  const read = userSequences(model, rows);
  if (positions === 'all') return patchedStates(model, read, 'all');
  return perRow(model.weights, read, (weights, ids) =>
    tf.expandDims(userVector(weights, shapeOf(model), ids), 1),
  );
}
