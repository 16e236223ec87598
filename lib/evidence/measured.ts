/** Measures one claim by the test instances of its two methods. */
import { UserError } from '../base/userError';
import { type CompletedRun, runsOf } from '../experiments/documents/completedRun';
import { methodOf, type Result } from '../experiments/documents/document';
import { inBestSetting } from '../experiments/methods/best';
import type { FineTuning } from '../experiments/methods/experiment';
import { causal } from '../experiments/methods/family';
import { identityOf, isSame, type Method, placeOf } from '../experiments/methods/identity';
import { untrained } from '../experiments/opponents/opponents';
import { type Interval, less, nestedBootstrap, percentiles, type Side } from '../metrics/bootstrap';
import {
  equivalenceTest,
  LEVEL,
  type PairedTest,
  pairedEffect,
  RELATIVE_MARGIN,
  relativeTest,
  resampledEstimate,
  superiorityTest,
} from '../metrics/pairedTests';
import { correctedT } from '../metrics/significance';
import { areAllAlike, instanceValue, namesOf, perUser, RESAMPLING, type Readers } from './instances';
import { type Question, sharedBy } from './questions';

export type Measured = Interval & {
  readonly question: Question;
  readonly task: string;
  /** The task, and the share of its training instances if it is the same for both methods: `LifeEst, 30 %`. */
  readonly place: string;
  readonly metric: string;
  /** Mean of the metric of `first` minus that of `second`, and its 95 % interval over resampled seeds and users. */
  readonly difference: number;
  /** Cohen's d of the users' paired differences. */
  readonly effect: number;
  readonly users: number;
  readonly seeds: number;
  /** From resamples of seeds, and of the users of each. */
  readonly test: PairedTest;
  /** One-sided p that the better side beats an untrained opponent; 0 where that is not asked for or did not run. */
  readonly pLearnt: number;
  /** From one difference per seed, and its 95 % interval; NaN for one seed, and where seeds test the same instances or differ alike. */
  readonly tTest: PairedTest;
  readonly tInterval: Interval;
  /** Equivalence within a share of what FineAll gains over FineCLS; null if FineAll is not shown to gain, one of the two did not run, or the claim does not ask. */
  readonly relative: { readonly margin: number; readonly test: Pick<PairedTest, 'p' | 'inFavour'> } | null;
};

const tests = { superiority: superiorityTest, equivalence: equivalenceTest };

/**
 * Measures one claim, by so many resamples. Throws a UserError that names the method where one did not run, or where the two
 * did not run on the same seeds and instances.
 */
export function measured(
  completed: CompletedRun,
  task: string,
  question: Question,
  { rowsOf, valuesOf }: Readers,
  repeats: number,
): Measured {
  const { kind, first, second } = question;
  const { results } = completed;
  const sides = sidesOf(results, task, question);
  const [runs, others] = sides;
  const [{ metric }] = runs;
  const requireSame = (found: readonly Result[], name: string) => {
    const [a, b] = [runs, found].map((side) => JSON.stringify(side.map((run) => namesOf(rowsOf(run)))));
    if (a === b) return;
    const both = `${task}: ${identityOf(first)} and ${name}`;
    throw new UserError(`${both} were tested on different instances; expected the same data and splits`);
  };
  requireSame(others, identityOf(second));
  const value = instanceValue(metric);
  const seedsOf = (side: readonly Result[]) => side.map((run) => valuesOf(run, metric));
  const [a, b] = sides.map(seedsOf);
  const crossed = areAllAlike(runs.map(rowsOf));
  const drawn = (weighted: readonly Side[]) =>
    nestedBootstrap(weighted, { crossed, seed: RESAMPLING }, repeats);
  const estimate = (weighted: readonly Side[]) => resampledEstimate(drawn(weighted));

  const difference = less(a, b);
  const found = drawn(difference);
  const [better, method] = found.difference > 0 ? [a, first] : [b, second];
  const asksLearning = !isUntrained(first) && !isUntrained(second);
  const simple = asksLearning ? untrainedRuns(results, task, runs, method) : [];
  if (simple.length > 0) requireSame(simple, simple[0].method);
  const bySeed = runs.map(({ metrics }, i) => metrics.test[metric] - others[i].metrics.test[metric]);
  const { low, high, ...t } = correctedT(crossed ? [found.difference] : bySeed, testToRest(completed, task));
  const [ofFirst, ofSecond] = sides.map((side) => perUser(side.flatMap(rowsOf), value));
  // The better side was picked after seeing the data, so its one-sided p is doubled.
  const pLearnt = (p: number) => (kind === 'equivalence' ? Math.min(1, 2 * p) : p);
  const gain = kind === 'equivalence' ? gainOfAll(results, task, runs, first).map(seedsOf) : [];
  return {
    ...{ question, task, place: placeOf(task, { training: sharedBy(question) ?? 1 }), metric },
    ...{ difference: found.difference, ...percentiles(found.draws) },
    ...{ effect: pairedEffect(ofFirst, ofSecond), users: ofFirst.size, seeds: runs.length },
    test: tests[kind](resampledEstimate(found)),
    pLearnt: simple.length === 0 ? 0 : pLearnt(estimate(less(better, seedsOf(simple))).pAbove(0)),
    ...{ tTest: tests[kind](t), tInterval: { low, high } },
    relative: gain.length === 0 ? null : within(estimate, difference, less(gain[0], gain[1])),
  };
}

/** Whether a difference is within a share of what FineAll gains over FineCLS, if that is shown to be a gain. */
function within(
  estimate: (sides: readonly Side[]) => ReturnType<typeof resampledEstimate>,
  difference: readonly Side[],
  gain: readonly Side[],
): Measured['relative'] {
  const { pAbove, difference: gained } = estimate(gain);
  if (pAbove(0) >= LEVEL) return null;
  const moved = (share: number) =>
    estimate([...difference, ...gain.map(({ weight, seeds }) => ({ weight: share * weight, seeds }))]);
  const test = relativeTest(moved(-RELATIVE_MARGIN), moved(RELATIVE_MARGIN));
  return { margin: RELATIVE_MARGIN * gained, test };
}

/** FineAll and FineCLS on the trunk, labels and seeds of a method, in the paper's setting or else the best; none if one did not run. */
function gainOfAll(
  results: readonly Result[],
  task: string,
  runs: readonly Result[],
  { trunk, training = 1 }: Method,
): Result[][] {
  if (trunk === 'none') return [];
  const { FineAll, FineCLS } = causal;
  const settings = [(method: FineTuning) => method, inBestSetting].map((inSetting) =>
    [FineAll, FineCLS].map((method) => runsOf(results, task, { ...inSetting(method), trunk, training })),
  );
  return settings.find((sides) => sides.every((side) => seedsIn(side) === seedsIn(runs))) ?? [];
}

const seedsIn = (runs: readonly Result[]): string => runs.map(({ seed }) => seed).join(', ');

/** The runs of both methods, in the order of their seeds. */
function sidesOf(results: readonly Result[], task: string, { first, second }: Question): Result[][] {
  const sides = [first, second].map((method) => {
    const runs = runsOf(results, task, method);
    if (runs.length > 0) return runs;
    const there = results.filter((result) => result.task === task).map(methodOf);
    const completed = [...new Set(there.map(identityOf))].join('; ') || 'nothing';
    throw new UserError(
      `${task}: ${identityOf(method)} did not run there, so nothing can be asked of it; what ran: ${completed}`,
    );
  });
  const [a, b] = sides.map(seedsIn);
  if (a === b) return sides;
  throw new UserError(
    `${task}: ${identityOf(first)} has seeds ${a} and ${identityOf(second)} ${b}; expected the same seeds of both`,
  );
}

const isUntrained = (method: Method) =>
  untrained.some((simple) => isSame(simple, { ...method, training: 1 }));

/**
 * Runs of an untrained opponent on the same seeds, from the method's own share of the labels or else all; none if it did not run.
 * Throws a UserError where it ran on some of the seeds only.
 */
function untrainedRuns(
  results: readonly Result[],
  task: string,
  runs: readonly Result[],
  { training = 1 }: Method,
): Result[] {
  const seeds = runs.map(({ seed }) => seed);
  const found = untrained
    .flatMap((simple) => [{ ...simple, training }, simple])
    .map((simple) => runsOf(results, task, simple).filter(({ seed }) => seeds.includes(seed)))
    .filter((simple) => simple.length > 0);
  const whole = found.find((simple) => seedsIn(simple) === seedsIn(runs));
  if (whole || found.length === 0) return whole ?? [];
  throw new UserError(
    `${task}: ${found[0][0].method}, which a method that has learnt must beat, has seeds ${seedsIn(found[0])}; expected ${seedsIn(runs)}`,
  );
}

/** Test instances over all others, validation among them: how far seeds overlap; alike for every seed and share of training instances. */
function testToRest({ tasks }: CompletedRun, name: string): number {
  const task = tasks.find((one) => one.name === name);
  if (!task) throw new Error(`no task ${name}`);
  return task.testToRest;
}
