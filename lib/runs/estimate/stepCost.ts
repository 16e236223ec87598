/** What a step and an evaluation cost on this machine. */
import { median, sum } from 'simple-statistics';
import { splitInstances, splitSource } from '../../datasets/tasks/split';
import { inBestSetting } from '../../methods/best';
import type { FineTuning } from '../../methods/experiment';
import { causal, nonCausal } from '../../methods/family';
import type { Preset } from '../../methods/presets';
import { atOnce } from '../../parts';
import { compileFineTuning, startModel } from '../../recipes/finetune';
import { compileMTL, freshMTL, mtlOf, mtlSteps } from '../../recipes/mtl';
import { compilePretraining, freshPretraining } from '../../recipes/pretrain';
import { pretrainingSteps } from '../../recipes/pretrainingBatches';
import { pretrainingOf, type TargetSetting, tuningOf } from '../../recipes/settings';
import { fineTuningSteps } from '../../recipes/tuningBatches';
import type { Program } from '../../tensorflow/program/program';
import { lastItemRanks, SCORED_ROWS, scoreUsers } from '../../training/evaluate';
import type { Step, Steps } from '../../training/fit';
import type { StepKind } from '../jobs/workload';
import type { Cost } from './estimate';

function secondsTaken(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Steps that are timed, fewer where they have taken long enough. */
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
  if (kind.of === 'pre-training') return measurePretraining(kind, preset);
  return kind.tuned === 'jointly' ? measureMTL(kind, preset) : measureTuning(kind, preset);
}

type TuningKind = Extract<StepKind, { of: 'fine-tuning' }>;

function measurePretraining(
  { source, direction }: Extract<StepKind, { of: 'pre-training' }>,
  preset: Preset,
): Cost {
  const pretraining = pretrainingOf(source, preset, direction);
  const program = compilePretraining(pretraining);
  program.initialise(freshPretraining(pretraining, 0));
  const { train, valid } = splitSource(source, 0);
  const { next } = pretrainingSteps(pretraining, train, 0);
  const step = stepSeconds(program, next);
  const evaluation = evaluationSeconds(valid, (users) =>
    atOnce(lastItemRanks(program, source, pretraining.shape, users)),
  );
  program.dispose();
  return { step, evaluation };
}

function measureMTL({ task }: TuningKind, preset: Preset): Cost {
  const setting = mtlOf(task, preset);
  const start = freshMTL(setting, 0);
  const program = compileMTL(setting, start);
  program.initialise(start);
  return measureOn(program, setting, mtlSteps(setting, 0));
}

function measureTuning({ task, direction, tuned, setting }: TuningKind, preset: Preset): Cost {
  const { FineAll, PeterRec } = direction === 'causal' ? causal : nonCausal;
  const method = tuned === 'everything' ? FineAll : PeterRec;
  const experiment: FineTuning = {
    ...(setting === 'best' ? inBestSetting(method) : method),
    start: 'random',
  };
  const tuning = tuningOf(task, experiment, preset);
  const start = startModel(tuning, 0);
  const program = compileFineTuning(tuning, start);
  program.initialise(start);
  return measureOn(program, tuning, fineTuningSteps(tuning, 0));
}

/** Of a program that scores users of a task, which is disposed of. */
function measureOn<W>(program: Program<W>, target: TargetSetting, { next }: Steps): Cost {
  const { task } = target;
  const step = stepSeconds(program, next);
  const { valid, test } = splitInstances(task, 0);
  const users = [...new Set([...valid, ...test].map((i) => task.instances[i].user))];
  const evaluation = evaluationSeconds(users, (batch) => atOnce(scoreUsers(program, target, batch)));
  program.dispose();
  return { step, evaluation };
}
