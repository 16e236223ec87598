/**
 * What an experiment tunes. The frozen part is cached per user instead of recomputed every step: the user vector if only the
 * classifier is tuned, the input of the last block if only its layers are, the states of all blocks if a side network is. The numbers
 * stay the same.
 * Letters: U users, T ids of a user, k channels.
 */
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-node-gpu';
import { byChoice } from '../../base/choice';
import { UserError } from '../../base/userError';
import { type Forward, float32, type InputSpec, int32 } from '../../engine/graph/signature';
import type { Batch, Program } from '../../engine/program/program';
import type { Tree, Weight } from '../../engine/weights';
import { asideOf } from '../../model/patches/patches';
import type { Layer } from '../../model/trunks/architecture';
import { belowLastBlock, blockCount, layersOf, readByLastBlock } from '../../model/trunks/trunk';
import {
  ladderOf,
  positionsOf,
  tokens,
  type UserModelShape,
  type UserModelWeights,
  userVector,
} from '../../model/userModel';
import { SCORED_ROWS, scoringOn } from '../../training/evaluate';
import type { Step } from '../../training/fit';
import type { TaskModel } from '../../training/taskInputs';
import type { FineTuning, Tuned } from '../methods/experiment';
import { isOwn } from '../methods/own/own';
import { type TaskStep, trainingOn } from './batches';
import { ownSelection, type Select, type Selected } from './ownFunctions';
import { sizeOf, type TargetSetting, type TuningSetting } from './settings';

/** The classifier, and the task's own embedding of [TCL] if it has one. */
const ownOf = <L>({ head, tcl }: UserModelWeights<L>): Tree<L>[] =>
  tcl === undefined ? [head] : [head, tcl];

/** Patches of blocks, and those of items. */
const patchesOf = <L>({ patches, items }: UserModelWeights<L>): Tree<L> =>
  items ? [patches as Tree<L>, items] : (patches as Tree<L>);

/** The last layers with their layer norms. */
const last = <L>(layers: readonly Layer<L>[], count: number): Tree<L>[] =>
  layers.slice(-count).map(({ all }) => all);

/** The norms of the second layer of each block. */
const secondNorms = <L>(layers: readonly Layer<L>[]): L[] =>
  layers.filter((_, i) => i % 2 === 1).flatMap(({ norms }) => norms);

/** Gains and shifts; throws a UserError where a trunk has no norm. */
function normsOf<L>(layers: readonly Layer<L>[]): readonly L[] {
  const norms = layers.flatMap((layer) => layer.norms);
  if (norms.length > 0) return norms;
  throw new UserError('tuned norms and classifier: expected a trunk with norms, found one without');
}

/** The selection of weights behind each `Tuned`. */
export const selections: Record<Tuned, Select> = byChoice({
  everything: (model) => [model.trunk, patchesOf(model), ...ownOf(model)],
  'patches and classifier': (model) => [patchesOf(model), ...ownOf(model)],
  classifier: ownOf,
  'last layer and classifier': (model, layers) => [...last(layers, 1), ...ownOf(model)],
  'last two layers and classifier': (model, layers) => [...last(layers, 2), ...ownOf(model)],
  'embedding and classifier': (model) => [model.trunk.embedding, ...ownOf(model)],
  /** BitFit (Ben Zaken et al. 2022). */
  'biases and classifier': (model, layers) => [...layers.flatMap(({ biases }) => biases), ...ownOf(model)],
  'norms and classifier': (model, layers) => [...normsOf(layers), ...ownOf(model)],
  'patches, second layer norms and classifier': (model, layers) => [
    patchesOf(model),
    ...secondNorms(layers),
    ...ownOf(model),
  ],
});

/** What an experiment tunes. */
export function selectionOf({ tuned, trunk }: Pick<FineTuning, 'tuned' | 'trunk'>): Selected {
  const select = isOwn(tuned) ? ownSelection(tuned) : selections[tuned];
  return (model) => select(model, layersOf(model.trunk, { trunk }));
}

type Weights = UserModelWeights<Weight>;
type Model = UserModelWeights<Tensor>;

/** A frozen part of a model, and how the user vector follows from its output. */
type Frozen = {
  /** Of a user, from T ids. */
  readonly row: (T: number) => readonly number[];
  /** ids [U, T] -> [U, ...row] */
  readonly of: (model: Model, ids: Tensor) => Tensor;
  /** ids [U, T] and known [U, ...row] -> [U, k] */
  readonly vector: (model: Model, ids: Tensor, known: Tensor) => Tensor;
};

/** How a task is learnt on a trunk; `choices` say what is frozen, nothing if absent. */
export type Target = TargetSetting & Partial<Pick<TuningSetting, 'choices'>>;

/** The frozen part of a model; none if patches other than a side network, [TCL] or more than the last block are tuned. */
function frozenPart({ choices, model: shape }: Target): Frozen | undefined {
  if (choices === undefined || choices.tcl === 'trained') return undefined;
  if (choices.itemRank) return undefined;
  if (asideOf(shape.insertion))
    return choices.tuned === 'patches and classifier' ? asideTrunk(shape) : undefined;
  if (shape.insertion) return undefined;
  return isOwn(choices.tuned) ? undefined : FROZEN[choices.tuned]?.(shape);
}

const FROZEN: Partial<Record<Tuned, (shape: UserModelShape) => Frozen>> = {
  classifier: (shape) => ({
    row: () => [shape.shape.channels],
    of: (model, ids) => userVector(model, shape, ids),
    vector: (_model, _ids, known) => known,
  }),
  'last layer and classifier': belowLast,
  'last two layers and classifier': belowLast,
};

/** What a side network reads of the trunk. */
function asideTrunk(model: UserModelShape): Frozen {
  const { shape } = model;
  return {
    row: (T) => [blockCount(shape) + 1, positionsOf(model, T).count, shape.channels],
    of: (weights, ids) => ladderOf(weights, model, ids),
    vector: (weights, ids, known) => userVector(weights, model, ids, known),
  };
}

function belowLast(shape: UserModelShape): Frozen {
  const wanted = (T: number) => positionsOf(shape, T);
  return {
    row: (T) => [readByLastBlock(shape.shape, wanted(T), T).count, shape.shape.channels],
    of: ({ trunk }, ids) => belowLastBlock(trunk, shape.shape, ids, wanted(ids.shape[1] as number)),
    vector: (model, ids, known) => userVector(model, shape, ids, known),
  };
}

/** Ids of a user for source sequences of a length: T. */
export const idsIn = ({ model }: TaskModel, length: number) => length + tokens(model);

/** How a signature reads U users from T ids: from the cached frozen part, if there is one. */
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
export function knowings(tuning: TuningSetting): Record<string, Forward<Weights>> {
  const frozen = frozenPart(tuning);
  if (!frozen) return {};
  const knowing = (U: number, length: number): Forward<Weights> => ({
    inputs: { ids: int32(U, idsIn(tuning, length)) },
    outputs: (model, { ids }) => ({ known: frozen.of(model, ids) }), // [U, ...row]
  });
  return Object.fromEntries(
    tuning.lengths.flatMap((length) => [
      [knownFor(trainingOn(length)), knowing(sizeOf(tuning, length).users, length)],
      [knownFor(scoringOn(length)), knowing(SCORED_ROWS, length)],
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
