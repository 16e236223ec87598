/** The units of a plan, grouped into the jobs of a cluster. */
import { fingerprint } from '../../base/fingerprint';
import type { Planned } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import type { Codes } from '../runs/codes';
import { type Plan, startsOf, stemIn, trunkIn, type Unit } from '../runs/plan';

/** One job, as a rule of the Snakefile reads it. */
export type Batch = {
  /** Letters, digits and _; the same documents have the same name. */
  readonly name: string;
  /** Stems of the documents that it leaves. */
  readonly documents: readonly string[];
  /** Files under OUT that must be there before. */
  readonly needs: readonly string[];
  /** Files under OUT that are there after. */
  readonly makes: readonly string[];
};

/** Resources of every job. */
export type Resources = {
  readonly cpus: number;
  readonly gpus: number;
  /** MB; more at each further attempt, as are minutes. */
  readonly memory: number;
  readonly minutes: number;
  /** Threads that it computes with. */
  readonly threads: number;
};

export type BatchPlan = {
  /** Of a workbench. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The questions whose documents are planned … */
  readonly rq: readonly string[];
  /** … or a stage of tuning, for which nothing is tested. */
  readonly stage?: {
    readonly planned: readonly Planned[];
    readonly preset: Preset;
    readonly seeds: readonly number[];
  };
  /** Of the code that made the plan: other code would make other documents. */
  readonly codes: Codes;
  readonly resources: Resources;
  readonly batches: readonly Batch[];
};

/**
 * Least seconds of work of a job, if all trainings take all their passes; they take at least a third of them in the mean of a plan.
 * Starting a job costs 6 to 16 s: less than 5 % of its work.
 */
const WORTH = 960;

/**
 * Jobs for the missing units: one for each trunk, and one for experiments of the same trunk that together are worth a job.
 * `secondsOf` is the time of a unit.
 */
export function batchesOf(plan: Plan, units: readonly Unit[], secondsOf: (unit: Unit) => number): Batch[] {
  const left = new Set(units.map((unit) => stemIn(plan, unit)));
  const groups = new Map<string, Unit[]>();
  for (const unit of units) {
    const isTrunk = plan.jobs[unit.place].of === 'trunk';
    const shared = isTrunk ? stemIn(plan, unit) : `from ${trunkIn(plan, unit)}`;
    groups.set(shared, [...(groups.get(shared) ?? []), unit]);
  }
  const slices = [...groups.values()].flatMap((group) => cut(group, secondsOf));
  return slices.map((slice) => batchOf(plan, slice, left));
}

/** Slices in order, each just long enough. */
function cut(units: readonly Unit[], secondsOf: (unit: Unit) => number): Unit[][] {
  const slices: Unit[][] = [];
  let seconds = WORTH;
  for (const unit of units) {
    if (seconds >= WORTH) {
      slices.push([]);
      seconds = 0;
    }
    slices[slices.length - 1].push(unit);
    seconds += secondsOf(unit);
  }
  return slices;
}

function batchOf(plan: Plan, units: readonly Unit[], left: ReadonlySet<string>): Batch {
  const documents = units.map((unit) => stemIn(plan, unit));
  const trunks = new Set(units.map((unit) => trunkIn(plan, unit)));
  const starts = new Set(units.flatMap((unit) => startsOf(plan, unit)));
  const [{ place, seed }] = units;
  const { of, labelOf } = plan.jobs[place];
  return {
    name: `${of === 'trunk' ? labelOf(seed) : `experiments_s${seed}`}_${fingerprint(documents)}`.replace(
      /\W+/g,
      '_',
    ),
    documents,
    // Documents of one job are made in order; others that are not missing are there.
    needs: [...starts]
      .filter((stem) => left.has(stem) && !documents.includes(stem))
      .flatMap((stem) => filesOf(stem, trunks.has(stem))),
    makes: documents.flatMap((stem) => filesOf(stem, of === 'trunk')),
  };
}

/** The document is written last. */
const filesOf = (stem: string, isTrunk: boolean): string[] => [
  ...(isTrunk ? [`models/${stem}.safetensors`] : []),
  `results/${stem}.json`,
];
