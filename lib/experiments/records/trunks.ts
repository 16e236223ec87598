/** The records of trunks, as a preset trains them on a source. */
import { UserError } from '../../base/userError';
import { bucketLengths } from '../../data/tasks/sequences';
import { pretrainedOn, type Source } from '../../data/tasks/source';
import { trainingUsers } from '../../data/tasks/split';
import { isCausal, objectiveOf, type TrunkName } from '../../model/trunks/names';
import { architectureOf, type TrunkShape } from '../../model/trunks/trunk';
import { MOST_TOKENS } from '../../model/userModel';
import { type Windows, windowCount } from '../../training/itemInputs';
import { type Pretraining, stepsIn } from '../methods/budgets';
import type { Preset } from '../methods/presets';
import { sourceFingerprint } from './fingerprints';
import type { SourceChoices, TrunkRecord, Unseeded } from './record';

/** The trunk that a preset asks for on a source. Throws a UserError for a size that the preset lacks. */
export function trunkShape(source: Source, preset: Preset, trunk: TrunkName): TrunkShape {
  const { channels } = preset;
  const { sizes, embedsPadding } = architectureOf({ trunk });
  const padding = embedsPadding ? preset.padding : 'masked';
  const known: Readonly<Record<string, unknown>> = { ...preset, positions: source.length + MOST_TOKENS };
  const own = Object.keys(sizes).map((size) => [size, known[size]]);
  const [missing] = own.find(([, value]) => value === undefined) ?? [];
  if (missing)
    throw new UserError(`preset ${preset.name}: expected ${missing}, a size of ${trunk}, found none`);
  return { trunk, items: source.items.length, channels, ...Object.fromEntries(own), padding };
}

/** The shape of the trunk in a record. */
export function shapeIn(record: TrunkShape): TrunkShape {
  const keys = ['trunk', 'items', 'channels', 'padding', ...Object.keys(architectureOf(record).sizes)];
  return Object.fromEntries(keys.map((key) => [key, record[key as keyof TrunkShape]])) as TrunkShape;
}

/** Lengths of the source sequences in a batch: with masked padding, no longer than its users need. */
export const lengthsOf = ({ length }: Source, { padding }: Preset): readonly number[] =>
  padding === 'masked' ? bucketLengths(length) : [length];

/** Windows of a pass over the users that every seed trains on, or a share of them. */
function windowsOfPass(source: Source, windows: Windows, share: number): number {
  const { users, sequences, preceding, length } = source;
  const countOf = (user: number) =>
    windowCount(preceding[user].length + sequences[user].length, length, windows);
  const all = users.reduce((sum, _, user) => sum + countOf(user), 0);
  return Math.round((all * trainingUsers(source, share)) / users.length);
}

/** Batches of a pass over the windows of a source. */
export const batchesOfPass = (source: Source, { windows, batch }: Pretraining, share: number): number =>
  windowsOfPass(source, windows, share) / batch;

/** S of a sampled softmax over a catalogue; null where it is small enough for the full one. */
export const sampledOf = (catalogue: readonly string[], { softmax }: Preset): number | null =>
  catalogue.length > softmax.fullUpTo ? softmax.candidates : null;

/** How a source is learnt. */
export function sourceChoices(source: Source, preset: Preset, trunk: TrunkName): SourceChoices {
  const { windows, shuffled } = preset.pretraining[objectiveOf({ trunk })];
  const masking = isCausal({ trunk }) ? null : preset.masking;
  return { windows, shuffled, masking, sampledItems: sampledOf(source.items, preset) };
}

/** Steps from one evaluation of a trunk to the next at most: on many users a pass is long. */
const BETWEEN_EVALUATIONS = 1000;

/** A trunk that is pre-trained on a share of the users, and its passes over their windows. */
export function trunkRecord(whole: Source, preset: Preset, trunk: TrunkName, share = 1, halves = 0) {
  const source = pretrainedOn(whole);
  const budget = preset.pretraining[objectiveOf({ trunk })];
  const batches = batchesOfPass(source, budget, share);
  const steps = stepsIn(budget, batches);
  const { batch, patience, rate, dropout } = budget;
  const record: Unseeded<TrunkRecord> = {
    kind: 'trunk',
    source: source.name,
    data: sourceFingerprint(source),
    users: share,
    halves,
    ...trunkShape(source, preset, trunk),
    ...sourceChoices(source, preset, trunk),
    ...{ batch, steps, patience, rate, dropout },
    evaluations: Math.min(steps, Math.max(budget.evaluations, Math.ceil(steps / BETWEEN_EVALUATIONS))),
    lengths: lengthsOf(source, preset),
    precision: preset.precision ?? 'float32',
  };
  return { record, passes: steps / batches };
}
