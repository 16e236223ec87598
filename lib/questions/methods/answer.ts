/** What must be tuned: what is said of all trunks. */
import { mean } from 'simple-statistics';
import { tasksOf, tested } from '../../evidence/aggregate';
import type { Claim } from '../../evidence/claims';
import type { Ran } from '../../experiments/documents/ran';
import { isSame, type Method } from '../../experiments/methods/identity';
import { type Answer, type Asking, signed, stateOf } from '../../report/answer/answer';
import type { Figure } from '../../report/figure/smallMultiples';
import type { Table } from '../../report/table/table';
import { evidenceOf } from '../evidence';
import {
  type ByTrunk,
  Classifier,
  type Families,
  paperPatchOn,
  type Trunk,
  trunkless,
  trunks,
  tunedBy,
} from '../methods';
import { bySeed, halfOf, waysOn } from './orders';

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

const holding = (claims: readonly Claim[]) => claims.filter(({ verdict }) => verdict === 'holds').length;

/** `Item embedding 3; Last layer 1`: ways by their claims that hold. */
function countedByWay(claims: readonly Claim[]): string {
  const held = claims
    .filter(({ verdict }) => verdict === 'holds')
    .map(({ question }) => question.first.label);
  const counts = [...new Set(held)].map((way) => [way, held.filter((one) => one === way).length] as const);
  return counts
    .sort(([, a], [, b]) => b - a)
    .map(([way, count]) => `${way} ${count}`)
    .join('; ');
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
export function answer(bench: Asking, ran: Ran, claims: ByTrunk, found: Table): Answer {
  const own = answerTo(bench, ...groups(claims));
  if (bench.preset.name === 'quick') return own;
  const all = (family: keyof Families) => trunks.flatMap((trunk) => claims[trunk][family]);
  const shareOf = (asked: readonly Claim[]) => `${holding(asked)} of ${asked.length}`;
  const learns = all('learns');
  const margins = all('everything').filter(
    ({ relative, question }) => relative !== null && question.first.label !== Classifier.label,
  );
  const withMargin = (verdict: Claim['verdict']) =>
    margins.filter(({ relative }) => relative?.verdict === verdict).length;
  const [forms, contrary] = [all('forms'), all('forms').filter((claim) => stateOf(claim) === 'contrary')];
  const meanTau = (trunk: Trunk) => {
    const taus = found.rows.flatMap((row) => (row[halfOf(trunk)] as number | null) ?? []);
    return taus.length > 0 ? signed(mean(taus), 2) : 'none';
  };
  const held = countedByWay(learns);
  return {
    ...own,
    notes: [
      `Ways that are shown to be better than the classifier alone: ${shareOf(learns)} (one per way, trunk and task)${held && `: ${held}`}. Where tuning everything is shown to beat the classifier, ways that are shown to lie within a quarter of that gain: ${withMargin('holds')} of ${margins.length}, outside: ${withMargin('does not hold')}.`,
      `Serial patches are shown to be better than LoRA (k/8), BitFit or (IA)³ (d = 1) in ${shareOf(forms)}, worse in ${contrary.length}.`,
      `The order of ways, on the causal CNN by half of the seeds and on a trunk by the other half: mean τ ${trunks.map((trunk) => `${meanTau(trunk)} on ${trunk}`).join(', ')}.`,
      `Ways in the mean above all that needs no trunk: ${aboveTrunkless(ran)}.`,
      ...own.notes,
    ],
  };
}
