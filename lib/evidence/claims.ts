/** Claims that one method is better than another, or as good, answered from the instances of the test users. */
import type { Ran } from '../documents/ran';
import { chooseTasks } from '../methods/chosenTasks';
import { called, identityOf, isSame, type Method, placeOf } from '../methods/identity';
import { repeatsFor } from '../metrics/bootstrap';
import { LEVEL } from '../metrics/pairedTests';
import { holm } from '../metrics/significance';
import { rowReader } from './instances';
import { type Measured, measured } from './measured';
import { claimCount, isSameQuestion, type Question, sharedBy } from './questions';

/** Seeds from which on verdicts are taken to speak of methods. */
export const ENOUGH_SEEDS = 5;

/**
 * `nothing learnt`: decided, if it were not that the better side is not shown to beat what needs no learning. Then methods
 * differ, or agree, in how little they do.
 */
export type Verdict = 'holds' | 'does not hold' | 'undecided' | 'nothing learnt';

export type Claim = Pick<
  Measured,
  'question' | 'task' | 'place' | 'metric' | 'difference' | 'low' | 'high' | 'effect' | 'users' | 'seeds'
> & {
  /**
   * Of the verdict that the data are nearer to, or of the better side against what needs no learning where that is larger;
   * after Holm's correction over all that was asked together. It decides.
   */
  readonly p: number;
  /** The same after Bonferroni's correction over all claims of all questions; it stands beside. Null where these were not told. */
  readonly pOverall: number | null;
  /** Beside it too: the t-test over seeds, corrected for overlapping splits, and its 95 % interval; NaN for one seed, and
   * where all seeds test the same instances. */
  readonly byT: { readonly p: number; readonly low: number; readonly high: number };
  /** Likeness within a share of what FineAll gains over FineCLS there, where that is a gain; null otherwise and for other claims. */
  readonly relative: { readonly margin: number; readonly verdict: Verdict } | null;
  /**
   * Test users that would decide it with a power of 80 %, at 5 % over the number of claims asked together, if the difference
   * is the one found and seeds are as many times more; null where ten million would not, where what needs no learning is in doubt and not
   * the difference, and for an undecided claim where so few were tested that their signs alone leave it open.
   */
  readonly needed: number | null;
  readonly verdict: Verdict;
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
  return found.map(({ test, pLearnt, tTest, tInterval, relative: _, ...claim }, i) => ({
    ...claim,
    ...verdicts[i],
    pOverall: overall.length === 0 ? null : Math.min(1, all * Math.max(test.p, pLearnt)),
    byT: { p: Number.isNaN(tTest.p) ? Number.NaN : byT[i], ...tInterval },
    relative: relative[i],
    needed:
      pLearnt > test.p
        ? null
        : moreThan(claim.users, test.needed(claim.users, LEVEL / found.length), verdicts[i]),
  }));
}

/** Users that would decide a claim; null where they are no more than could not. */
const moreThan = (
  users: number,
  needed: number | null,
  { verdict }: Pick<Claim, 'verdict'>,
): number | null => (needed !== null && needed <= users && verdict === 'undecided' ? null : needed);

/**
 * Methods that are called alike, called by what tells them apart. The share of the training instances that both learn from stands
 * beside the task, shares that differ behind the methods.
 */
function toldApart(questions: readonly Question[]): Question[] {
  const wholly = <M extends Method>(method: M): M => ({ ...method, training: 1 });
  const all = questions.flatMap(({ first, second }) => [wholly(first), wholly(second)]);
  const told = <M extends Method>(method: M): M => {
    const own = wholly(method);
    const isAlone = all.every((other) => other.label !== own.label || isSame(other, own));
    return isAlone ? method : called(method, identityOf({ ...own, id: own.label }));
  };
  const isOfOneShare = ({ label, training = 1 }: Method) =>
    questions
      .flatMap(({ first, second }) => [first, second])
      .every((other) => other.label !== label || (other.training ?? 1) === training);
  return questions.map((question) => {
    const isShared = sharedBy(question) !== undefined;
    const [first, second] = [question.first, question.second].map((side) =>
      isShared || isOfOneShare(side) ? told(side) : called(side, placeOf(told(side).label, side)),
    );
    return { ...question, first, second };
  });
}

/** What is tested, and that the better side has learnt. */
type Tested = { readonly p: number; readonly inFavour: boolean; readonly pLearnt: number };

/** Verdicts on one family of claims. */
function verdictsOf(family: readonly Tested[]): { readonly p: number; readonly verdict: Verdict }[] {
  const alone = holm(family.map(({ p }) => p));
  const corrected = holm(family.map(({ p, pLearnt }) => Math.max(p, pLearnt)));
  return family.map((test, i) => {
    const lacking = test.pLearnt > test.p && alone[i] < LEVEL;
    return { p: corrected[i], verdict: verdictOf(test, corrected[i], lacking) };
  });
}

/** Those within a margin of their own are a family of their own; null for claims without one. */
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
  const there = new Set(results.map(({ task }) => task));
  if (on === undefined) return [...there];
  return chooseTasks(tasks, on).tasks.map(({ name }) => name);
}

/** `lacking`: it would be decided, if learning were not asked for. */
function verdictOf({ inFavour }: { readonly inFavour: boolean }, p: number, lacking: boolean): Verdict {
  if (p < LEVEL) return inFavour ? 'holds' : 'does not hold';
  return lacking ? 'nothing learnt' : 'undecided';
}
