/** How each kind of experiment is computed on a task, seed by seed. */
import type { Task } from '../../datasets/tasks/tasks';
import { type Key, modelFile } from '../../documents/store';
import type { Seal } from '../../files/sealed';
import { type Baseline, extentOf, type FineTuning } from '../../methods/experiment';
import { isOwn } from '../../methods/own/own';
import type { UserModelWeights } from '../../model/userModel';
import { type PatchCard, savePatches } from '../../modelFiles/patchFile';
import { trunkHash } from '../../modelFiles/trunkFile';
import type { Insertion } from '../../patches/insertion';
import { compileFineTuning, finetune, startModel } from '../../recipes/finetune';
import { mostFrequent } from '../../recipes/mostFrequent';
import { opponentRecipe } from '../../recipes/opponents';
import { selectionOf } from '../../recipes/selections';
import { type TuningSetting, trunkShape, tuningOf } from '../../recipes/settings';
import type { Weight } from '../../tensorflow/weights';
import type { TaskOutcomes } from '../../training/fitTask';
import { type Measured, type Session, watch } from '../session/session';
import { accountOf, accountOfBaseline, accountOfCounts, fineAllWeights } from './account';
import type { Pair } from './pairs';
import type { Trunks } from './trunkJob';

/** What an experiment leaves for one seed. */
export type Found = TaskOutcomes & Omit<Measured, 'metrics'>;

/** Finds what an experiment leaves, seed by seed; what is compiled serves all of them. */
export type Finding = {
  readonly seed: (seed: number, key: Key, label: string) => Promise<Found>;
  readonly dispose: () => void;
};

/** Prepares an experiment on a task; `trunks` are those that it starts from, if it starts from any. */
export function finding(session: Session, { task, experiment }: Pair, trunks?: Trunks): Finding {
  if (experiment.kind === 'fine-tuning') return fineTuner(session, task, experiment, trunks);
  if (experiment.kind === 'baseline') return opponent(session, task, experiment);
  return { seed: async (seed) => countLabels(task, seed), dispose: () => {} };
}

function countLabels(task: Task, seed: number): Found {
  const start = performance.now();
  return {
    ...mostFrequent(task, seed),
    parameters: accountOfCounts(task.labels.length),
    curve: [],
    stoppedAt: 0,
    seconds: (performance.now() - start) / 1000,
  };
}

function opponent(session: Session, task: Task, experiment: Baseline): Finding {
  const { preset } = session;
  const { steps, run, dispose } = opponentRecipe(task, experiment, preset);
  const fineAll = fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length);
  const seed: Finding['seed'] = async (seed, key, label) => {
    const start = performance.now();
    const watched = watch(session, { key, label, steps: Math.max(1, steps), metric: task.metric });
    const { kept, tuned, ...found } = await run(seed, watched);
    const seconds = found.curve.at(-1)?.seconds ?? (performance.now() - start) / 1000;
    return { ...found, parameters: accountOfBaseline({ kept, tuned }, fineAll), seconds };
  };
  return { seed, dispose };
}

/** Compiles once, at the first seed that has to be computed, and serves all seeds. */
function fineTuner(session: Session, task: Task, experiment: FineTuning, trunks?: Trunks): Finding {
  const tuning = tuningOf(task, experiment, session.preset);
  const { steps } = tuning.course;
  let program: ReturnType<typeof compileFineTuning> | undefined;
  const seed: Finding['seed'] = async (seed, key, label) => {
    const trunk = trunks?.read(seed);
    const startedFrom = trunk?.checksum;
    const start = startModel(tuning, seed, trunk?.weights);
    program ??= compileFineTuning(tuning, start);
    const watched = watch(session, { key, label, steps, metric: task.metric, startedFrom });
    const { weights, ...found } = await finetune(program, tuning, { seed, start }, watched);
    const left = keepPatches(session, tuning, key, { start, tuned: weights })?.checksum;
    const { seconds } = found.curve[found.curve.length - 1];
    return { ...found, parameters: accountOf(start, experiment), seconds, startedFrom, left };
  };
  return { seed, dispose: () => program?.dispose() };
}

/** What a card says of patches: their shipped form, or that it is another. */
function insertionCard(
  { patches }: FineTuning,
  { insertion }: TuningSetting['model'],
): Pick<PatchCard, 'insertion' | 'own'> {
  if (!patches || !insertion) return { insertion: null };
  const own = [patches.place, patches.patch].filter(isOwn).map(({ name }) => name);
  if (own.length > 0) return { insertion: null, own };
  return { insertion: insertion as Insertion };
}

type Models = { readonly start: UserModelWeights<Weight>; readonly tuned: UserModelWeights<Weight> };

/** Leaves what a task adds to its trunk beside the trunks; where everything was tuned, that would be a whole model. */
function keepPatches(
  { out, data }: Session,
  { task: { labels, kind }, experiment, model }: TuningSetting,
  { declaration: _, ...key }: Key,
  { start, tuned: weights }: Models,
): Seal | undefined {
  const { trunk, representation, tcl, label: method } = experiment;
  if (extentOf(experiment) === 'everything') return undefined;
  const shown = { kind, labels, trunk, trunkHash: trunkHash(start.trunk), representation, tcl };
  const card = { data, ...key, method, ...shown, ...insertionCard(experiment, model) };
  const chosen = { model: weights, tuned: selectionOf(experiment)<Weight>(weights) };
  return savePatches(modelFile(out, key), chosen, card);
}
