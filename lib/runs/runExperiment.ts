/** One experiment on one task: its documents, read or computed. */
import { withTraining } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import type { Result } from '../documents/document';
import { type Key, modelFile, outcomeRows, stored } from '../documents/store';
import { type Baseline, extentOf, type FineTuning } from '../methods/experiment';
import type { UserModelWeights } from '../model/userModel';
import { savePatches, trunkHash } from '../modelFiles/patchFile';
import { compileFineTuning, finetune, startModel } from '../recipes/finetune';
import { mostFrequent } from '../recipes/mostFrequent';
import { declarationOf, opponentRecipe } from '../recipes/opponents';
import { selections } from '../recipes/selections';
import { type TuningSetting, trunkShape, tuningOf } from '../recipes/settings';
import type { Weight } from '../tensorflow/weights';
import { metricsOf } from '../training/evaluate';
import type { TaskOutcomes } from '../training/fitTask';
import { accountOf, accountOfBaseline, accountOfCounts, fineAllWeights } from './account';
import { taskFingerprint } from './fingerprint';
import type { Pair } from './pairs';
import {
  aboutOf,
  finished,
  keyOf,
  type Measured,
  type Session,
  type Subject,
  save,
  seedsOf,
  watch,
} from './session';
import { declarationOfTrunk, type Trunks, trunkOf } from './trunks';

/** What documents of an experiment on a task are about. */
export const subjectOf = ({ task: { name, metric }, experiment }: Pair): Subject => ({
  task: name,
  metric,
  method: experiment,
});

/** All that decides the numbers of an experiment on a task but the seed. */
export function declarationOfPair(session: Pick<Session, 'preset' | 'code'>, pair: Pair) {
  const { preset, code } = session;
  const { task, experiment } = pair;
  const { id: _, label: __, ...declared } = experiment;
  const trunk = trunkOf(preset, pair);
  return {
    ...declared,
    ...(experiment.kind === 'fine-tuning'
      ? {
          shape: trunkShape(task.source, preset, experiment.trunk),
          grouping: preset.grouping,
          budget: preset[task.kind],
        }
      : {}),
    ...(experiment.kind === 'baseline' ? declarationOf(task, experiment, preset) : {}),
    ...(trunk ? { pretraining: declarationOfTrunk(session, trunk) } : {}),
    task: taskFingerprint(task),
    code,
  };
}

/** What an experiment leaves for one seed. */
type Found = TaskOutcomes & Omit<Measured, 'metrics'>;

/** Computes the seeds that no document is there for; what is compiled serves all of them. */
type Computing = {
  readonly seed: (seed: number, key: Key, label: string) => Promise<Found>;
  readonly dispose: () => void;
};

/** One experiment on one task, all seeds, each from its document where there is one. */
export async function runExperiment(session: Session, whole: Pair, trunks?: Trunks): Promise<Result[]> {
  const { experiment } = whole;
  const task = experiment.training === undefined ? whole.task : withTraining(whole.task, experiment.training);
  const pair = { task, experiment };
  const subject = subjectOf(pair);
  const declaration = declarationOfPair(session, pair);
  const results: Result[] = [];
  let compute: Computing | undefined;
  try {
    for (const seed of seedsOf(session)) {
      session.signal?.throwIfAborted(); // what takes no step does not ask
      const key = keyOf(subject, declaration, seed);
      const label = `${task.name}, ${experiment.label}, seed ${seed}`;
      const known = stored(session.out, key);
      if (known) results.push({ ...known, ...aboutOf(session, subject) });
      else {
        compute ??= computing(session, pair, trunks);
        const { test, valid, ...measured } = await compute.seed(seed, key, label);
        const metrics = { test: metricsOf(task, test), valid: metricsOf(task, valid) };
        results.push(save(session, subject, key, { rows: outcomeRows(task, test), metrics, ...measured }));
      }
      finished(session, label);
    }
  } finally {
    compute?.dispose();
  }
  return results;
}

function computing(session: Session, { task, experiment }: Pair, trunks?: Trunks): Computing {
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

function opponent(session: Session, task: Task, experiment: Baseline): Computing {
  const { preset } = session;
  const { steps, run, dispose } = opponentRecipe(task, experiment, preset);
  const fineAll = fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length);
  const seed: Computing['seed'] = async (seed, _, label) => {
    const start = performance.now();
    const { kept, tuned, curve, ...found } = await run(seed, watch(session, label, Math.max(1, steps)));
    const seconds = curve[curve.length - 1]?.seconds ?? (performance.now() - start) / 1000;
    return {
      ...found,
      parameters: accountOfBaseline({ kept, tuned }, fineAll),
      curve,
      stoppedAt: steps,
      seconds,
    };
  };
  return { seed, dispose };
}

/** Compiles once, at the first seed that has to be computed, and serves all seeds. */
function fineTuner(session: Session, task: Task, experiment: FineTuning, trunks?: Trunks): Computing {
  const tuning = tuningOf(task, experiment, session.preset);
  const { steps } = tuning.budget;
  let program: ReturnType<typeof compileFineTuning> | undefined;
  const seed: Computing['seed'] = async (seed, key, label) => {
    const start = startModel(tuning, seed, trunks?.(seed));
    program ??= compileFineTuning(tuning, start);
    const watched = watch(session, label, steps);
    const { weights, curve, ...found } = await finetune(program, tuning, { seed, start }, watched);
    keepPatches(session, tuning, key, { start, tuned: weights });
    const { seconds } = curve[curve.length - 1];
    return { ...found, parameters: accountOf(start, experiment), curve, stoppedAt: steps, seconds };
  };
  return { seed, dispose: () => program?.dispose() };
}

type Models = { readonly start: UserModelWeights<Weight>; readonly tuned: UserModelWeights<Weight> };

/** Leaves what a task adds to its trunk beside the trunks; where everything was tuned, that would be a whole model. */
function keepPatches(
  { out, data }: Session,
  { task: { labels, kind }, experiment, model: { insertion } }: TuningSetting,
  { declaration: _, ...key }: Key,
  { start, tuned: model }: Models,
): void {
  const { trunk, representation, tcl, tuned, label: method } = experiment;
  if (extentOf(experiment) === 'everything') return;
  const shown = { kind, labels, trunk, trunkHash: trunkHash(start.trunk), representation, tcl };
  const card = { task: key.task, ...shown, insertion: insertion ?? null };
  const chosen = { model, tuned: selections[tuned]<Weight>(model) };
  savePatches(modelFile(out, key), chosen, card, { data, ...key, method });
}
