/** What planned runs still have to train on a machine, and how long that takes. */
import fs from 'node:fs';
import { type Key, modelFile, stored } from '../../documents/store';
import type { Planned } from '../../methods/experiment';
import { pairsOf } from '../jobs/pairs';
import { isTrunk } from '../jobs/trunks';
import { codeFingerprint } from '../session/fingerprint';
import { seedsOf } from '../session/session';
import type { Workbench } from '../workbench';
import {
  type Cost,
  leftOf,
  nameOf,
  type PlannedTraining,
  type StepKind,
  secondsAtOnce,
  trainingsOf,
} from './estimate';
import { measure } from './stepCost';

type Bench = Pick<Workbench, 'data' | 'tasks' | 'preset' | 'out' | 'seeds'>;

/** The training that planned runs still need, where documents are there for the rest. */
export function leftOn(
  bench: Bench,
  code = codeFingerprint(),
): (planned: readonly Planned[]) => PlannedTraining[] {
  const { tasks, preset, out } = bench;
  const of = { preset, code, seeds: seedsOf(bench) };
  const isThere = (key: Key) =>
    stored(out, key) !== undefined && (!isTrunk(key) || fs.existsSync(modelFile(out, key)));
  return (planned) => leftOf(trainingsOf(of, pairsOf(tasks, planned)), isThere);
}

/** The kinds of steps that trainings take, by their names. */
const kindsOf = (trainings: readonly PlannedTraining[]): Map<string, StepKind> =>
  new Map(trainings.map(({ kind }) => [nameOf(kind), kind]));

/** What a step of each kind costs on this machine; `said` is told each. */
export function measureAll(
  { preset }: Pick<Workbench, 'preset'>,
  trainings: readonly PlannedTraining[],
  said: (name: string, cost: Cost) => void,
): Map<string, Cost> {
  return new Map(
    [...kindsOf(trainings)].map(([name, kind]) => {
      const cost = measure(kind, preset);
      said(name, cost);
      return [name, cost];
    }),
  );
}

/** What steps cost where they will be taken, and how many trainings take place at once there. */
export type Measuring = (
  bench: Bench,
  kinds: readonly StepKind[],
) => Promise<{ readonly costs: readonly Cost[]; readonly atOnce: number }>;

/** How early validation ends trainings: means of 408 and 367 trainings of `default` on MovieLens-100K and 1M. */
const USUAL = 'on MovieLens a training took 51 % (100K) or 35 % (1M) of its passes in the mean';

/**
 * How much there is to train before it begins, in a sentence: models, passes over their data and minutes. Nothing where all is
 * there. Tiny budgets are not measured, which would take as long as they do.
 */
export async function forecast(
  bench: Bench,
  left: readonly PlannedTraining[],
  measuring: Measuring,
): Promise<string | undefined> {
  if (left.length === 0) return undefined;
  const parts = [
    partOf(left, 'pre-training', 'trunk', 'passes each'),
    partOf(left, 'fine-tuning', 'model', 'passes each at most, fewer where validation says so'),
  ].flatMap((part) => part ?? []);
  const time =
    bench.preset.name === 'quick'
      ? ''
      : ` At most about ${await timeOf(bench, left, measuring)} on this machine; ${USUAL}.`;
  return `To train: ${parts.join(', and ')}.${time}`;
}

async function timeOf(bench: Bench, left: readonly PlannedTraining[], measuring: Measuring): Promise<string> {
  const kinds = kindsOf(left);
  const { costs, atOnce } = await measuring(bench, [...kinds.values()]);
  const byName = new Map([...kinds.keys()].map((name, i) => [name, costs[i]]));
  return roughly(secondsAtOnce(left, byName, atOnce));
}

function partOf(
  left: readonly PlannedTraining[],
  of: PlannedTraining['kind']['of'],
  what: string,
  passes: string,
): string | undefined {
  const own = left.filter(({ kind }) => kind.of === of);
  if (own.length === 0) return undefined;
  const count = own.reduce((sum, { keys }) => sum + keys.length, 0);
  const least = Math.min(...own.map((training) => training.passes));
  const most = Math.max(...own.map((training) => training.passes));
  const range = [...new Set([least, most].map((value) => shown(value)))].join(' to ');
  return `${count} ${what}${count === 1 ? '' : 's'} of ${range} ${passes}`;
}

const shown = (passes: number) => (passes < 1 ? passes.toPrecision(1) : String(Math.round(passes)));

/** `12 min`, from an hour and a half on in hours, from two days on in days. */
export function roughly(seconds: number): string {
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 48 * 3600
    ? `${(seconds / 3600).toFixed(1)} hours`
    : `${(seconds / 86_400).toFixed(1)} days`;
}
