/** Claims that one method is better than another, or as good, answered from the test users' instances. */
import type { CompletedRun } from '../experiments/documents/completedRun';
import { chooseTasks } from '../experiments/methods/chosenTasks';
import { called, identityOf, isSame, type Method, placeOf } from '../experiments/methods/identity';
import { repeatsFor } from '../metrics/bootstrap';
import { LEVEL } from '../metrics/pairedTests';
import { holm } from '../metrics/significance';
import { readersOf } from './instances';
import { type Measured, measured } from './measured';
import { claimCount, type Question, sharedBy } from './questions';

/** Seeds from which on verdicts are about methods, not these models. */
export const ENOUGH_SEEDS = 5;

/** `nothing learnt`: significant, but the better side is not shown to beat an untrained opponent. */
export type Verdict = 'holds' | 'does not hold' | 'undecided' | 'nothing learnt';

export type Claim = Pick<
  Measured,
  'question' | 'task' | 'place' | 'metric' | 'difference' | 'low' | 'high' | 'effect' | 'users' | 'seeds'
> & {
  readonly verdict: Verdict;
  /** The larger p of the claim's test and of the better side against an untrained opponent, after Holm's correction. It decides. */
  readonly p: number;
  /** p after Bonferroni's correction over all claims of all questions; null where these were not told. */
  readonly pOverall: number | null;
  /** The corrected t-test over seeds and its 95 % interval; NaN for one seed, and where seeds test the same instances or differ alike. */
  readonly byT: { readonly p: number; readonly low: number; readonly high: number };
  /** Equivalence within a share of what FineAll gains over FineCLS there; null if FineAll is not shown to gain or one of the two did not run, and for other claims. */
  readonly relative: { readonly margin: number; readonly verdict: Verdict } | null;
  /**
   * Test users needed for 80 % power at the difference found and at 5 % over the number of claims, if seeds grow alike; null
   * if ten million would not do, if the p against an untrained opponent is the larger, or if an undecided claim has that many.
   */
  readonly needed: number | null;
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
  const repeats = repeatsFor(family.length, all);
  const found = family.map(({ task, question }) => measured(completed, task, question, readers, repeats));
  const verdicts = verdictsOf(found.map(({ test, pLearnt }) => ({ ...test, pLearnt })));
  const byT = holm(found.map(({ tTest }) => (Number.isNaN(tTest.p) ? 1 : tTest.p)));
  const relative = relativeVerdicts(found);
  return found.map(({ test, pLearnt, tTest, tInterval, relative: _, ...claim }, i) => {
    const needed = pLearnt > test.p ? null : test.needed(claim.users, LEVEL / found.length);
    const saysNothing = verdicts[i].verdict === 'undecided' && needed !== null && needed <= claim.users;
    return {
      ...claim,
      ...verdicts[i],
      pOverall: overall.length === 0 ? null : Math.min(1, all * Math.max(test.p, pLearnt)),
      byT: { p: Number.isNaN(tTest.p) ? Number.NaN : byT[i], ...tInterval },
      relative: relative[i],
      needed: saysNothing ? null : needed,
    };
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

type Tested = Pick<Measured['test'], 'p' | 'inFavour'> & Pick<Measured, 'pLearnt'>;

/** Verdicts on one family of claims. */
function verdictsOf(family: readonly Tested[]): Pick<Claim, 'p' | 'verdict'>[] {
  const alone = holm(family.map(({ p }) => p));
  const corrected = holm(family.map(({ p, pLearnt }) => Math.max(p, pLearnt)));
  return family.map(({ p, pLearnt, inFavour }, i) => {
    const decided = inFavour ? 'holds' : 'does not hold';
    const open = pLearnt > p && alone[i] < LEVEL ? 'nothing learnt' : 'undecided';
    return { p: corrected[i], verdict: corrected[i] < LEVEL ? decided : open };
  });
}

/** Verdicts within the margins of the claims that have one, a family of their own. */
function relativeVerdicts(found: readonly Measured[]): Claim['relative'][] {
  const tests = found.map(({ relative, pLearnt }) => (relative ? [{ ...relative.test, pLearnt }] : []));
  const verdicts = verdictsOf(tests.flat());
  return found.map(
    ({ relative }) => relative && { margin: relative.margin, verdict: (verdicts.shift() as Claim).verdict },
  );
}

/** A question on each of its tasks; of those that are wanted, each must have been run on. */
function pairsOf({ results, tasks }: CompletedRun, question: Question) {
  const { on } = question;
  const asked =
    on === undefined ? results.map(({ task }) => task) : chooseTasks(tasks, on).tasks.map(({ name }) => name);
  return [...new Set(asked)].map((task) => ({ task, question }));
}
