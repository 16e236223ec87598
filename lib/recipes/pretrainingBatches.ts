/** What a trunk is pre-trained on. Letters: B rows, T ids of a row, N labels, k channels. */
import { bucketOf } from '../datasets/tasks/sequences';
import type { Source } from '../datasets/tasks/source';
import { candidates, logUniformSampler } from '../training/candidates';
import type { Steps, StepsState } from '../training/fit';
import { drawn, dropout, type Input, streamsOf } from '../training/inputs';
import {
  drawWindow,
  maskedItems,
  nextItems,
  shuffled,
  type Windows,
  windowCount,
} from '../training/itemInputs';
import { type Group, packedBatches } from '../training/packing';
import { byLength, trainingOn } from './buckets';
import type { PretrainingSetting } from './settings';

/** What a step on windows of one length takes. */
export function pretrainingInputs(
  { source, shape, budget, masking, candidates: S }: PretrainingSetting,
  length: number,
): Input<readonly Int32Array[]>[] {
  const { batch: B, dropout: rate } = budget;
  const { direction, channels: k } = shape;
  const items =
    direction === 'causal' ? nextItems(B, length) : maskedItems(B, { shape, length, rule: masking });
  const { ids, labels } = items.looks;
  const [N] = labels.shape;
  return [
    items,
    ...candidates(logUniformSampler(source.items.length), S, N),
    ...dropout('embeddingMask', [...ids.shape, k], rate), // [B, T, k]
    ...dropout('stateMask', [N, k], rate),
  ];
}

/** All that windows are drawn from: a user's sequence, after what came before it if that is to be used. */
function historiesOf({ sequences, preceding }: Source, users: readonly number[], windows: Windows) {
  const whole = (user: number) => Int32Array.from([...preceding[user], ...sequences[user]]);
  return new Map(users.map((user) => [user, windows === 'latest' ? sequences[user] : whole(user)]));
}

/** Each user as often as windows of his history belong to a pass. */
function windowGroups(histories: ReadonlyMap<number, Int32Array>, length: number, windows: Windows): Group[] {
  return [...histories].flatMap(([user, history]) =>
    Array.from({ length: windowCount(history.length, length, windows) }, () => ({ user, instances: [user] })),
  );
}

/** Endless batches of windows of one length; each pass takes all windows in a new random order. `from` is where they stood. */
export function pretrainingSteps(
  pretraining: PretrainingSetting,
  users: readonly number[],
  seed: number,
  from?: StepsState,
): Steps & { readonly passSize: number } {
  const { source, budget, lengths } = pretraining;
  const { batch, windows, shuffled: share } = budget;
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
  const windowOf = (user: number) =>
    shuffled(
      drawWindow(history(user), source.length, windows, streams('windows')),
      share,
      streams('windows'),
    );
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
