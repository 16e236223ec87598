/** The answer to what must be tuned, for all trunks. */

import type { Claim } from '../../evidence/claims';
import { isSame } from '../../experiments/methods/identity';
import { isTrial } from '../../experiments/methods/presets';
import { type Answer, type Asking, stateOf } from '../../report/answer/answer';
import type { Figure } from '../../report/figure/smallMultiples';
import { evidenceOf } from '../evidence';
import {
  type ByTrunk,
  Everything,
  type Families,
  paperPatch,
  paperPatchOn,
  type Trunk,
  trunks,
} from '../methods';
import { learnt } from './paying';

/** Claims about the paper's patch on a trunk. */
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
const list = new Intl.ListFormat('en');

/** `Item embedding pays most: shown on 9 of 20 pairs of task and trunk.` */
function mostOf(ways: ReturnType<typeof learnt>): string {
  const most = holding(ways[0]?.[1] ?? []);
  if (most === 0) return 'No way is shown to be better than the classifier alone.';
  const best = ways.filter(([, own]) => holding(own) === most);
  const pairs = Math.max(...best.map(([, own]) => own.length));
  const names = list.format(best.map(([label]) => label));
  return `${names} ${best.length === 1 ? 'pays' : 'pay'} most: shown on ${most} of ${pairs} pairs of task and trunk.`;
}

/** Three sentences: which way pays most, how the paper's patch stands beside it, and how much is open. */
export function answer(bench: Asking, claims: ByTrunk): Answer {
  const own = answerTo(bench, ...groups(claims));
  if (isTrial(bench.preset)) return own;
  const ways = learnt(claims);
  const of = (label: string) => holding(ways.find(([way]) => way === label)?.[1] ?? []);
  const forms = trunks.flatMap((trunk) => claims[trunk].forms);
  const worse = forms.filter((claim) => stateOf(claim) === 'contrary').length;
  const all = trunks.flatMap((trunk) => claims[trunk].learns);
  const open = all.filter((claim) => stateOf(claim) === 'undecided').length;
  return {
    ...own,
    notes: [
      mostOf(ways),
      `Everything: ${of(Everything.label)}; the paper’s patches: ${of(paperPatch.label)}, better than LoRA, BitFit or (IA)³ in ${holding(forms)} of ${forms.length} claims, worse in ${worse}.`,
      `${open} of ${all.length} differences to the classifier are too small for these users and ${bench.seeds} seeds.`,
    ],
  };
}
