/** Measures what a step and an evaluation cost on this machine. */
import { median, sum } from 'simple-statistics';
import { splitInstances, splitSource } from '../../datasets/tasks/split';
import { inBestSetting } from '../../methods/best';
import type { FineTuning } from '../../methods/experiment';
import { causal, nonCausal } from '../../methods/family';
import type { Preset } from '../../methods/presets';
import { atOnce, breathe } from '../../parts';
import { fineTuningSteps, pretrainingSteps } from '../../recipes/batches';
import { compileFineTuning, startModel } from '../../recipes/finetune';
import { compileMTL, freshMTL, mtlOf, mtlSteps } from '../../recipes/mtl';
import { compilePretraining, freshPretraining } from '../../recipes/pretrain';
import { pretrainingOf, type TargetSetting, tuningOf } from '../../recipes/settings';
import { device } from '../../tensorflow/native';
import type { Program } from '../../tensorflow/program/program';
import { threads } from '../../tensorflow/threads';
import { lastItemRanks, SCORED_ROWS, scoreUsers } from '../../training/evaluate';
import type { Step, Steps } from '../../training/fit';
import type { Plan } from '../plan';
import { type Cost, type Costs, kindsOf, nameOf, type StepKind, type Workload } from '../workload';

/**
 * Costs of each kind of step, measured in this process; with fewer threads, a step is taken to cost as many times more: an
 * upper bound. Throws the reason of a stop between two kinds.
 */
export async function measured(
  { session }: Plan,
  workloads: readonly Workload[],
  onMeasured?: (cost: Cost, kind: StepKind) => void,
): Promise<Costs> {
  const { preset, signal } = session;
  const slower = device === 'gpu' ? 1 : threads / (preset.threads ?? threads);
  const costs = new Map<string, Cost>();
  for (const kind of kindsOf(workloads)) {
    await breathe();
    signal?.throwIfAborted();
    const { step, evaluation } = measure(kind, preset);
    const cost = { step: slower * step, evaluation: slower * evaluation };
    onMeasured?.(cost, kind);
    costs.set(nameOf(kind), cost);
  }
  return costs;
}

function secondsTaken(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Steps that are timed, fewer once they have taken long enough. */
const TIMED_STEPS = 3;
const ENOUGH_SECONDS = 2;

/** Median seconds of a step, after one that warms up. */
function stepSeconds<W>(program: Program<W>, next: () => Step): number {
  const step = () => {
    const { signature, batch } = next();
    program.run(signature, batch);
  };
  step();
  const times: number[] = [];
  while (times.length < TIMED_STEPS && sum(times) < ENOUGH_SECONDS) times.push(secondsTaken(step));
  return median(times);
}

/** Users whose evaluation is timed: enough for whole batches of each length. */
const TIMED_USERS = 6 * SCORED_ROWS;

/** Seconds to evaluate that many users, from what some of them take. */
function evaluationSeconds(users: readonly number[], evaluate: (batch: readonly number[]) => void): number {
  if (users.length === 0) return 0;
  const some = users.slice(0, TIMED_USERS);
  return (secondsTaken(() => evaluate(some)) * users.length) / some.length;
}

/** Compiles a program of the kind and times steps and a batch of evaluation. */
export function measure(kind: StepKind, preset: Preset): Cost {
  if (kind.of === 'pre-training') return ofPretraining(kind, preset);
  return kind.tuned === 'jointly' ? ofMTL(kind, preset) : ofTuning(kind, preset);
}

/** Times a program and disposes of it; `evaluated` users are scored by `evaluate`. */
function timed<W>(
  program: Program<W>,
  start: W,
  { next }: Steps,
  evaluated: readonly number[],
  evaluate: (users: readonly number[]) => void,
): Cost {
  program.initialise(start);
  const step = stepSeconds(program, next);
  const evaluation = evaluationSeconds(evaluated, evaluate);
  program.dispose();
  return { step, evaluation };
}

/** Of a program that scores users of a task. */
function timedOn<W>(program: Program<W>, start: W, target: TargetSetting, steps: Steps): Cost {
  const { task } = target;
  const { valid, test } = splitInstances(task, 0);
  const users = [...new Set([...valid, ...test].map((i) => task.instances[i].user))];
  return timed(program, start, steps, users, (some) => atOnce(scoreUsers(program, target, some)));
}

function ofPretraining({ source, direction }: Extract<StepKind, { of: 'pre-training' }>, preset: Preset) {
  const pretraining = pretrainingOf(source, preset, direction);
  const program = compilePretraining(pretraining);
  const { train, valid } = splitSource(source, 0);
  const steps = pretrainingSteps(pretraining, train, 0);
  return timed(program, freshPretraining(pretraining, 0), steps, valid, (users) =>
    atOnce(lastItemRanks(program, source, pretraining.shape, users)),
  );
}

type TuningKind = Extract<StepKind, { of: 'fine-tuning' }>;

function ofMTL({ task }: TuningKind, preset: Preset): Cost {
  const setting = mtlOf(task, preset);
  const start = freshMTL(setting, 0);
  return timedOn(compileMTL(setting, start), start, setting, mtlSteps(setting, 0));
}

function ofTuning({ task, direction, tuned, setting }: TuningKind, preset: Preset): Cost {
  const { FineAll, PeterRec } = direction === 'causal' ? causal : nonCausal;
  const method = tuned === 'everything' ? FineAll : PeterRec;
  const experiment: FineTuning = {
    ...(setting === 'best' ? inBestSetting(method) : method),
    start: 'random',
  };
  const tuning = tuningOf(task, experiment, preset);
  const start = startModel(tuning, 0);
  return timedOn(compileFineTuning(tuning, start), start, tuning, fineTuningSteps(tuning, 0));
}
