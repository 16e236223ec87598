/** What planned experiments come to: pairs, jobs and units, each of which is read or computed seed by seed. */
import fs from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { fingerprint } from '../../base/fingerprint';
import { readSealed, type Seal } from '../../base/sealed';
import { UserError } from '../../base/userError';
import type { Task } from '../../data/tasks/tasks';
import type { Weight } from '../../engine/weights';
import { loadPatches, type PatchCard, savePatches } from '../../model/files/patchFile';
import { cardOf, loadWeights, saveModel } from '../../model/files/safetensors';
import { trunkHash } from '../../model/files/trunkFile';
import type { ShippedInsertion } from '../../model/patches/patches';
import { architectureOf, type TrunkShape, type TrunkWeights } from '../../model/trunks/trunk';
import { type Key, modelFile, type Result, stemOf, stored } from '../documents/document';
import { chooseTasks } from '../methods/chosenTasks';
import { requireDeclared } from '../methods/declared';
import {
  drawsNegatives,
  type Experiment,
  extentOf,
  type FineTuning,
  fusedTasks,
  type Planned,
} from '../methods/experiment';
import { identityOf, percentOf, requireMethod } from '../methods/identity';
import { isOwn, nameOfChoice } from '../methods/own/own';
import type { Preset } from '../methods/presets';
import { sizedAs } from '../methods/space';
import { selectionOf } from '../recipes/frozen';
import { freshPretraining } from '../recipes/pretrain';
import type { Recipe } from '../recipes/settings';
import { insertionOf, itemRankOf, type PretrainingSetting, trunkShape } from '../recipes/settings';
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
import {
  aboutOf,
  type Found,
  finding,
  type Models,
  pretraining,
  type RunOptions,
  type Session,
  save,
  seedsOf,
  watch,
} from './session';

export type Plan = {
  readonly session: Session;
  readonly tasks: RunOptions['tasks'];
  readonly planned: readonly Planned[];
  readonly pairs: readonly Pair[];
  readonly seeds: readonly number[];
  /** Each trunk once, then each pair: a trunk stands before what starts from it. */
  readonly jobs: readonly Job[];
  readonly onProgress: RunOptions['onProgress'];
  readonly onTraining: RunOptions['onTraining'];
  /** Computed before the rest, in this order. */
  readonly first?: readonly Stage[];
  readonly onDiverged: NonNullable<RunOptions['onDiverged']>;
};

/** Documents by their stems; `onThere` is called once all are there or have diverged. */
export type Stage = { readonly stems: ReadonlySet<string>; readonly onThere: () => void };

/** One seed of a job, by the job's index in its plan. */
export type Unit = { readonly place: number; readonly seed: number };

/** Writes the documents of units of a plan. */
export type Compute = (plan: Plan, left: readonly Unit[]) => Promise<void>;

/** Throws a UserError that names what cannot be planned. */
export function planOf(options: RunOptions, planned: readonly Planned[]): Plan {
  const { data, tasks, preset, out, signal, codes = {} } = options;
  const { onProgress, onTraining, onDiverged = refuse } = options;
  const pairs = withFused(
    tasks,
    pairsOf(tasks, planned).map(({ task, experiment }) => ({
      task,
      experiment: sizedAs(experiment, preset, task.kind),
    })),
  );
  const session: Session = { data, preset, out, signal, codes };
  const jobs = [
    ...trunksOf(preset, pairs).map((trunk) => trunkJob(session, trunk)),
    ...pairs.map((pair) => experimentJob(session, pair)),
  ];
  const seeds = seedsOf(options);
  return { session, tasks, planned, pairs, seeds, jobs, onProgress, onTraining, onDiverged };
}

const refuse = (sentences: readonly string[]): never => {
  throw new UserError(sentences.join('\n'));
};

/** The name of a unit's document, without ending. */
export const stemIn = ({ jobs }: Plan, { place, seed }: Unit): string => stemOf(jobs[place].keyOf(seed));

/** The same of the trunk that it starts from, if it starts from one. */
export function trunkIn({ jobs }: Plan, { place, seed }: Unit): string | undefined {
  const trunk = jobs[place].trunkOf(seed);
  return trunk && stemOf(trunk);
}

/** The names of all that it starts from. */
export const startsOf = (plan: Plan, unit: Unit): string[] => [
  ...[trunkIn(plan, unit)].filter((stem) => stem !== undefined),
  ...plan.jobs[unit.place].othersOf(unit.seed).map(stemOf),
];

/** All of a plan, job by job. */
export const unitsOf = ({ jobs, seeds }: Plan): Unit[] =>
  jobs.flatMap((_, place) => seeds.map((seed) => ({ place, seed })));

/** Units without a document. */
export const leftOf = (plan: Plan): Unit[] =>
  unitsOf(plan).filter(({ place, seed }) => plan.jobs[place].documentOf(seed) === undefined);

/** The trunks to pre-train, source by source: one for each source, kind and share of its users. */
export function trunksOf(preset: Preset, pairs: readonly Pair[]): PretrainingSetting[] {
  const isSame = (a: PretrainingSetting, b: PretrainingSetting) =>
    a.source === b.source && a.shape.trunk === b.shape.trunk && a.share === b.share;
  const found: PretrainingSetting[] = [];
  for (const pair of pairs) {
    const trunk = trunkOf(preset, pair);
    if (trunk && !found.some((other) => isSame(other, trunk))) found.push(trunk);
  }
  const sources = [...new Set(found.map(({ source }) => source))];
  return sources.flatMap((source) => found.filter((trunk) => trunk.source === source));
}

/**
 * Every experiment on every task that it is planned for, each pair once. Throws a UserError that names an experiment which is
 * planned twice, is invalid, or is declared differently by two plans.
 */
export function pairsOf(tasks: readonly Task[], planned: readonly Planned[]): Pair[] {
  const found = new Map<string, Pair>();
  for (const { on, experiments } of planned) {
    requireEachOnce(experiments);
    for (const task of chooseTasks(tasks, on).tasks) {
      for (const experiment of experiments.filter((one) => isFor(task, one))) {
        const key = JSON.stringify([task.name, identityOf(experiment)]);
        const known = found.get(key)?.experiment ?? experiment;
        requireEffect(task, experiment);
        if (!isDeepStrictEqual({ ...known, label: '' }, { ...experiment, label: '' }))
          throw new UserError(
            `${identityOf(known)} is declared in two ways; expected an id of its own for each`,
          );
        if (!found.has(key)) found.set(key, { task, experiment });
      }
    }
  }
  return [...found.values()];
}

/** The pair with the names of the tasks that it fuses; none where all are only one. */
function withNames(tasks: readonly Task[], pair: Pair): Pair[] {
  const { task, experiment } = pair;
  const { fused } = experiment as Partial<FineTuning>;
  if (fused?.tasks !== 'all') return [pair];
  const alike = tasks.filter(({ source, kind }) => source === task.source && kind === task.kind);
  const named = { ...experiment, fused: { ...fused, tasks: alike.map(({ name }) => name) } };
  return alike.length < 2 ? [] : [{ ...pair, experiment: named as FineTuning }];
}

/** Throws a UserError unless patches can be fused: on the same trunk, shipped, tuned with the classifier alone. */
function requireFusable(experiment: FineTuning, other: FineTuning): void {
  const same = ['trunk', 'start', 'pretraining', 'setting', 'representation', 'loss'] as const;
  const unlike = same.find((key) => !isDeepStrictEqual(experiment[key], other[key]));
  const isShipped = typeof other.patches?.place === 'string' && !other.patches.patch;
  const isPlain = other.tuned === 'patches and classifier' && other.tcl === 'frozen' && !other.itemRank;
  if (unlike === undefined && experiment.start === 'pre-trained' && isShipped && isPlain) return;
  const why = unlike
    ? `the same ${unlike}`
    : 'shipped patches that are tuned with the classifier alone on a pre-trained trunk';
  throw new UserError(`${experiment.id}: fused ${other.id}: expected ${why}`);
}

/** Plans what a pair fuses before it. Throws a UserError for a fused task of another source or kind. */
function withFused(tasks: readonly Task[], planned: readonly Pair[]): Pair[] {
  const pairs = planned.flatMap((pair) => withNames(tasks, pair));
  const nameOf = ({ task, experiment }: Pair) => JSON.stringify([task.name, identityOf(experiment)]);
  const found = new Map(pairs.map((pair) => [nameOf(pair), pair]));
  const added = (pair: Pair): Pair => {
    const known = found.get(nameOf(pair)) ?? pair;
    found.set(nameOf(pair), known);
    return known;
  };
  const resolved = pairs.map((pair): Pair => {
    const { task, experiment } = pair;
    if (experiment.kind !== 'fine-tuning' || !experiment.fused) return pair;
    const { experiment: other } = experiment.fused;
    const names = fusedTasks(experiment.fused);
    requireFusable(experiment, other);
    const of = names.map((name, i) => {
      const own = tasks.find((one) => one.name === name);
      if (own?.source !== task.source || own.kind !== task.kind || names.indexOf(name) !== i)
        throw new UserError(
          `${experiment.id} on ${task.name}: fused ${name}: expected each task of its source and kind once`,
        );
      const known = added({ task: own, experiment: other });
      if (isDeepStrictEqual({ ...known.experiment, label: '' }, { ...other, label: '' })) return known;
      throw new UserError(`${identityOf(other)} is declared in two ways; expected an id of its own for each`);
    });
    return { ...pair, fused: of };
  });
  const fusing = new Set(resolved.filter(({ fused }) => fused).map(nameOf));
  return [
    ...[...found.values()].filter((pair) => !fusing.has(nameOf(pair))),
    ...resolved.filter(({ fused }) => fused),
  ];
}

/** The most frequent label has a name for each kind of task. */
const isFor = ({ kind }: Task, experiment: Experiment) =>
  experiment.kind !== 'most frequent' || experiment.of === kind;

function requireEachOnce(experiments: readonly Experiment[]): void {
  const seen = new Set<string>();
  for (const experiment of experiments) {
    requireMethod(experiment, 'experiments');
    requireDeclared(experiment);
    const identity = identityOf(experiment);
    if (seen.has(identity))
      throw new UserError(`${identity} stands twice among the experiments; expected each id once on a trunk`);
    seen.add(identity);
  }
}

/** Throws a UserError for what a trunk does not have. */
function requirePossible(experiment: FineTuning): void {
  const { trunk, tuned, patches, itemRank } = experiment;
  const { norms } = architectureOf({ trunk });
  const refused = (what: string, expected: string) => {
    throw new UserError(`${identityOf(experiment)}: ${what}: expected ${expected}`);
  };
  if (
    typeof patches?.place === 'string' &&
    patches.place.endsWith('after norm') &&
    norms !== 'after products'
  )
    refused(
      `patches.place ${patches.place}`,
      `serial, parallel or parallel after activation, as no norm follows the products of ${trunk}`,
    );
  if (typeof tuned !== 'string') return;
  if (/norms/.test(tuned) && norms === 'none')
    refused(`tuned ${tuned}`, `another choice, as ${trunk} has no norm`);
  if (tuned === 'last two layers and classifier' && trunk === 'GRU')
    refused(`tuned ${tuned}`, `last layer and classifier, as ${trunk} has one layer`);
  if (itemRank && !/^(everything|patches)/.test(tuned))
    refused(`itemRank ${nameOfChoice(itemRank)}`, `tuned everything or patches, found ${tuned}`);
}

function requireEffect(task: Task, experiment: Experiment): void {
  if (experiment.kind === 'fine-tuning') requirePossible(experiment);
  if (experiment.kind !== 'fine-tuning' || !experiment.negatives || drawsNegatives(task, experiment)) return;
  throw new UserError(
    `${identityOf(experiment)} on ${task.name}: negatives ${experiment.negatives.name}: expected a loss that samples negatives`,
  );
}

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
function trunkJob(session: Session, trunk: PretrainingSetting): Job {
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
const experimentJob = (session: Session, pair: Pair): Job =>
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

/** Reads the patches that another task left on a trunk. */
function readPatches(session: Session, { shape }: PretrainingSetting, key: Key, trunk: TrunkWeights<Weight>) {
  const file = modelFile(session.out, key);
  const { checksum } = readSealed(cardOf(file));
  return { patches: loadPatches(file, trunk, shape).model.patches, checksum };
}

/** What names all that a training starts from; undefined where something of it is not there. */
function startOf(trunk: string | undefined, others: readonly (string | undefined)[]): string | undefined {
  if (trunk === undefined || others.includes(undefined)) return undefined;
  return others.length === 0 ? trunk : fingerprint([trunk, ...(others as string[])]);
}

/** Writes a trunk with its card and its vocabulary: item i has id i + 1. */
function saveTrunk(
  { out, data }: Session,
  { source, shape, budget }: PretrainingSetting,
  { declaration: _, ...key }: Key,
  weights: TrunkWeights<Weight>,
): Seal {
  const shown = { ...shape, length: source.length, trunkHash: trunkHash(weights) };
  const card = { data, ...key, ...shown, pretraining: budget };
  return saveModel(modelFile(out, key), weights, { card, vocabulary: source.items });
}

/** What a card says of patches: their shipped form, or the names of a researcher's own functions. */
function insertionCard(experiment: FineTuning, shape: TrunkShape): Pick<PatchCard, 'insertion' | 'own'> {
  const own = [experiment.patches?.place, experiment.patches?.patch].filter(isOwn).map(({ name }) => name);
  if (own.length > 0) return { insertion: null, own };
  return { insertion: (insertionOf(experiment, shape) as ShippedInsertion | undefined) ?? null };
}

/** Writes what a task adds to its trunk; nothing if everything was tuned, which would be a whole model. */
function keepPatches(
  { out, data, preset }: Session,
  { task, experiment }: Pair,
  { declaration: _, ...key }: Key,
  { start, tuned: weights }: Models,
): Seal | undefined {
  if (experiment.kind !== 'fine-tuning' || extentOf(experiment) === 'everything') return undefined;
  const { trunk, representation, tcl, fused, label: method } = experiment;
  const { kind, labels } = task;
  const shape = trunkShape(task.source, preset, trunk);
  const insertion = insertionCard(experiment, shape);
  const itemRank = itemRankOf(experiment, shape);
  const shown = {
    kind,
    labels,
    trunk,
    trunkHash: trunkHash(start.trunk),
    representation,
    tcl,
    ...(itemRank ? { itemRank } : {}),
    ...(fused ? { fused: fusedTasks(fused) } : {}),
  };
  const card = { data, ...key, method, ...shown, ...insertion };
  const chosen = { model: weights, tuned: selectionOf(experiment)<Weight>(weights) };
  return savePatches(modelFile(out, key), chosen, card);
}
