/** What a job computes and where its documents lie, seed by seed. */
import { fingerprint } from '../../base/fingerprint';
import type { Seal } from '../../base/sealed';
import { type Key, type Result, stored } from '../documents/document';
import { percentOf } from '../methods/identity';
import type { PretrainingSetting, Recipe } from '../recipes/settings';
import {
  keyOfPair,
  keyOfTrunk,
  learnt,
  type Pair,
  type Subject,
  subjectOf,
  subjectOfTrunk,
  trunkOf,
} from './declaration';
import { keepPatches, readPatches, readTrunk, saveTrunk, storedTrunk } from './kept';
import { aboutOf, type Found, finding, pretraining, type Session, save, watch } from './session';

/** The documents of one trunk, or of one experiment on one task. */
export type Job = {
  readonly of: 'trunk' | 'experiment';
  /** Items of a sequence: the longest sequences take the longest. */
  readonly length: number;
  readonly about: PretrainingSetting | Pair;
  readonly labelOf: (seed: number) => string;
  readonly keyOf: (seed: number) => Key;
  /** The document of a seed, if it is there and was made from the trunk that is there. */
  readonly documentOf: (seed: number) => Result | undefined;
  /** The trunk that a seed starts from, if it starts from one, and the patches that it fuses. */
  readonly trunkOf: (seed: number) => Key | undefined;
  readonly othersOf: (seed: number) => readonly Key[];
  readonly begin: (session: Session) => Computing;
};

/** A job under way: compiled once for all seeds. */
export type Computing = {
  /** Writes the document of a seed. */
  readonly compute: (seed: number) => Promise<void>;
  readonly dispose: () => void;
};

/** What differs between jobs; `M` is what a seed trains. */
type Kind<M> = Pick<Job, 'of' | 'length' | 'about' | 'labelOf'> & {
  readonly subject: Subject;
  /** Of seed 0. */
  readonly key: Key;
  readonly trunk?: PretrainingSetting | undefined;
  readonly fused?: readonly Pair[] | undefined;
  readonly recipe: () => Recipe<Found<M>>;
  /** Writes trained weights. */
  readonly keep: (session: Session, key: Key, model: M) => Seal | undefined;
};

function jobOf<M>(session: Session, { subject, key, trunk, fused, recipe, keep, ...kind }: Kind<M>): Job {
  const { of, labelOf } = kind;
  const { out } = session;
  const keyOf = (seed: number) => ({ ...key, seed });
  const told = new Set<number>();
  const othersOf = (seed: number) => (fused ?? []).map((pair) => keyOfPair(session, pair, seed));
  const documentOf = (seed: number) => {
    const document = of === 'trunk' ? storedTrunk(out, keyOf(seed)) : stored(out, keyOf(seed));
    const left = startOf(
      trunk && storedTrunk(out, keyOfTrunk(session, trunk, seed))?.left,
      othersOf(seed).map((other) => stored(out, other)?.left),
    );
    if (!document || left === undefined || document.startedFrom === left)
      return document && { ...document, ...aboutOf(session, subject) };
    if (!told.has(seed))
      console.log(`${labelOf(seed)}: made from another trunk than is there now, computed again`);
    told.add(seed);
    return undefined;
  };
  const trunkOf = (seed: number) => trunk && keyOfTrunk(session, trunk, seed);
  const begin = (own: Session): Computing => {
    const { steps, run, dispose } = recipe();
    const compute = async (seed: number) => {
      const key = keyOf(seed);
      const from = trunk && readTrunk(session, trunk, seed);
      const others = from && othersOf(seed).map((other) => readPatches(session, trunk, other, from.weights));
      const startedFrom = startOf(from?.checksum, others?.map(({ checksum }) => checksum) ?? []);
      const about = { label: labelOf(seed), steps: Math.max(1, steps), metric: subject.metric, startedFrom };
      const watched = watch(own, key, about);
      const { model, ...found } = await run(seed, watched, {
        trunk: from?.weights,
        others: fused && others?.map(({ patches }) => patches),
      });
      const left = model && keep(own, key, model)?.checksum;
      save(own, subject, key, { ...found, startedFrom, left });
    };
    return { compute, dispose };
  };
  return { ...kind, keyOf, documentOf, trunkOf, othersOf, begin };
}

/** One trunk, all seeds. */
export function trunkJob(session: Session, trunk: PretrainingSetting): Job {
  const { source, shape, share } = trunk;
  const part = share === 1 ? '' : `, ${percentOf(share)} of the users`;
  return jobOf(session, {
    of: 'trunk',
    length: source.length,
    about: trunk,
    labelOf: (seed) => `${shape.trunk} pre-training on the source of ${source.name}${part}, seed ${seed}`,
    subject: subjectOfTrunk(trunk),
    key: keyOfTrunk(session, trunk, 0),
    recipe: () => pretraining(trunk),
    keep: (own, key, weights) => saveTrunk(own, trunk, key, weights),
  });
}

/** One experiment on one task, all seeds. */
export const experimentJob = (session: Session, pair: Pair): Job =>
  jobOf(session, {
    of: 'experiment',
    length: pair.task.source.length,
    about: pair,
    labelOf: (seed) => `${pair.task.name}, ${pair.experiment.label}, seed ${seed}`,
    subject: subjectOf(pair),
    key: keyOfPair(session, pair, 0),
    trunk: trunkOf(session.preset, pair),
    fused: pair.fused,
    recipe: () => finding(session.preset, learnt(pair).task, pair.experiment),
    keep: (own, key, models) => keepPatches(own, pair, key, models),
  });

/** What names all that a training starts from; undefined where something of it is not there. */
function startOf(trunk: string | undefined, others: readonly (string | undefined)[]): string | undefined {
  if (trunk === undefined || others.includes(undefined)) return undefined;
  return others.length === 0 ? trunk : fingerprint([trunk, ...(others as string[])]);
}
