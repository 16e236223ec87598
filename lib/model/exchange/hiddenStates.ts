/** Letters: T ids of a row, k channels. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../engine/native';
import { type LoadedUserModel, shapeOf, userSequences } from '../files/patchFile';
import type { LoadedTrunk } from '../files/trunkFile';
import { encode, lastState, type TrunkAdditions, type TrunkShape, type TrunkWeights } from '../trunk';
import { userVector } from '../userModel';
import { perRow } from './rows';

export type Positions = 'last' | 'all';
/** For each row its hidden states, k numbers each. */
export type States = Generator<Float32Array[]>;

/** h at the last position, or at all: ids [B, T] -> [B, 1, k] or [B, T, k]. */
function statesAt(
  positions: Positions,
  trunk: TrunkWeights<Tensor>,
  shape: TrunkShape,
  ids: Tensor,
  parts?: TrunkAdditions,
): Tensor {
  if (positions === 'all') return encode(trunk, shape, ids, parts);
  return tf.expandDims(lastState(trunk, shape, ids, parts), 1);
}

/** Hidden states of a trunk for each row of its ids: the last one, or one for each id. */
export const trunkStates = (
  { weights, shape }: LoadedTrunk,
  rows: readonly Int32Array[],
  positions: Positions,
): States => perRow(weights, rows, (trunk, ids) => statesAt(positions, trunk, shape, ids));

/** The same of a trunk with what a task added. */
export const patchedStates = (
  { trunk: { shape }, weights, insertion }: LoadedUserModel,
  rows: readonly Int32Array[],
  positions: Positions,
): States =>
  perRow(weights, rows, ({ trunk, patches, tcl }, ids) =>
    statesAt(positions, trunk, shape, ids, { grafts: insertion && { patches, insertion }, tcl }),
  );

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
