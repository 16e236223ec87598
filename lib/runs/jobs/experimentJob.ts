/** One experiment on one task: its documents, read or computed. */
import { withTraining } from '../../datasets/tasks/split';
import type { Task } from '../../datasets/tasks/tasks';
import { methodOf, type Result } from '../../documents/document';
import { type Key, modelFile, stored } from '../../documents/store';
import { fingerprint } from '../../files/fingerprint';
import type { Seal } from '../../files/sealed';
import { type Experiment, extentOf, type FineTuning } from '../../methods/experiment';
import { isOwn } from '../../methods/own/own';
import type { TrunkShape } from '../../model/trunk';
import { type PatchCard, savePatches } from '../../modelFiles/patchFile';
import { trunkHash } from '../../modelFiles/trunkFile';
import type { Insertion } from '../../patches/insertion';
import { declarationOf as declarationOfOpponent } from '../../recipes/opponents';
import { selectionOf } from '../../recipes/selections';
import { budgetOf, declaredPrecision, insertionOf, trunkShape } from '../../recipes/settings';
import type { Weight } from '../../tensorflow/weights';
import { codeOf } from '../session/codes';
import { taskFingerprint } from '../session/fingerprint';
import { aboutOf, keyOf, type Session, type Subject, save, watch } from '../session/session';
import { finding, type Models } from './finding';
import type { Job } from './job';
import type { Pair } from './pairs';
import { trunksIn } from './trunkJob';
import { declarationOfTrunk, keyOfTrunk, trunkOf } from './trunks';
import { workloadOfPair } from './workload';

/** What documents of an experiment on a task are about. */
const subjectOf = ({ task: { name, metric }, experiment }: Pair): Subject => ({
  task: name,
  metric,
  method: experiment,
});

/** The task as an experiment learns it: with its share of the training instances. */
function learnt({ task, experiment }: Pair): Pair {
  const { training } = experiment;
  return { task: training === undefined ? task : withTraining(task, training), experiment };
}

/** What decides the numbers of an experiment, besides the task and its trunk. */
function decidingOf({ preset }: Pick<Session, 'preset'>, { task, experiment }: Pair) {
  if (experiment.kind === 'most frequent') return {};
  if (experiment.kind === 'baseline') return declarationOfOpponent(task, experiment, preset);
  const shape = trunkShape(task.source, preset, experiment.trunk);
  const { grouping, softmax, patience } = preset;
  const budget = budgetOf(task.kind, experiment, preset);
  return { shape, grouping, softmax, patience, budget, ...declaredPrecision(preset) };
}

type Today = Pick<Session, 'preset' | 'codes'>;

/** What decides the numbers of an experiment on a task besides its choices and the seed. */
function circumstancesOf(today: Today, pair: Pair) {
  const trunk = trunkOf(today.preset, pair);
  return {
    ...decidingOf(today, pair),
    ...(trunk ? { pretraining: declarationOfTrunk(today, trunk) } : {}),
    task: taskFingerprint(learnt(pair).task),
    code: codeOf(pair.experiment, today.codes),
  };
}

/** All that decides the numbers of an experiment on a task but the seed. */
function declarationOf(today: Today, pair: Pair) {
  const { id: _, label: __, ...declared } = pair.experiment;
  return { ...declared, ...circumstancesOf(today, pair) };
}

/** The experiment that a document declares. */
export function experimentIn(document: Result): Experiment {
  const { training } = document;
  const declared = { ...document.declaration, ...methodOf(document) } as unknown as Experiment;
  return { ...declared, training: training === 1 ? undefined : training } as Experiment;
}

/** Whether a document of an experiment was computed as it would be today: with these budgets, on the task as it is, by this code. */
export function isOfToday(today: Today, task: Task, document: Result): boolean {
  const { declaration } = document;
  const circumstances = circumstancesOf(today, { task, experiment: experimentIn(document) });
  const then = Object.fromEntries(Object.keys(circumstances).map((key) => [key, declaration[key]]));
  return fingerprint(then) === fingerprint(circumstances);
}

/** The name of the document of an experiment on a task for a seed. */
export const keyOfPair = (today: Today, pair: Pair, seed: number): Key =>
  keyOf(subjectOf(pair), declarationOf(today, pair), seed);

/** One experiment on one task, all seeds. */
export function experimentJob(session: Session, pair: Pair): Job {
  const labelOf = (seed: number) => `${pair.task.name}, ${pair.experiment.label}, seed ${seed}`;
  const key = keyOfPair(session, pair, 0); // a seed changes nothing else of it
  const keyOf = (seed: number) => ({ ...key, seed });
  const trunk = trunkOf(session.preset, pair);
  const trunks = trunk && trunksIn(session, trunk);
  const told = new Set<number>();
  return {
    of: 'experiment',
    length: pair.task.source.length,
    workload: workloadOfPair(session.preset, learnt(pair)),
    labelOf,
    keyOf,
    documentOf: (seed) => {
      const document = stored(session.out, keyOf(seed));
      const checksum = trunks?.checksum(seed);
      if (!document || checksum === undefined || document.startedFrom === checksum)
        return document && { ...document, ...aboutOf(session, subjectOf(pair)) };
      if (!told.has(seed))
        console.log(`${labelOf(seed)}: made from another trunk than is there now, computed again`);
      told.add(seed);
      return undefined;
    },
    trunkOf: (seed) => trunk && keyOfTrunk(session, trunk, seed),
    begin: (own) => {
      const { task, experiment } = learnt(pair);
      const { steps, seed: find, dispose } = finding(own.preset, task, experiment);
      const seed = async (seed: number) => {
        const [key, read] = [keyOf(seed), trunks?.read(seed)];
        const startedFrom = read?.checksum;
        const about = { label: labelOf(seed), steps: Math.max(1, steps), metric: task.metric };
        const watched = watch(own, { key, ...about, startedFrom });
        const { models, ...found } = await find(seed, watched, read?.weights);
        const left = models && keepPatches(own, pair, key, models)?.checksum;
        save(own, subjectOf(pair), key, { ...found, startedFrom, left });
      };
      return { seed, dispose };
    },
  };
}

/** What a card says of patches: their shipped form, or that it is another. */
function insertionCard(experiment: FineTuning, shape: TrunkShape): Pick<PatchCard, 'insertion' | 'own'> {
  const { patches } = experiment;
  if (!patches) return { insertion: null };
  const own = [patches.place, patches.patch].filter(isOwn).map(({ name }) => name);
  if (own.length > 0) return { insertion: null, own };
  return { insertion: insertionOf(experiment, shape) as Insertion };
}

/** Leaves what a task adds to its trunk beside the trunks; where everything was tuned, that would be a whole model. */
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
