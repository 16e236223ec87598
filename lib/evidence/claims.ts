/** Claims that one method is better than another, or as good, answered from the instances of the test users. */

import type { Result } from '../documents/document';
import { pairedBootstrap, percentiles } from '../metrics/bootstrap';
import { equivalenceTest, type PairedTest, pairedEffect, superiorityTest } from '../metrics/pairedTests';
import { holm, summarizeSeeds } from '../metrics/significance';
import { UserError } from '../userError';
import { headlineMetric } from './headline';
import { instanceValue, perUser, RESAMPLING, type Row, type RowsOf, rowReader } from './instances';

/** The first method is claimed to be better than the second, or as good as it; both by their name in tables. */
export type Question = {
  readonly kind: 'superiority' | 'equivalence';
  readonly first: string;
  readonly second: string;
  /** Without: every task where both ran. */
  readonly tasks?: readonly string[];
};

/** The claim that the first method is better than the second. */
export const better = (first: string, second: string): Question => ({ kind: 'superiority', first, second });

/** The claim that the first method is as good as the second. */
export const alike = (first: string, second: string): Question => ({ kind: 'equivalence', first, second });

export type Verdict = 'holds' | 'does not hold' | 'undecided';

export type Claim = Omit<Question, 'tasks'> & {
  readonly task: string;
  readonly metric: string;
  /** Mean of the metric of `first` minus that of `second`, with its 95 % interval over resampled users. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** The 95 % interval of the difference over seeds (Student's t); NaN for one seed. */
  readonly seedLow: number;
  readonly seedHigh: number;
  /** Of the verdict that the data are nearer to, after Holm's correction over all that was asked together. */
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
 * Answers every question on every task by a paired bootstrap over the test users. A question whose tasks did not run is
 * left out. Throws a UserError where one of its methods lacks on a task that it names, or where the two methods did not run
 * on the same seeds and instances.
 */
export function answerClaims(
  out: string,
  results: readonly Result[],
  questions: readonly Question[],
): Claim[] {
  const tasks = [...new Set(results.map(({ task }) => task))];
  const rowsOf = rowReader(out);
  const asked = tasks.flatMap((task) => {
    const there = results.filter((result) => result.task === task);
    return questions
      .filter((question) => isAsked(question, task, there))
      .map((question) => measured(pairOf(there, task, question), question, rowsOf));
  });
  const corrected = holm(asked.map(({ test }) => test.p));
  return asked.map(({ test, ...claim }, i) => ({
    ...claim,
    p: corrected[i],
    needed: test.needed(claim.users, LEVEL / asked.length),
    verdict: verdictOf(test, corrected[i]),
  }));
}

function isAsked({ tasks, first, second }: Question, task: string, there: readonly Result[]): boolean {
  if (tasks !== undefined) return tasks.includes(task);
  return [first, second].every((name) => there.some(({ method }) => method === name));
}

function verdictOf({ inFavour }: PairedTest, p: number): Verdict {
  if (p >= LEVEL) return 'undecided';
  return inFavour ? 'holds' : 'does not hold';
}

/** The runs of both methods, in the order of their seeds. */
type Pair = readonly [readonly Result[], readonly Result[]];

function pairOf(there: readonly Result[], task: string, { first, second }: Question): Pair {
  const runsOf = (name: string) =>
    there.filter(({ method }) => method === name).sort((a, b) => a.seed - b.seed);
  const pair: Pair = [runsOf(first), runsOf(second)];
  const [a, b] = pair.map((runs) => runs.map(({ seed }) => seed));
  if (a.length === 0 || String(a) !== String(b) || new Set(a).size < a.length) {
    const seeds = (side: readonly number[]) => (side.length === 0 ? 'none' : side.join(', '));
    throw new UserError(
      `${task}: ${first} has seeds ${seeds(a)} and ${second} ${seeds(b)}; expected one result a seed, the same for both`,
    );
  }
  return pair;
}

/** A claim before the correction, which needs to know all of them. */
type Measured = Omit<Claim, 'p' | 'needed' | 'verdict'> & { readonly test: PairedTest };

function measured(pair: Pair, { kind, first, second }: Question, rowsOf: RowsOf): Measured {
  const [{ task, metrics }] = pair[0];
  const metric = headlineMetric(task, metrics.test);
  const rows = pair.map((runs) => runs.map(rowsOf));
  requireSameInstances(rows, `${task}: ${first} and ${second}`);
  const [a, b] = rows.map((side) => perUser(side.flat(), instanceValue(metric)));
  const paired = pairedBootstrap(a, b, RESAMPLING);
  return {
    ...{ kind, first, second, task, metric, difference: paired.difference },
    ...percentiles(paired.draws),
    ...overSeeds(pair, metric),
    effect: pairedEffect(a, b),
    users: a.size,
    seeds: pair[0].length,
    test: tests[kind](paired),
  };
}

function requireSameInstances(sides: readonly (readonly (readonly Row[])[])[], where: string): void {
  const [a, b] = sides.map((runs) => runs.map((rows) => rows.map(({ row }) => row).sort()));
  if (JSON.stringify(a) !== JSON.stringify(b))
    throw new UserError(`${where} were tested on different instances; expected the same data and splits`);
}

function overSeeds([first, second]: Pair, metric: string): Pick<Claim, 'seedLow' | 'seedHigh'> {
  const differences = first.map(({ metrics }, i) => metrics.test[metric] - second[i].metrics.test[metric]);
  const { low, high } = summarizeSeeds(differences);
  return { seedLow: low, seedHigh: high };
}
