/** The units of a plan, put together to what one job of a cluster computes. */
import { createHash } from 'node:crypto';
import type { Codes } from '../runs/codes';
import { type Plan, stemIn, trunkIn, type Unit } from '../runs/plan';

/** What one job computes, as the rules of the engine read it. */
export type Batch = {
  /** Letters, digits and _: a rule of Snakemake. The same documents have the same name. */
  readonly name: string;
  /** Stems of the documents that it leaves. */
  readonly documents: readonly string[];
  /** Files under OUT that must be there before. */
  readonly needs: readonly string[];
  /** Files under OUT that are there after. */
  readonly makes: readonly string[];
};

/** What every job of a cluster is given. */
export type Resources = {
  readonly cpus: number;
  readonly gpus: number;
  /** MB of memory, and minutes; more at each further attempt. */
  readonly memory: number;
  readonly minutes: number;
  /** Threads that it computes with. */
  readonly threads: number;
};

/** What a cluster is asked for. */
export type BatchPlan = {
  /** The parameters of a workbench. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly rq: readonly string[];
  /** Of the code that it was made with: other code would make other documents. */
  readonly codes: Codes;
  readonly resources: Resources;
  readonly batches: readonly Batch[];
};

/**
 * Seconds of work, if all trainings take all their passes, that a job has at least where there is so much. A job costs 6 to 16 s
 * of its own: below 5 % of it, since a training ends after a third of its passes at the soonest in the mean of a plan.
 */
const WORTH = 960;

/**
 * Jobs for units that have no document: a trunk each, and the experiments of a trunk together until they are worth a job.
 * `secondsOf` is the time that a unit takes.
 */
export function batchesOf(plan: Plan, units: readonly Unit[], secondsOf: (unit: Unit) => number): Batch[] {
  const left = new Set(units.map((unit) => stemIn(plan, unit)));
  return groupsOf(plan, units)
    .flatMap((group) => cut(group, secondsOf))
    .map((group) => batchOf(plan, group, left));
}

/** Units that share the start of a process and a trunk; a trunk is alone. */
function groupsOf(plan: Plan, units: readonly Unit[]): Unit[][] {
  const groups = new Map<string, Unit[]>();
  for (const unit of units) {
    const isTrunk = plan.jobs[unit.place].of === 'trunk';
    const shared = isTrunk ? stemIn(plan, unit) : `from ${trunkIn(plan, unit)}`;
    groups.set(shared, [...(groups.get(shared) ?? []), unit]);
  }
  return [...groups.values()];
}

/** Parts in the order of the whole, each just long enough. */
function cut(units: readonly Unit[], secondsOf: (unit: Unit) => number): Unit[][] {
  const parts: Unit[][] = [];
  let seconds = WORTH;
  for (const unit of units) {
    if (seconds >= WORTH) {
      parts.push([]);
      seconds = 0;
    }
    parts[parts.length - 1].push(unit);
    seconds += secondsOf(unit);
  }
  return parts;
}

function batchOf(plan: Plan, units: readonly Unit[], left: ReadonlySet<string>): Batch {
  const documents = units.map((unit) => stemIn(plan, unit));
  const trunks = new Set(units.map((unit) => trunkIn(plan, unit)));
  const [{ place, seed }] = units;
  const { of, labelOf } = plan.jobs[place];
  const digits = createHash('sha256').update(documents.join()).digest('hex').slice(0, 8);
  return {
    name: `${of === 'trunk' ? labelOf(seed) : `experiments_s${seed}`}_${digits}`.replace(/\W+/g, '_'),
    documents,
    // A trunk that nothing is left of to compute is there.
    needs: [...trunks].flatMap((stem) => (stem && left.has(stem) ? filesOf(stem, true) : [])),
    makes: documents.flatMap((stem) => filesOf(stem, of === 'trunk')),
  };
}

/** What is there once a document is, which is written last. */
const filesOf = (stem: string, isTrunk: boolean): string[] => [
  ...(isTrunk ? [`models/${stem}.safetensors`] : []),
  `results/${stem}.json`,
];
