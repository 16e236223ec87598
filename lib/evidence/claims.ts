/** Claims that one method is better than another, or as good, answered from the instances of the test users. */
import type { Ran } from '../experiments/documents/ran';
import { chooseTasks } from '../experiments/methods/chosenTasks';
import { called, identityOf, isSame, type Method, placeOf } from '../experiments/methods/identity';
import { repeatsFor } from '../metrics/bootstrap';
import { LEVEL } from '../metrics/pairedTests';
import { holm } from '../metrics/significance';
import { rowReader } from './instances';
import { type Measured, measured } from './measured';
import { claimCount, isSameQuestion, type Question, sharedBy } from './questions';

/** Seeds from which on verdicts are about methods, not the models at hand. */
export const ENOUGH_SEEDS = 5;

/** `nothing learnt`: significant, but the better side is not shown to beat what needs no learning. */
export type Verdict = 'holds' | 'does not hold' | 'undecided' | 'nothing learnt';

export type Claim = Pick<
  Measured,
  'question' | 'task' | 'place' | 'metric' | 'difference' | 'low' | 'high' | 'effect' | 'users' | 'seeds'
> & {
  readonly verdict: Verdict;
  /** The larger p of the claim's test and of the better side against what needs no learning, after Holm's correction. It decides. */
  readonly p: number;
  /** The same after Bonferroni's correction over all claims of all questions; null where these were not told. */
  readonly pOverall: number | null;
  /** The corrected t-test over seeds and its 95 % interval; NaN for one seed, and where all seeds test the same instances. */
  readonly byT: { readonly p: number; readonly low: number; readonly high: number };
  /** Equivalence within a share of what FineAll gains over FineCLS there; null where that is no gain, and for other claims. */
  readonly relative: { readonly margin: number; readonly verdict: Verdict } | null;
  /**
   * Test users needed for 80 % power at the difference found and at 5 % over the number of claims, if seeds grow alike; null
   * where ten million are too few, where learning is in doubt, and where an undecided claim needs no more than it has.
   */
  readonly needed: number | null;
};

/**
 * Answers every question on every task that it is asked of, from the test instances of all seeds: these are one family of claims.
 * `overall` is what is asked of the same data in all notebooks. Throws a UserError that names the method where one did not run there,
 * or where the two did not run on the same seeds and instances.
 */
export function answerClaims(
  ran: Ran,
  questions: readonly Question[],
  overall: readonly Question[] = [],
): Claim[] {
  const rowsOf = rowReader(ran.out);
  const asked = toldApart(questions);
  const tasks = [...ran.results.map(({ task }) => task), ...asked.flatMap(({ on }) => tasksAsked(ran, on))];
  const family = [...new Set(tasks)].flatMap((task) =>
    asked.filter(({ on }) => tasksAsked(ran, on).includes(task)).map((question) => ({ task, question })),
  );
  const all = Math.max(claimCount(ran.tasks, overall), family.length);
  const found = family.map(({ task, question }) => measured(ran, task, question, rowsOf, repeatsFor(all)));
  const verdicts = verdictsOf(found.map(({ test, pLearnt }) => ({ ...test, pLearnt })));
  const byT = holm(found.map(({ tTest }) => (Number.isNaN(tTest.p) ? 1 : tTest.p)));
  const relative = relativeVerdicts(found);
  return found.map(({ test, pLearnt, tTest, tInterval, relative: _, ...claim }, i) => {
    const { users } = claim;
    const needed = pLearnt > test.p ? null : test.needed(users, LEVEL / found.length);
    const saysNothing = needed !== null && needed <= users && verdicts[i].verdict === 'undecided';
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
 * Labels that tell the methods apart: namesakes get all that differs. A share of the training instances stands beside the task
 * where both sides learn from it, else behind the methods.
 */
function toldApart(questions: readonly Question[]): Question[] {
  const sides: readonly Method[] = questions.flatMap(({ first, second }) => [first, second]);
  const shareOf = ({ training = 1 }: Method) => training;
  const wholly = (method: Method): Method => ({ ...method, training: 1 });
  const namesakes = ({ label }: Method) => sides.filter((other) => other.label === label);
  const labelOf = (method: Method, isShared: boolean) => {
    const own = wholly(method);
    const isAlone = namesakes(method).every((other) => isSame(wholly(other), own));
    const label = isAlone ? method.label : identityOf({ ...own, id: own.label });
    const isOfOneShare = namesakes(method).every((other) => shareOf(other) === shareOf(method));
    return isShared || isOfOneShare ? label : placeOf(label, method);
  };
  return questions.map((question) => {
    const isShared = sharedBy(question) !== undefined;
    const [first, second] = [question.first, question.second].map((side) =>
      called(side, labelOf(side, isShared)),
    );
    return { ...question, first, second };
  });
}

/** What is tested, and that the better side has learnt. */
type Tested = { readonly p: number; readonly inFavour: boolean; readonly pLearnt: number };

/** Verdicts on one family of claims. */
function verdictsOf(family: readonly Tested[]): Pick<Claim, 'p' | 'verdict'>[] {
  const alone = holm(family.map(({ p }) => p));
  const corrected = holm(family.map(({ p, pLearnt }) => Math.max(p, pLearnt)));
  return family.map(({ p, pLearnt, inFavour }, i): Pick<Claim, 'p' | 'verdict'> => {
    if (corrected[i] < LEVEL) return { p: corrected[i], verdict: inFavour ? 'holds' : 'does not hold' };
    const lacksLearning = pLearnt > p && alone[i] < LEVEL;
    return { p: corrected[i], verdict: lacksLearning ? 'nothing learnt' : 'undecided' };
  });
}

/** A family of their own; null for claims without a margin of their own. */
function relativeVerdicts(found: readonly Measured[]): Claim['relative'][] {
  const verdicts = verdictsOf(
    found.flatMap(({ relative, pLearnt }) => (relative ? [{ ...relative.test, pLearnt }] : [])),
  );
  return found.map(({ relative }) => {
    const verdict = relative && verdicts.shift()?.verdict;
    return relative && verdict ? { margin: relative.margin, verdict } : null;
  });
}

/** The claims that answer these questions. */
export const answersTo = (questions: readonly Question[], claims: readonly Claim[]): Claim[] =>
  claims.filter(({ question }) => questions.some((one) => isSameQuestion(one, question)));

/** The tasks of a question; of those that are wanted, each must have been run on. */
function tasksAsked({ results, tasks }: Ran, on: Question['on']): string[] {
  if (on === undefined) return [...new Set(results.map(({ task }) => task))];
  return chooseTasks(tasks, on).tasks.map(({ name }) => name);
}
