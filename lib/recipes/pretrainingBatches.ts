/** The batches that a trunk is pre-trained on. */
import { bucketOf } from '../datasets/tasks/sequences';
import type { Source } from '../datasets/tasks/source';
import type { Preset } from '../methods/presets';
import { random } from '../random';
import type { Direction } from '../tensorflow/ops/convolution';
import type { Batch } from '../tensorflow/program/program';
import { maskedItemBatch, nextItemBatch } from '../training/batches';
import { candidateBatch, logUniformSampler } from '../training/candidates';
import { dropoutMask } from '../training/dropout';
import type { Step } from '../training/fit';
import { type Group, packedBatches } from '../training/packing';
import { drawWindow, shuffled, type Windows, windowCount } from '../training/windows';
import { lengthsOf, trainingOn } from './buckets';
import { candidatesOf, trunkShape } from './trunkShape';

/** All that windows are drawn from: a user's sequence, after what came before it if that is to be used. */
function historiesOf({ sequences, earlier }: Source, users: readonly number[], windows: Windows) {
  const whole = (user: number) => Int32Array.from([...earlier[user], ...sequences[user]]);
  return new Map(users.map((user) => [user, windows === 'latest' ? sequences[user] : whole(user)]));
}

/** Each user as often as windows of his history belong to a pass. */
function windowGroups(histories: ReadonlyMap<number, Int32Array>, length: number, windows: Windows): Group[] {
  return [...histories].flatMap(([user, history]) =>
    Array.from({ length: windowCount(history.length, length, windows) }, () => ({ user, instances: [user] })),
  );
}

/** Endless batches of windows of one length; each pass takes all windows in a new random order. */
export function pretrainingSteps(
  source: Source,
  preset: Preset,
  direction: Direction,
  users: readonly number[],
  seed: number,
): { readonly passSize: number; readonly next: () => Step } {
  const { batch, windows, shuffled: share } = preset.pretraining[direction];
  const histories = historiesOf(source, users, windows);
  const history = (user: number) => histories.get(user) as Int32Array;
  const groups = windowGroups(histories, source.length, windows);
  const lengths = lengthsOf(source, preset);
  const chosen = packedBatches(
    groups,
    (user) => bucketOf(history(user), lengths),
    () => ({ users: batch, labels: batch }),
    random(seed, 'pretraining order', source.name),
  );
  const drawn = random(seed, 'windows', source.name);
  const completed = completing(source, preset, direction, seed);
  const next = () => {
    const { length, groups } = chosen.next().value;
    const rows = groups.map(({ user }) =>
      shuffled(drawWindow(history(user), source.length, windows, drawn), share, drawn),
    );
    return { signature: trainingOn(length), batch: completed(rows, length), instances: rows.length };
  };
  return { passSize: groups.length, next };
}

/** Turns windows into a batch with all that is drawn for it: masked items, candidates, dropout. */
function completing(source: Source, preset: Preset, direction: Direction, seed: number) {
  const shape = trunkShape(source, preset, direction);
  const { dropout } = preset.pretraining[direction];
  const S = candidatesOf(source, preset);
  const sampler = logUniformSampler(source.items.length);
  const [draws, masks, drops] = ['candidates', 'masks', 'dropout'].map((name) =>
    random(seed, name, source.name),
  );
  const k = shape.channels;
  return (rows: readonly Int32Array[], length: number): Batch => {
    const items =
      direction === 'causal'
        ? nextItemBatch(rows, length)
        : maskedItemBatch(rows, shape, length, preset.masking, masks);
    const { ids, labels } = items;
    const sample = S === undefined ? {} : candidateBatch(sampler, S, labels as Int32Array, draws);
    if (dropout === 0) return { ...items, ...sample };
    const embeddingMask = dropoutMask(ids.length * k, dropout, drops);
    const stateMask = dropoutMask(labels.length * k, dropout, drops);
    return { ...items, ...sample, embeddingMask, stateMask };
  };
}
