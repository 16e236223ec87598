/** How long trainings take: steps and evaluations, times what one of their kind costs. */
import { nameOf, type StepKind, type Workload } from '../jobs/workload';
import type { Plan, Unit } from '../plan';

/** Seconds of a step and of an evaluation of one kind. */
export type Cost = { readonly step: number; readonly evaluation: number };

/** By the names of kinds. */
export type Costs = ReadonlyMap<string, Cost>;

/** What units of a plan train; nothing for those that take seconds. */
export const workloadsOf = ({ jobs }: Plan, units: readonly Unit[]): Workload[] =>
  units.flatMap(({ place }) => jobs[place].workload ?? []);

/** The kinds of steps of workloads, each once. */
export function kindsOf(workloads: readonly Workload[]): StepKind[] {
  const found = new Map<string, StepKind>();
  for (const { kind } of workloads) if (!found.has(nameOf(kind))) found.set(nameOf(kind), kind);
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

/** Seconds of all where so many take place at once, the trunks before what starts from them. */
export function secondsAtOnce(workloads: readonly Workload[], costs: Costs, atOnce: number): number {
  const stages = ['pre-training', 'fine-tuning'] as const;
  return stages.reduce((sum, stage) => {
    const own = workloads.filter(({ kind }) => kind.of === stage);
    return sum + Math.max(longestOf(own, costs), secondsOf(own, costs) / atOnce);
  }, 0);
}
