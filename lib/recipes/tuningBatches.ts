/** The batches that a task is fine-tuned on. */
import { bucketOf } from '../datasets/tasks/sequences';
import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import { drawsNegatives, type FineTuning } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { random } from '../random';
import { instanceBatch } from '../training/batches';
import { dropoutMask } from '../training/dropout';
import type { Step } from '../training/fit';
import { type Group, groupsOf, instancesIn, packedBatches, type Room, roomFor } from '../training/packing';
import { lengthsOf, trainingOn } from './buckets';
import { trunkShape } from './trunkShape';

/** The training instances of one seed, by what shares an encoding. */
function trainingGroups(task: Task, preset: Preset, seed: number): Group[] {
  return groupsOf(task, splitInstances(task, seed).train, preset.grouping, preset[task.kind].batch);
}

const lengthOf = ({ source }: Task, preset: Preset) => {
  const lengths = lengthsOf(source, preset);
  return (user: number) => bucketOf(source.sequences[user], lengths);
};

/**
 * The size of batches of one length, whose users may have more labels than those of another.
 * One program serves all seeds, and their splits hardly differ in it: seed 0 stands for all.
 */
export function roomOf(task: Task, preset: Preset, length: number): Room {
  const all = trainingGroups(task, preset, 0);
  const ofLength = lengthOf(task, preset);
  const inside = all.filter(({ user }) => ofLength(user) === length);
  return roomFor(inside.length > 0 ? inside : all, preset[task.kind].batch);
}

/** Endless batches of users of one length with their training instances, in a new random order each pass. */
export function* tuningSteps(
  task: Task,
  experiment: Pick<FineTuning, 'trunk' | 'representation' | 'loss'>,
  preset: Preset,
  seed: number,
): Generator<Step, never> {
  const { trunk, representation } = experiment;
  const shape = trunkShape(task.source, preset, trunk);
  const lengths = lengthsOf(task.source, preset);
  const rooms = new Map(lengths.map((length) => [length, roomOf(task, preset, length)]));
  const room = (length: number) => rooms.get(length) as Room;
  const negatives = drawsNegatives(task, experiment)
    ? random(seed, 'training negatives', task.name)
    : undefined;
  const order = random(seed, 'order', task.name);
  const groups = trainingGroups(task, preset, seed);
  const chosen = packedBatches(groups, lengthOf(task, preset), room, order);
  for (;;) {
    const { length, groups } = chosen.next().value;
    yield {
      signature: trainingOn(length),
      batch: instanceBatch(task, groups, room(length), shape, length, negatives, representation),
      instances: instancesIn(groups),
    };
  }
}

/** The same batches with `vectorMask` [B, k], what dropout multiplies the user vector of each label by, if there is any. */
export function* fineTuningSteps(
  ...[task, experiment, preset, seed]: Parameters<typeof tuningSteps>
): Generator<Step, never> {
  const { dropout, batch: B } = preset[task.kind];
  const drops = random(seed, 'dropout', task.name);
  const taken = tuningSteps(task, experiment, preset, seed);
  for (;;) {
    const step = taken.next().value;
    const vectorMask = dropoutMask(B * preset.channels, dropout, drops);
    yield dropout === 0 ? step : { ...step, batch: { ...step.batch, vectorMask } };
  }
}
