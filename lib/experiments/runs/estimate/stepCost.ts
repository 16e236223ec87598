/** How long trainings take: steps and evaluations, times the cost of one of their kind on this machine. */

import { median } from 'simple-statistics';
import { device } from '../../../engine/native';
import { threads } from '../../../engine/threads';
import { isCausal } from '../../../model/trunks/names';
import { inBestSetting } from '../../methods/best';
import { causal, nonCausal } from '../../methods/family';
import type { Preset } from '../../methods/presets';
import { fineTuningRecipe } from '../../recipes/finetune';
import { mtlOf, mtlRecipe } from '../../recipes/opponents';
import { pretrainingRecipe } from '../../recipes/pretrain';
import type { Recipe } from '../../recipes/settings';
import { pretrainingOf, tuningOf } from '../../recipes/settings';
import type { Plan } from '../plan';
import type { StepKind, Workload } from '../workloads';

/** Identifies steps of one kind. */
export const nameOf = (kind: StepKind): string =>
  kind.of === 'pre-training'
    ? `${kind.trunk} pre-training on the source of ${kind.source.name}`
    : `${kind.trunk}, ${kind.tuned} tuned, ${kind.task.kind} on the source of ${kind.task.source.name}${kind.setting === 'best' ? ', best setting' : ''}`;

/** Seconds of a step and of an evaluation of one kind. */
export type Cost = { readonly step: number; readonly evaluation: number };

/** By the names of kinds. */
export type Costs = ReadonlyMap<string, Cost>;

/** The kinds of steps of workloads, each once. */
export function kindsOf(workloads: readonly Workload[]): StepKind[] {
  const found = new Map(workloads.map(({ kind }): [string, StepKind] => [nameOf(kind), kind]));
  return [...found.values()];
}

/** Seconds of one training. */
export function secondsOfOne({ kind, steps, evaluations }: Workload, costs: Costs): number {
  const { step, evaluation } = costs.get(nameOf(kind)) as Cost;
  return steps * step + evaluations * evaluation;
}

/** Seconds of all, one after the other. */
export const secondsOf = (workloads: readonly Workload[], costs: Costs): number =>
  workloads.reduce((sum, workload) => sum + secondsOfOne(workload, costs), 0);

/** Seconds of the longest training. */
export const longestOf = (workloads: readonly Workload[], costs: Costs): number =>
  Math.max(0, ...workloads.map((one) => secondsOfOne(one, costs)));

/** Seconds of all with so many trainings side by side, trunks before what starts from them. */
export function secondsAtOnce(workloads: readonly Workload[], costs: Costs, atOnce: number): number {
  const stages = ['pre-training', 'fine-tuning'] as const;
  return stages.reduce((sum, stage) => {
    const own = workloads.filter(({ kind }) => kind.of === stage);
    return sum + Math.max(longestOf(own, costs), secondsOf(own, costs) / atOnce);
  }, 0);
}

/**
 * Costs of each kind of step, measured in this process; with fewer threads, a step is taken to cost as many times more: an
 * upper bound. Stops with the plan.
 */
export async function measured({ session }: Plan, workloads: readonly Workload[]): Promise<Costs> {
  const { preset, signal } = session;
  const slower = device() === 'gpu' ? 1 : threads / (preset.threads ?? threads);
  const costs = new Map<string, Cost>();
  for (const kind of kindsOf(workloads)) {
    const { step, evaluation } = await measure(kind, preset, signal);
    costs.set(nameOf(kind), { step: slower * step, evaluation: slower * evaluation });
  }
  return costs;
}

/** One step that compiles and warms up, three that are timed, and an evaluation. */
const SHORT = { steps: 4, evaluations: 1 };

/** A training of the kind with few steps. */
function shortened(kind: StepKind, preset: Preset): Recipe<unknown> {
  if (kind.of === 'pre-training')
    return pretrainingRecipe({ ...pretrainingOf(kind.source, preset, kind.trunk), ...SHORT });
  const { task, trunk, tuned, setting } = kind;
  const short = <S extends { readonly course: object }>(own: S): S => ({
    ...own,
    course: { ...own.course, ...SHORT },
  });
  if (tuned === 'jointly') return mtlRecipe(short(mtlOf(task, preset)));
  const { FineAll, PeterRec } = isCausal(kind) ? causal : nonCausal;
  const method = tuned === 'everything' ? FineAll : PeterRec;
  const experiment = setting === 'best' ? inBestSetting(method) : method;
  return fineTuningRecipe(short(tuningOf(task, { ...experiment, trunk, start: 'random' }, preset)));
}

/** Seconds of a step (median) and of an evaluation, by a short training. */
export async function measure(kind: StepKind, preset: Preset, signal?: AbortSignal): Promise<Cost> {
  const recipe = shortened(kind, preset);
  const ends: number[] = [];
  const told = () => void ends.push(performance.now() / 1000);
  try {
    await recipe.run(0, { onStep: told, onPoint: told, signal });
  } finally {
    recipe.dispose();
  }
  const seconds = ends.slice(1).map((end, i) => end - ends[i]);
  return { step: median(seconds.slice(0, -1)), evaluation: seconds[seconds.length - 1] };
}
