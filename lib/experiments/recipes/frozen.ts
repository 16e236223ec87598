/**
 * Selection and caching of weights. The frozen part is cached per user instead of recomputed every step: the user vector if only the
 * classifier is tuned, the input of the last block if only its layers are, the states of all blocks if a side network is. The numbers
 * stay the same.
 * Letters: U users, T ids of a user, k channels.
 */
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-node-gpu';
import { type Forward, float32, type InputSpec, int32 } from '../../engine/graph/signature';
import type { Batch, Program } from '../../engine/program/program';
import type { Weight } from '../../engine/weights';
import type { Frozen } from '../../model/selections/selection';
import { selections } from '../../model/selections/selections';
import { layersOf } from '../../model/trunks/trunk';
import { tokens, type UserModelWeights, userVector } from '../../model/userModel';
import { SCORED_ROWS, scoringOn } from '../../training/evaluate';
import type { Step } from '../../training/fit';
import type { TaskModel } from '../../training/taskInputs';
import type { FineTuning } from '../methods/experiment';
import { isOwn } from '../methods/own/own';
import { type TaskStep, trainingOn } from './batches';
import { ownSelection, type Selected } from './ownFunctions';
import { sizeOf, type TargetSetting, type TuningSetting } from './settings';

/** The weights that an experiment tunes. */
export function selectionOf({ tuned, trunk }: Pick<FineTuning, 'tuned' | 'trunk'>): Selected {
  const select = isOwn(tuned) ? ownSelection(tuned) : selections[tuned].weights;
  return (model) => select(model, layersOf(model.trunk, { trunk }));
}

type Weights = UserModelWeights<Weight>;
type Model = UserModelWeights<Tensor>;

/** A task on a trunk; `choices` select the frozen part, none if absent. */
export type Target = TargetSetting & Partial<Pick<TuningSetting, 'choices'>>;

/** The frozen part of a model; none if [TCL] or a patch on items is tuned. */
function frozenPart({ choices, model }: Target): Frozen | undefined {
  if (choices === undefined || choices.tcl === 'trained' || choices.itemRank) return undefined;
  return isOwn(choices.tuned) ? undefined : selections[choices.tuned].frozen?.(model);
}

/** Ids of a user for source sequences of a length: T. */
export const idsIn = ({ model }: TaskModel, length: number) => length + tokens(model);

/** Inputs and user vectors of a signature of U users with T ids, from the cached frozen part, if there is one. */
export function reading(target: Target, U: number, T: number) {
  const frozen = frozenPart(target);
  const inputs: Record<string, InputSpec> = frozen ? { known: float32(U, ...frozen.row(T)) } : {};
  return {
    inputs,
    /** -> [U, k] */
    vector: (model: Model, { ids, known }: NamedTensorMap): Tensor =>
      frozen ? frozen.vector(model, ids, known) : userVector(model, target.model, ids),
  };
}

const knownFor = (signature: string) => `known-${signature}`;

/** The signatures that compute the frozen part for training and scoring. */
export function cacheSignatures(tuning: TuningSetting): Record<string, Forward<Weights>> {
  const frozen = frozenPart(tuning);
  if (!frozen) return {};
  const caching = (U: number, length: number): Forward<Weights> => ({
    inputs: { ids: int32(U, idsIn(tuning, length)) },
    outputs: (model, { ids }) => ({ known: frozen.of(model, ids) }), // [U, ...row]
  });
  return Object.fromEntries(
    tuning.lengths.flatMap((length) => [
      [knownFor(trainingOn(length)), caching(sizeOf(tuning, length).users, length)],
      [knownFor(scoringOn(length)), caching(SCORED_ROWS, length)],
    ]),
  );
}

/** Bytes of the cache of a run; if it overflows, the cache is dropped and all is computed each time. */
export const MOST_REMEMBERED = 2 ** 29;

/** Adds the cached rows of users to a batch whose first rows are theirs, for a signature that takes T ids. */
type Remember = (signature: string, T: number, users: readonly number[], batch: Batch) => Batch;

/** Caches each user's row at its first computation. */
function remembering(program: Program<Weights>, { row }: Frozen): Remember {
  const remembered = new Map<string, Float32Array>();
  let [bytes, isFull] = [0, false];
  return (signature, T, users, batch) => {
    const size = row(T).reduce((product, count) => product * count, 1);
    const name = (user: number) => `${signature} ${user}`;
    const rows = users.flatMap((user) => remembered.get(name(user)) ?? []);
    if (rows.length === users.length) {
      const known = new Float32Array((batch.ids.length / T) * size);
      for (const [i, own] of rows.entries()) known.set(own, i * size);
      return { ...batch, known };
    }
    const { known } = program.run(knownFor(signature), { ids: batch.ids });
    for (const [i, user] of users.entries()) {
      if (isFull || remembered.has(name(user))) continue;
      bytes += size * known.BYTES_PER_ELEMENT;
      remembered.set(name(user), known.slice(i * size, (i + 1) * size));
      isFull = bytes > MOST_REMEMBERED;
    }
    if (isFull) remembered.clear();
    return { ...batch, known };
  };
}

/** Completes the batches of one run with the frozen part. */
export function knownUsers(program: Program<Weights>, tuning: TuningSetting) {
  const frozen = frozenPart(tuning);
  const remember: Remember = frozen ? remembering(program, frozen) : (_signature, _T, _users, batch) => batch;
  return {
    step: ({ length, users, ...step }: TaskStep): Step => ({
      ...step,
      batch: remember(step.signature, idsIn(tuning, length), users, step.batch),
    }),
    scored: (length: number, users: readonly number[], batch: Batch): Batch =>
      remember(scoringOn(length), idsIn(tuning, length), users, batch),
  };
}
