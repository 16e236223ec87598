/** What must be tuned: what is said of all trunks. */
import { mean } from 'simple-statistics';
import { tasksOf, tested } from '../../evidence/aggregate';
import type { Claim } from '../../evidence/claims';
import type { Ran } from '../../experiments/documents/ran';
import { isSame, type Method } from '../../experiments/methods/identity';
import { LEVEL } from '../../metrics/pairedTests';
import { type Answer, type Asking, stateOf } from '../../report/answer/answer';
import type { Figure } from '../../report/figure/smallMultiples';
import type { Table } from '../../report/table/table';
import { evidenceOf } from '../evidence';
import {
  type ByTrunk,
  Classifier,
  Everything,
  type Families,
  paperPatchOn,
  type Trunk,
  trunkless,
  trunks,
  tunedBy,
} from '../methods';
import { bySeed, tausIn, waysOn } from './orders';

/** Of a trunk what is asked of the paper's patch. */
const ofPatch = (trunk: Trunk, { learns, everything, forms }: Families): Claim[] => {
  const patch = paperPatchOn(trunk);
  return [...[...learns, ...everything].filter(({ question }) => isSame(question.first, patch)), ...forms];
};

const published = evidenceOf(
  'methods',
  'What must be tuned: the paper’s patch against other ways.',
  Object.fromEntries(trunks.map((trunk) => [`methods-${trunk}`, trunk])),
);
const groups = (claims: ByTrunk) => trunks.map((trunk) => ofPatch(trunk, claims[trunk]));
export const forestOf = (claims: ByTrunk): Figure => published.forestOf(...groups(claims));
const answerTo = published.answerTo({ question: 'What must be tuned?', isOwn: true });

const holds = ({ verdict }: Claim) => verdict === 'holds';

/** `3 (Item embedding 2; Last layer 1)`: claims by the ways that they are about. */
function countedByWay(claims: readonly Claim[]): string {
  const labels = claims.map(({ question }) => question.first.label);
  const counts = [...new Set(labels)].map(
    (way) => [way, labels.filter((one) => one === way).length] as const,
  );
  const ordered = counts.sort(([, a], [, b]) => b - a).map(([way, count]) => `${way} ${count}`);
  return labels.length === 0 ? '0' : `${labels.length} (${ordered.join('; ')})`;
}

/** Claims to be as good as everything where everything is shown to be better than the classifier alone; without the classifier's own. */
function withGain(trunk: Trunk, { learns, everything }: Families): Claim[] {
  const gained = learns.filter(
    (claim) => isSame(claim.question.first, tunedBy(Everything, trunk)) && holds(claim),
  );
  return everything.filter(
    ({ task, relative, question }) =>
      relative !== null &&
      question.first.label !== Classifier.label &&
      gained.some((gain) => gain.task === task),
  );
}

/** `ColdRec-1 77 of 79`: on each task, of the ways on all trunks, those whose mean is above that of all that needs no trunk. */
function aboveTrunkless(ran: Ran): string {
  const reached = (task: string, methods: readonly Method[]) =>
    methods.flatMap((method) => {
      const own = bySeed(ran, task, method);
      return own.length > 0 ? [mean(own)] : [];
    });
  const tuned = trunks.flatMap((trunk) => waysOn(trunk).map((way) => tunedBy(way, trunk)));
  return tasksOf(tested(ran.results))
    .map((task) => {
      const best = Math.max(...reached(task, trunkless));
      const own = reached(task, tuned);
      return `${task} ${own.filter((value) => value > best).length} of ${own.length}`;
    })
    .join(', ');
}

/** A sentence on each question: whether more than the classifier must be tuned, whether patches are the way, and whether it is the same on every trunk. */
export function answer(bench: Asking, ran: Ran, claims: ByTrunk, halves: Table): Answer {
  const own = answerTo(bench, ...groups(claims));
  if (bench.preset.name === 'quick') return own;
  const all = (family: keyof Families) => trunks.flatMap((trunk) => claims[trunk][family]);
  const [learns, forms] = [all('learns'), all('forms')];
  const margins = trunks.flatMap((trunk) => withGain(trunk, claims[trunk]));
  const withMargin = (verdict: Claim['verdict']) =>
    countedByWay(margins.filter(({ relative }) => relative?.verdict === verdict));
  const everyClaim = Object.values(claims).flatMap((families) => Object.values(families).flat());
  const taus = tausIn(halves);
  return {
    ...own,
    notes: [
      `Claims that a way is better than the classifier alone: ${countedByWay(learns.filter(holds))} of ${learns.length} hold; corrected over all ${everyClaim.length} claims of this notebook, ${countedByWay(learns.filter((claim) => holds(claim) && (claim.pOverall ?? 1) < LEVEL))}.`,
      `Ways beside everything where it is shown to beat the classifier alone, ${margins.length} claims: ${withMargin('holds')} are shown to lie within a quarter of that gain, ${withMargin('does not hold')} outside.`,
      `Serial patches are shown to be better than LoRA (k/8), BitFit or (IA)³ (d = 1) in ${forms.filter(holds).length} of ${forms.length}, worse in ${forms.filter((claim) => stateOf(claim) === 'contrary').length}.`,
      `The order of ways by one half of the seeds and by the other, mean τ of a trunk with itself: ${taus.itself}; of the causal CNN with another trunk: ${taus.first}.`,
      `Ways in the mean above all that needs no trunk: ${aboveTrunkless(ran)}.`,
      ...own.notes,
    ],
  };
}
