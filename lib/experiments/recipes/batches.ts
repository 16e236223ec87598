/**
 * Batches of pre-training and of a task, one training signature for each length of source sequences.
 * Letters: B rows or labels of a batch, T ids of a row, N predicted items of a batch, k channels.
 */
import { below, type Random } from '../../base/random';
import { bucketOf } from '../../data/tasks/sequences';
import type { Source } from '../../data/tasks/source';
import { splitInstances } from '../../data/tasks/split';
import type { Training } from '../../engine/graph/signature';
import { droppedLayers } from '../../model/trunks/trunk';
import type { Step, Steps, StepsState } from '../../training/fit';
import {
  candidates,
  drawn,
  dropout,
  type Input,
  inputUnder,
  logUniformSampler,
  streamsOf,
  uniformSampler,
} from '../../training/inputs';
import {
  drawWindow,
  halves,
  maskedItems,
  nextItems,
  shuffled,
  type Windows,
  windowCount,
} from '../../training/itemInputs';
import {
  type DrawNegative,
  type Group,
  instancesIn,
  negatives,
  ownLabels,
  packedBatches,
  readUsers,
} from '../../training/taskInputs';
import {
  bucketIn,
  type SourceSetting,
  sizeOf,
  type TargetSetting,
  type TaskBatches,
  type TuningSetting,
  trainingGroups,
} from './settings';

/** The signature that trains on source sequences of one length. */
export const trainingOn = (length: number) => `train-${length}`;

/** One training signature for each length, by its name. */
export const trainings = <W>(lengths: readonly number[], training: (length: number) => Training<W>) =>
  Object.fromEntries(lengths.map((length) => [trainingOn(length), training(length)]));

/** Makes once what belongs to each length. */
function byLength<V>(lengths: readonly number[], make: (length: number) => V): (length: number) => V {
  const made = new Map(lengths.map((length) => [length, make(length)]));
  return (length) => made.get(length) as V;
}

/** The items of B windows of one length, and what is to be predicted of them. */
export const itemInputs = (
  { shape, masking }: Pick<SourceSetting, 'shape' | 'masking'>,
  B: number,
  length: number,
): Input<readonly Int32Array[]> =>
  masking === null ? nextItems(B, length) : maskedItems(B, length, shape, masking);

/** Prefix of the arrays of a half that is read and a half that is predicted. */
export const HALF = 'half_';

/** Inputs of a pre-training step on windows of one length. */
export function pretrainingInputs(setting: SourceSetting, length: number): Input<readonly Int32Array[]>[] {
  const { source, shape, sampledItems, batch: B, dropout: rate } = setting;
  const { channels: k } = shape;
  const items = itemInputs(setting, B, length);
  const { ids, labels } = items.specs;
  const [N] = labels.shape;
  const sample = (count: number) =>
    candidates(logUniformSampler(source.items.length), sampledItems ?? undefined, count);
  const half = halves(B, length);
  return [
    items,
    ...sample(N),
    ...(setting.halves ? [inputUnder(HALF, [half, ...sample(half.specs.labels.shape[0])])] : []),
    ...dropout('embeddingMask', [...ids.shape, k], rate), // [B, T, k]
    ...dropout('layerMasks', [droppedLayers(shape), ...ids.shape, k], rate), // [layers, B, T, k]
    ...dropout('stateMask', [N, k], rate),
  ];
}

/** The items that windows are drawn from: a user's latest sequence, after all that came before it if asked. */
function historiesOf({ sequences, preceding }: Source, users: readonly number[], windows: Windows) {
  const whole = (user: number) => Int32Array.from([...preceding[user], ...sequences[user]]);
  return new Map(users.map((user) => [user, windows === 'latest' ? sequences[user] : whole(user)]));
}

/** Each user once for each window of a pass. */
function windowGroups(histories: ReadonlyMap<number, Int32Array>, length: number, windows: Windows): Group[] {
  return [...histories].flatMap(([user, history]) =>
    Array.from({ length: windowCount(history.length, length, windows) }, () => ({ user, instances: [user] })),
  );
}

/** Endless batches of windows of one length; each pass takes all windows in a new random order. `from`: where to resume. */
export function pretrainingSteps(
  pretraining: SourceSetting,
  users: readonly number[],
  seed: number,
  from?: StepsState,
): Steps {
  const { source, lengths, batch, windows, shuffled: share } = pretraining;
  const histories = historiesOf(source, users, windows);
  const history = (user: number) => histories.get(user) as Int32Array;
  const groups = windowGroups(histories, source.length, windows);
  const streams = streamsOf(seed, source.name, from?.streams);
  const packer = {
    lengthOf: (user: number) => bucketOf(history(user), lengths),
    sizeOf: () => ({ users: batch, labels: batch }),
    stream: streams('pretraining order'),
  };
  const packing = packedBatches(groups, packer, from?.packing);
  const inputs = byLength(lengths, (length) => pretrainingInputs(pretraining, length));
  const drawing = streams('windows');
  const windowOf = (user: number) =>
    shuffled(drawWindow(history(user), source.length, windows, drawing), share, drawing);
  const next = () => {
    const { length, groups } = packing.next();
    const rows = groups.map(({ user }) => windowOf(user));
    const batch = drawn(inputs(length), rows, streams);
    return { signature: trainingOn(length), batch, instances: rows.length };
  };
  return {
    passSize: groups.length,
    next,
    state: () => ({ streams: streams.states(), packing: packing.state() }),
  };
}

/** A step on a task, with the users of its batch and the length of their sequences. */
export type TaskStep = Step & { readonly length: number; readonly users: readonly number[] };

/** Endless batches of users of one length with their training instances, in a new random order each pass. `from`: where to resume. */
export function taskSteps(
  batches: TaskBatches,
  inputsOf: (length: number) => readonly Input<readonly Group[]>[],
  seed: number,
  from?: StepsState,
): Steps<TaskStep> {
  const { task, lengths } = batches;
  const inputs = byLength(lengths, inputsOf);
  const streams = streamsOf(seed, task.name, from?.streams);
  const packer = {
    lengthOf: (user: number) => bucketIn(task, lengths, user),
    sizeOf: (length: number) => sizeOf(batches, length),
    stream: streams('order'),
  };
  const packing = packedBatches(trainingGroups(batches, seed), packer, from?.packing);
  const next = (): TaskStep => {
    const { length, groups } = packing.next();
    return {
      signature: trainingOn(length),
      batch: drawn(inputs(length), groups, streams),
      instances: instancesIn(groups),
      length,
      users: groups.map(({ user }) => user),
    };
  };
  const passSize = splitInstances(task, seed).train.length;
  return { passSize, next, state: () => ({ streams: streams.states(), packing: packing.state() }) };
}

/** Draws negatives by a researcher's own function, from the labels of the training part. */
function drawingOf({ task, drawNegative }: TargetSetting, seed: number): DrawNegative | undefined {
  if (!drawNegative) return undefined;
  const seen = splitInstances(task, seed).train.map((i) => task.instances[i].label);
  const popular = (stream: Random) => seen[below(seen.length, stream)];
  const from = { labels: task.labels.length, popular };
  return (label, stream) => drawNegative(label, from, stream);
}

/** Inputs of a fine-tuning step, with dropout of the user vector of each label. Shapes are the same for all seeds. */
export function tuningInputs(tuning: TargetSetting, length: number, seed = 0): Input<readonly Group[]>[] {
  const { task, paired, candidates: S, model, dropout: rate, labelsPerBatch: B } = tuning;
  const size = sizeOf(tuning, length);
  return [
    readUsers(tuning, size, length),
    ownLabels(task, size),
    ...(paired ? [negatives(task, size, drawingOf(tuning, seed))] : []),
    ...candidates(uniformSampler(task.labels.length), S, size.labels),
    ...dropout('vectorMask', [B, model.shape.channels], rate),
  ];
}

/** Endless batches of one seed. */
export const fineTuningSteps = (tuning: TuningSetting, seed: number, from?: StepsState): Steps<TaskStep> =>
  taskSteps(tuning, (length) => tuningInputs(tuning, length, seed), seed, from);
