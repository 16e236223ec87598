/** Claims that one method is better than another, or as good, answered from the test users' instances. */
import type { CompletedRun } from '../experiments/documents/completedRun';
import { chooseTasks } from '../experiments/methods/chosenTasks';
import { called, identityOf, isSame, type Method, placeOf } from '../experiments/methods/identity';
import { equivalenceTest, LEVEL, superiorityTest } from '../metrics/pairedTests';
import { estimateOf, holm, type Interval, pooledOver, type Trainings } from '../metrics/significance';
import { metricInPool, readersOf } from './instances';
import { type Measured, measured } from './measured';
import { claimCount, type Question, sharedBy } from './questions';

/** Seeds from which on verdicts are about methods, not these models. */
export const ENOUGH_SEEDS = 3;

/** `nothing learnt`: significant, but the better side is not shown to beat an untrained opponent. */
export type Verdict = 'holds' | 'does not hold' | 'undecided' | 'nothing learnt';

export type Claim = Pick<Measured, 'question' | 'task' | 'place' | 'metric' | 'users' | 'seeds'> &
  Interval & {
    /** Of the metric of the first method minus that of the second; with its 95 % interval over users and trainings. */
    readonly difference: number;
    readonly verdict: Verdict;
    /** The larger p of the claim's test and of the better side against an untrained opponent, after Holm's correction. It decides. */
    readonly p: number;
    /** p after Bonferroni's correction over all claims of all questions; null where these were not told. */
    readonly pOverall: number | null;
    /** The same by ranks in the whole pool, in a family that is ranked so; null of what is not ranked among a sample. */
    readonly inPool: (Interval & Pick<Claim, 'difference' | 'verdict'>) | null;
  };

/**
 * Answers every question on every task that it is asked of, as one family of claims. `overall`: all that is asked of the same
 * data. Throws a UserError that names the method where one did not run, or where seeds or instances differ.
 */
export function answerClaims(
  completed: CompletedRun,
  questions: readonly Question[],
  overall: readonly Question[] = [],
): Claim[] {
  const readers = readersOf(completed.out);
  const asked = toldApart(questions);
  const pairs = asked.flatMap((question) => pairsOf(completed, question));
  const tasks = new Set([...completed.results, ...pairs].map(({ task }) => task));
  const family = [...tasks].flatMap((task) => pairs.filter((pair) => pair.task === task));
  const all = Math.max(claimCount(completed.tasks, overall), family.length);
  const decided = (inPool: boolean) =>
    decide(family.map((pair) => measured(completed, pair, readers, inPool)));
  const found = decided(false);
  const isSampled = ({ metric }: Pick<Claim, 'metric'>) => metricInPool(metric) !== metric;
  const inPool = found.some(isSampled) ? decided(true) : [];
  return found.map(({ test, pLearnt, ...claim }, i) => {
    return {
      ...claim,
      pOverall: overall.length === 0 ? null : Math.min(1, all * Math.max(test.p, pLearnt)),
      inPool: isSampled(claim) ? shownIn(inPool[i]) : null,
    };
  });
}

const shownIn = ({ difference, low, high, verdict }: NonNullable<Claim['inPool']>) => ({
  ...{ difference, low, high, verdict },
});

/** Tests and verdicts of one family. */
function decide(family: readonly Measured[]) {
  const found = testsOf(family);
  const alone = holm(found.map(({ test }) => test.p));
  const corrected = holm(found.map(({ test, pLearnt }) => Math.max(test.p, pLearnt)));
  return found.map((one, i) => {
    const { test, pLearnt } = one;
    const decided: Verdict = test.inFavour ? 'holds' : 'does not hold';
    const open: Verdict = pLearnt > test.p && alone[i] < LEVEL ? 'nothing learnt' : 'undecided';
    return { ...one, p: corrected[i], verdict: corrected[i] < LEVEL ? decided : open };
  });
}

/**
 * Labels that tell the methods apart: namesakes get all that differs. A share of the training instances that both sides learn
 * from stands beside the task, other shares behind the methods.
 */
function toldApart(questions: readonly Question[]): Question[] {
  const sides: readonly Method[] = questions.flatMap(({ first, second }) => [first, second]);
  const named = (method: Method, isShared: boolean): Method => {
    const { label, training = 1 } = method;
    const whole = { ...method, training: 1 };
    const namesakes = sides.filter((other) => other.label === label);
    const isAlone = namesakes.every((other) => isSame({ ...other, training: 1 }, whole));
    const own = isAlone ? label : identityOf({ ...whole, id: label });
    const isOfOneShare = namesakes.every((other) => (other.training ?? 1) === training);
    return called(method, isShared || isOfOneShare ? own : placeOf(own, method));
  };
  return questions.map((question) => {
    const isShared = sharedBy(question) !== undefined;
    return {
      ...question,
      first: named(question.first, isShared),
      second: named(question.second, isShared),
    };
  });
}

const tests = { superiority: superiorityTest, equivalence: equivalenceTest };

/** The tests of one family of claims, and the one-sided p that the better side beats an untrained opponent, 0 where that is not asked. */
function testsOf(family: readonly Measured[]) {
  return family.map(({ found, learnt, ...claim }) => {
    const { kind } = claim.question;
    const pooled = pooledOf(family.filter(({ metric }) => metric === claim.metric));
    const { low, high, ...estimate } = estimateOf(found, pooled);
    // Of two that are to be alike the better side was picked after seeing the data, so its one-sided p is doubled.
    const sides = kind === 'equivalence' ? 2 : 1;
    const pLearnt = learnt ? Math.min(1, sides * estimateOf(learnt, pooled).pAbove(0)) : 0;
    return { ...claim, difference: found.difference, low, high, test: tests[kind](estimate), pLearnt };
  });
}

/** The variance of trainings in the mean over claims on a metric. A difference has two trainings, and other claims share them. */
function pooledOf(claims: readonly Measured[]): Trainings {
  const trained = claims.flatMap(({ task, question: { first, second } }) =>
    [first, second].map((method) => `${task} ${identityOf(method)}`),
  );
  return pooledOver(
    claims.map(({ found }) => found),
    new Set(trained).size / 2,
  );
}

/** A question on each of its tasks; of those that are wanted, each must have been run on. */
function pairsOf({ results, tasks }: CompletedRun, question: Question) {
  const { on } = question;
  const asked =
    on === undefined ? results.map(({ task }) => task) : chooseTasks(tasks, on).tasks.map(({ name }) => name);
  return [...new Set(asked)].map((task) => ({ task, question }));
}
