/** Claims that one method is better than another, or as good, answered from the instances of the test users. */
import { isDeepStrictEqual } from 'node:util';
import { methodOf, type Result } from '../documents/document';
import { type Ran, runsOf } from '../documents/ran';
import { chooseTasks } from '../methods/chosenTasks';
import { identityOf, isSame, type Method, placeOf } from '../methods/identity';
import { untrained } from '../methods/opponents';
import { pairedBootstrap, percentiles } from '../metrics/bootstrap';
import {
  equivalenceTest,
  type PairedTest,
  pairedEffect,
  pGreater,
  superiorityTest,
} from '../metrics/pairedTests';
import { holm, summarizeSeeds } from '../metrics/significance';
import { UserError } from '../userError';
import { instanceValue, perUser, RESAMPLING, type Row, type RowsOf, rowReader } from './instances';
import type { Question } from './questions';

/**
 * `nothing learnt`: decided, if it were not that the better side is not shown to beat what needs no learning. Then methods
 * differ, or agree, in how little they do.
 */
export type Verdict = 'holds' | 'does not hold' | 'undecided' | 'nothing learnt';

export type Claim = {
  readonly question: Question;
  readonly task: string;
  /** The task, and the share of its training instances where both methods learn from the same: `LifeEst, 30 %`. */
  readonly place: string;
  readonly metric: string;
  /** Mean of the metric of `first` minus that of `second`, with its 95 % interval over resampled users. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** The 95 % interval of the difference over seeds (Student's t); NaN for one seed. */
  readonly seedLow: number;
  readonly seedHigh: number;
  /**
   * Of the verdict that the data are nearer to, or of the better side against what needs no learning where that is larger;
   * after Holm's correction over all that was asked together.
   */
  readonly p: number;
  /** Cohen's d of the users' paired differences. */
  readonly effect: number;
  readonly users: number;
  readonly seeds: number;
  /**
   * Test users that would decide it with a power of 80 %, at 5 % over the number of claims asked together, if the difference
   * is the one found and there are as many seeds; null where no number does.
   */
  readonly needed: number | null;
  readonly verdict: Verdict;
};

const LEVEL = 0.05;

const tests = { superiority: superiorityTest, equivalence: equivalenceTest };

/**
 * Answers every question on every task that it is asked of, by a paired bootstrap over the test users. Throws a UserError
 * that names the method where one did not run there, or where the two did not run on the same seeds and instances.
 */
export function answerClaims(ran: Ran, questions: readonly Question[]): Claim[] {
  const rowsOf = rowReader(ran.out);
  const measuredOn = (task: string) =>
    questions
      .filter(({ on }) => tasksAsked(ran, on).includes(task))
      .map((question) => measured(ran.results, task, question, rowsOf));
  const tasks = [
    ...ran.results.map(({ task }) => task),
    ...questions.flatMap(({ on }) => tasksAsked(ran, on)),
  ];
  const asked = [...new Set(tasks)].flatMap(measuredOn);
  const alone = holm(asked.map(({ test }) => test.p));
  const corrected = holm(asked.map(({ test, pLearnt }) => Math.max(test.p, pLearnt)));
  return asked.map(({ test, pLearnt, ...claim }, i) => ({
    ...claim,
    p: corrected[i],
    needed: test.needed(claim.users, LEVEL / asked.length),
    verdict: verdictOf(test, corrected[i], pLearnt > test.p && alone[i] < LEVEL),
  }));
}

/** The claims that answer these questions. */
export const answersTo = (questions: readonly Question[], claims: readonly Claim[]): Claim[] =>
  claims.filter(({ question }) => questions.some((one) => isAlike(one, question)));

const isAlike = (a: Question, b: Question): boolean =>
  a.kind === b.kind &&
  isDeepStrictEqual(a.on, b.on) &&
  isSame(a.first, b.first) &&
  isSame(a.second, b.second);

/** The tasks of a question; of those that are wanted, each must have been run on. */
function tasksAsked({ results, tasks }: Ran, on: Question['on']): string[] {
  const there = new Set(results.map(({ task }) => task));
  if (on === undefined) return [...there];
  return chooseTasks(tasks, on).tasks.map(({ name }) => name);
}

/** `lacking`: it would be decided, if learning were not asked for. */
function verdictOf({ inFavour }: PairedTest, p: number, lacking: boolean): Verdict {
  if (p < LEVEL) return inFavour ? 'holds' : 'does not hold';
  return lacking ? 'nothing learnt' : 'undecided';
}

/** The runs of both methods, in the order of their seeds. */
type Sides = readonly [readonly Result[], readonly Result[]];

function sidesOf(results: readonly Result[], task: string, { first, second }: Question): Sides {
  const sides: Sides = [requiredRuns(results, task, first), requiredRuns(results, task, second)];
  const [a, b] = sides.map((runs) => runs.map(({ seed }) => seed).join(', '));
  if (a !== b) {
    throw new UserError(
      `${task}: ${identityOf(first)} has seeds ${a} and ${identityOf(second)} ${b}; expected the same seeds of both`,
    );
  }
  return sides;
}

function requiredRuns(results: readonly Result[], task: string, method: Method): Result[] {
  const runs = runsOf(results, task, method);
  if (runs.length > 0) return runs;
  const there = results.filter((result) => result.task === task).map(methodOf);
  const ran = [...new Set(there.map(identityOf))].join('; ') || 'nothing';
  throw new UserError(
    `${task}: ${identityOf(method)} did not run there, so nothing can be asked of it; what ran: ${ran}`,
  );
}

/** A claim before the correction, which needs to know all of them; `pLearnt` is 0 where learning is not asked for. */
type Measured = Omit<Claim, 'p' | 'needed' | 'verdict'> & {
  readonly test: PairedTest;
  readonly pLearnt: number;
};

function measured(results: readonly Result[], task: string, question: Question, rowsOf: RowsOf): Measured {
  const { kind, first, second } = question;
  const sides = sidesOf(results, task, question);
  const [{ metric }] = sides[0];
  const rows = sides.map((runs) => runs.map(rowsOf));
  requireSameInstances(rows, `${task}: ${identityOf(first)} and ${identityOf(second)}`);
  const [a, b] = rows.map((side) => perUser(side.flat(), instanceValue(metric)));
  const paired = pairedBootstrap(a, b, RESAMPLING);
  const [better, method] = paired.difference > 0 ? [a, first] : [b, second];
  const simple =
    isUntrained(first) || isUntrained(second) ? [] : untrainedRuns(results, task, sides[0], method);
  return {
    ...{ question, task, place: placeOf(task, sameShare(question)), metric, difference: paired.difference },
    ...percentiles(paired.draws),
    ...overSeeds(sides, metric),
    effect: pairedEffect(a, b),
    users: a.size,
    seeds: sides[0].length,
    test: tests[kind](paired),
    pLearnt:
      simple.length === 0
        ? 0
        : pGreater(
            pairedBootstrap(better, perUser(simple.flatMap(rowsOf), instanceValue(metric)), RESAMPLING),
          ),
  };
}

const isUntrained = (method: Method) =>
  untrained.some((simple) => isSame(simple, { ...method, training: 1 }));

/** What needs no learning, on the same seeds, from the method's own share of the labels or else from all; none if it did not run. */
function untrainedRuns(
  results: readonly Result[],
  task: string,
  runs: readonly Result[],
  { training = 1 }: Method,
): Result[] {
  const seeds = runs.map(({ seed }) => seed).join();
  const candidates = untrained.flatMap((simple) => [{ ...simple, training }, simple]);
  const found = candidates.map((simple) => runsOf(results, task, simple));
  return found.find((simple) => simple.length > 0 && simple.map(({ seed }) => seed).join() === seeds) ?? [];
}

const sameShare = ({ first, second }: Question) => (first.training === second.training ? first : {});

function requireSameInstances(sides: readonly (readonly (readonly Row[])[])[], where: string): void {
  const [a, b] = sides.map((runs) => runs.map((rows) => rows.map(({ row }) => row).sort()));
  if (JSON.stringify(a) !== JSON.stringify(b))
    throw new UserError(`${where} were tested on different instances; expected the same data and splits`);
}

function overSeeds([first, second]: Sides, metric: string): Pick<Claim, 'seedLow' | 'seedHigh'> {
  const differences = first.map(({ metrics }, i) => metrics.test[metric] - second[i].metrics.test[metric]);
  const { low, high } = summarizeSeeds(differences);
  return { seedLow: low, seedHigh: high };
}
