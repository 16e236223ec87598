/** Measures what a step and an evaluation cost on this machine. */
import { median } from 'simple-statistics';
import { device } from '../../../engine/native';
import { threads } from '../../../engine/threads';
import { inBestSetting } from '../../methods/best';
import { causal, nonCausal } from '../../methods/family';
import type { Preset } from '../../methods/presets';
import { fineTuningRecipe } from '../../recipes/finetune';
import { mtlOf, mtlRecipe } from '../../recipes/mtl';
import { pretrainingRecipe } from '../../recipes/pretrain';
import type { Recipe } from '../../recipes/recipe';
import { pretrainingOf, tuningOf } from '../../recipes/settings';
import type { Plan } from '../plan';
import { type Cost, type Costs, kindsOf, nameOf, type StepKind, type Workload } from '../workload';

/**
 * Costs of each kind of step, measured in this process; with fewer threads, a step is taken to cost as many times more: an
 * upper bound. Stops with the plan.
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
    const { step, evaluation } = await measure(kind, preset, signal);
    const cost = { step: slower * step, evaluation: slower * evaluation };
    onMeasured?.(cost, kind);
    costs.set(nameOf(kind), cost);
  }
  return costs;
}

/** One step that compiles and warms up, three that are timed, and an evaluation. */
const SHORT = { steps: 4, evaluations: 1 };

/** A training of the kind with few steps. */
function shortened(kind: StepKind, preset: Preset): Recipe<unknown> {
  if (kind.of === 'pre-training')
    return pretrainingRecipe({ ...pretrainingOf(kind.source, preset, kind.direction), ...SHORT });
  const { task, direction, tuned, setting } = kind;
  const short = <S extends { readonly course: object }>(own: S): S => ({
    ...own,
    course: { ...own.course, ...SHORT },
  });
  if (tuned === 'jointly') return mtlRecipe(short(mtlOf(task, preset)));
  const { FineAll, PeterRec } = direction === 'causal' ? causal : nonCausal;
  const method = tuned === 'everything' ? FineAll : PeterRec;
  const experiment = setting === 'best' ? inBestSetting(method) : method;
  return fineTuningRecipe(short(tuningOf(task, { ...experiment, start: 'random' }, preset)));
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
