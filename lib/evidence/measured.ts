/** Measures one claim by the test instances of its two methods. */
import { UserError } from '../base/userError';
import { type CompletedRun, runsOf } from '../experiments/documents/completedRun';
import { methodOf, type Result } from '../experiments/documents/document';
import { identityOf, isSame, type Method, placeOf } from '../experiments/methods/identity';
import { untrained } from '../experiments/opponents/opponents';
import { type Variation, variationOf } from '../metrics/significance';
import { metricInPool, namesOf, type Readers } from './instances';
import { type Question, sharedBy } from './questions';

export type Measured = {
  readonly question: Question;
  readonly task: string;
  /** The task, and the share of its training instances if it is the same for both methods: `LifeEst, 30 %`. */
  readonly place: string;
  readonly metric: string;
  /** Of the metric of `first` minus that of `second`. */
  readonly found: Variation;
  /** Of the better side minus an untrained opponent; undefined where that is not asked for or did not run. */
  readonly learnt: Variation | undefined;
  readonly users: number;
  readonly seeds: number;
};

/**
 * Measures one claim, with `inPool` by ranks in the whole pool. Throws a UserError that names the method where one did not run, or
 * where the two did not run on the same seeds and instances.
 */
export function measured(
  completed: CompletedRun,
  { task, question }: Pick<Measured, 'task' | 'question'>,
  { rowsOf, valuesOf }: Readers,
  inPool: boolean,
): Measured {
  const { first, second } = question;
  const { results } = completed;
  const sides = sidesOf(results, task, question);
  const [runs, others] = sides;
  const metric = inPool ? metricInPool(runs[0].metric) : runs[0].metric;
  const requireSame = (found: readonly Result[], name: string) => {
    const [a, b] = [runs, found].map((side) => JSON.stringify(side.map((run) => namesOf(rowsOf(run)))));
    if (a === b) return;
    const both = `${task}: ${identityOf(first)} and ${name}`;
    throw new UserError(`${both} were tested on different instances; expected the same data and splits`);
  };
  requireSame(others, identityOf(second));
  const seedsOf = (side: readonly Result[]) => side.map((run) => valuesOf(run, metric));
  const [a, b] = sides.map(seedsOf);
  const found = variationOf(a, b);
  const [better, method] = found.difference > 0 ? [a, first] : [b, second];
  const asksLearning = !isUntrained(first) && !isUntrained(second);
  const simple = asksLearning ? untrainedRuns(results, task, runs, method) : [];
  if (simple.length > 0) requireSame(simple, simple[0].method);
  const users = new Set(a.flatMap((seed) => [...seed.keys()])).size;
  return {
    ...{ question, task, place: placeOf(task, { training: sharedBy(question) ?? 1 }), metric },
    ...{ users, seeds: runs.length, found },
    learnt: simple.length === 0 ? undefined : variationOf(better, seedsOf(simple)),
  };
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
