/** The documents of one trunk, or of one experiment on one task: read, or computed seed by seed. */
import fs from 'node:fs';
import { readSealed, type Seal } from '../../base/sealed';
import type { Weight } from '../../engine/weights';
import { type PatchCard, savePatches } from '../../model/files/patchFile';
import { cardOf, loadWeights, saveModel } from '../../model/files/safetensors';
import { trunkHash } from '../../model/files/trunkFile';
import type { Insertion } from '../../model/patches/insertion';
import type { TrunkShape, TrunkWeights } from '../../model/trunk';
import type { Result } from '../documents/document';
import { type Key, modelFile, stored } from '../documents/store';
import { extentOf, type FineTuning } from '../methods/experiment';
import { percentOf } from '../methods/identity';
import { isOwn } from '../methods/own/own';
import { selectionOf } from '../recipes/frozen';
import { freshPretraining } from '../recipes/pretrain';
import type { Recipe } from '../recipes/recipe';
import { insertionOf, type PretrainingSetting, trunkShape } from '../recipes/settings';
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
import { type Found, finding, type Models, pretraining } from './measured';
import { aboutOf, type Session, save, watch } from './session';
import { type Workload, workloadOfPair, workloadOfTrunk } from './workload';

export type Job = {
  readonly of: 'trunk' | 'experiment';
  /** Items of a sequence: the longest sequences take the longest. */
  readonly length: number;
  /** Of one seed; undefined if it takes seconds. */
  readonly workload: Workload | undefined;
  readonly labelOf: (seed: number) => string;
  readonly keyOf: (seed: number) => Key;
  /** The document of a seed, if it is there and was made from the trunk that is there. */
  readonly documentOf: (seed: number) => Result | undefined;
  /** The trunk that a seed starts from, if it starts from one. */
  readonly trunkOf: (seed: number) => Key | undefined;
  readonly begin: (session: Session) => Computing;
};

/** A job under way: compiled once for all seeds. */
export type Computing = {
  /** Writes the document of a seed. */
  readonly compute: (seed: number) => Promise<void>;
  readonly dispose: () => void;
};

/** What differs between jobs; `M` is what a seed trains. */
type Kind<M> = Pick<Job, 'of' | 'length' | 'workload' | 'labelOf'> & {
  readonly subject: Subject;
  /** Of seed 0. */
  readonly key: Key;
  readonly trunk?: PretrainingSetting | undefined;
  readonly recipe: () => Recipe<Found<M>>;
  /** Writes trained weights. */
  readonly keep: (session: Session, key: Key, model: M) => Seal | undefined;
};

function jobOf<M>(session: Session, { subject, key, trunk, recipe, keep, ...kind }: Kind<M>): Job {
  const { of, labelOf } = kind;
  const { out } = session;
  const keyOf = (seed: number) => ({ ...key, seed });
  const told = new Set<number>();
  const documentOf = (seed: number) => {
    const document = of === 'trunk' ? storedTrunk(out, keyOf(seed)) : stored(out, keyOf(seed));
    const left = trunk && storedTrunk(out, keyOfTrunk(session, trunk, seed))?.left;
    if (!document || left === undefined || document.startedFrom === left)
      return document && { ...document, ...aboutOf(session, subject) };
    if (!told.has(seed))
      console.log(`${labelOf(seed)}: made from another trunk than is there now, computed again`);
    told.add(seed);
    return undefined;
  };
  const begin = (own: Session): Computing => {
    const { steps, run, dispose } = recipe();
    const compute = async (seed: number) => {
      const key = keyOf(seed);
      const from = trunk && readTrunk(session, trunk, seed);
      const startedFrom = from?.checksum;
      const about = { label: labelOf(seed), steps: Math.max(1, steps), metric: subject.metric };
      const watched = watch(own, { key, ...about, startedFrom });
      const { model, ...found } = await run(seed, watched, from?.weights);
      const left = model && keep(own, key, model)?.checksum;
      save(own, subject, key, { ...found, startedFrom, left });
    };
    return { compute, dispose };
  };
  const trunkKey = (seed: number) => trunk && keyOfTrunk(session, trunk, seed);
  return { ...kind, keyOf, documentOf, trunkOf: trunkKey, begin };
}

/** One trunk, all seeds. */
export const trunkJob = (session: Session, trunk: PretrainingSetting): Job =>
  jobOf(session, {
    of: 'trunk',
    length: trunk.source.length,
    workload: workloadOfTrunk(trunk),
    labelOf: (seed) => labelOfTrunk(trunk, seed),
    subject: subjectOfTrunk(trunk),
    key: keyOfTrunk(session, trunk, 0),
    recipe: () => pretraining(trunk),
    keep: (own, key, weights) => saveTrunk(own, trunk, key, weights),
  });

/** One experiment on one task, all seeds. */
export const experimentJob = (session: Session, pair: Pair): Job =>
  jobOf(session, {
    of: 'experiment',
    length: pair.task.source.length,
    workload: workloadOfPair(session.preset, learnt(pair)),
    labelOf: (seed) => `${pair.task.name}, ${pair.experiment.label}, seed ${seed}`,
    subject: subjectOf(pair),
    key: keyOfPair(session, pair, 0),
    trunk: trunkOf(session.preset, pair),
    recipe: () => finding(session.preset, learnt(pair).task, pair.experiment),
    keep: (own, key, models) => keepPatches(own, pair, key, models),
  });

/** The document of a trunk, if its weights and their card lie beside it. */
function storedTrunk(out: string, key: Key): Result | undefined {
  const file = modelFile(out, key);
  return fs.existsSync(file) && fs.existsSync(cardOf(file)) ? stored(out, key) : undefined;
}

/** Reads a pre-trained trunk. Throws Damaged if it is not what its card says. */
function readTrunk(session: Session, trunk: PretrainingSetting, seed: number) {
  const file = modelFile(session.out, keyOfTrunk(session, trunk, seed));
  const seal = readSealed(cardOf(file));
  const like = freshPretraining(trunk, seed).trunk;
  return { weights: loadWeights(file, like, { seal }), checksum: seal.checksum };
}

function labelOfTrunk({ source, shape, share }: PretrainingSetting, seed: number): string {
  const part = share === 1 ? '' : `, ${percentOf(share)} of the steps`;
  return `${shape.direction} pre-training on the source of ${source.name}${part}, seed ${seed}`;
}

/** Writes a trunk with its card and its vocabulary: item i has id i + 1. */
function saveTrunk(
  { out, data }: Session,
  { source, shape: { direction, ...shape }, budget }: PretrainingSetting,
  { declaration: _, ...key }: Key,
  weights: TrunkWeights<Weight>,
): Seal {
  const shown = { trunk: direction, ...shape, length: source.length, trunkHash: trunkHash(weights) };
  const card = { data, ...key, ...shown, pretraining: budget };
  return saveModel(modelFile(out, key), weights, { card, vocabulary: source.items });
}

/** What a card says of patches: their shipped form, or the names of a researcher's own functions. */
function insertionCard(experiment: FineTuning, shape: TrunkShape): Pick<PatchCard, 'insertion' | 'own'> {
  const { patches } = experiment;
  if (!patches) return { insertion: null };
  const own = [patches.place, patches.patch].filter(isOwn).map(({ name }) => name);
  if (own.length > 0) return { insertion: null, own };
  return { insertion: insertionOf(experiment, shape) as Insertion };
}

/** Writes what a task adds to its trunk; nothing if everything was tuned, which would be a whole model. */
function keepPatches(
  { out, data, preset }: Session,
  { task, experiment }: Pair,
  { declaration: _, ...key }: Key,
  { start, tuned: weights }: Models,
): Seal | undefined {
  if (experiment.kind !== 'fine-tuning' || extentOf(experiment) === 'everything') return undefined;
  const { trunk, representation, tcl, label: method } = experiment;
  const { kind, labels } = task;
  const shape = trunkShape(task.source, preset, trunk);
  const shown = { kind, labels, trunk, trunkHash: trunkHash(start.trunk), representation, tcl };
  const card = { data, ...key, method, ...shown, ...insertionCard(experiment, shape) };
  const chosen = { model: weights, tuned: selectionOf(experiment)<Weight>(weights) };
  return savePatches(modelFile(out, key), chosen, card);
}
