/** Training on sequences of several lengths: a program has one training signature for each. */
import { bucketLengths } from '../datasets/tasks/sequences';
import type { Source } from '../datasets/tasks/source';
import type { Preset } from '../methods/presets';
import type { Training } from '../tensorflow/graph/signature';

/** Lengths of the source sequences in a batch: where padding is masked, a batch is no longer than it has to be. */
export function lengthsOf({ length }: Source, { padding }: Preset): readonly number[] {
  return padding === 'masked' ? bucketLengths(length) : [length];
}

/** The signature that trains on source sequences of one length. */
export const trainingOn = (length: number) => `train-${length}`;

/** One training signature for each length, by its name. */
export function trainings<W>(lengths: readonly number[], training: (length: number) => Training<W>) {
  return Object.fromEntries(lengths.map((length) => [trainingOn(length), training(length)]));
}

/** What belongs to each length, made once. */
export function byLength<V>(lengths: readonly number[], make: (length: number) => V): (length: number) => V {
  const made = new Map(lengths.map((length) => [length, make(length)]));
  return (length) => made.get(length) as V;
}
