/** What the claims of a research question say, in words. */
import type { Claim, Verdict } from '../evidence/claims';
import type { PretrainingGain } from '../evidence/pretrainingGains';
import type { Workbench } from '../runs/workbench';

/** What is asked, and in one sentence what the paper finds. */
export type Asked = { readonly question: string; readonly paper: string };

type Bench = Pick<Workbench, 'data' | 'seeds' | 'preset'>;

/** The answer that claims give, as Markdown: first in a word, then which hold, which do not, and what would decide the rest. */
export function answerOf({ question, paper }: Asked, bench: Bench, claims: readonly Claim[]): string {
  const by = (verdict: Verdict) => claims.filter((claim) => claim.verdict === verdict);
  const [holding, failing, undecided] = [by('holds'), by('does not hold'), by('undecided')];
  return [
    `**${question} ${inAWord(bench, claims.length, holding.length, failing.length)}**`,
    `${paper} Of ${counted(claims.length, 'claim')} asked here, holding: ${holding.length}, ` +
      `not holding: ${failing.length}, undecided at the 5 % level: ${undecided.length}.`,
    ...listed('Holds', holding, evidence),
    ...listed('Does not hold', failing, evidence),
    ...listed('Undecided; in brackets the test users that would decide it', undecided, sample),
  ].join('\n\n');
}

function inAWord({ data, seeds, preset }: Bench, all: number, holding: number, failing: number): string {
  const where = `on ${data} with ${counted(seeds, 'seed')}`;
  if (preset.name === 'quick') {
    return `Nothing is shown ${where}: the tiny budgets of \`quick\` show that everything runs, not what is true.`;
  }
  if (all === 0) return `Not asked ${where}.`;
  if (holding === all) return `Yes, ${where}.`;
  if (failing === all) return `No, ${where}.`;
  return `${holding > 0 ? 'In part' : 'Not shown'}, ${where}.`;
}

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;

export const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const evidence = ({ difference }: Claim) => signed(difference);
const sample = ({ difference, needed }: Claim) =>
  `${signed(difference)}; ${needed === null ? 'no number' : needed.toLocaleString('en')}`;

const RELATIONS = { superiority: 'better than', equivalence: 'as good as' };

/** `FineAll better than FineZero` */
const pairOf = ({ kind, first, second }: Claim) => `${first} ${RELATIONS[kind]} ${second}`;

/** The claims by the pair of methods that they are about, in the order in which the pairs first occur. */
export function byPair(claims: readonly Claim[]): (readonly [pair: string, about: readonly Claim[]])[] {
  const pairs = [...new Set(claims.map(pairOf))];
  return pairs.map((pair) => [pair, claims.filter((claim) => pairOf(claim) === pair)]);
}

/** One point of a list: each pair with the tasks on which the verdict is the same. Nothing without claims. */
function listed(title: string, claims: readonly Claim[], about: (claim: Claim) => string): string[] {
  if (claims.length === 0) return [];
  const pairs = byPair(claims).map(
    ([pair, tasks]) => `${pair} on ${tasks.map((claim) => `${claim.task} (${about(claim)})`).join(', ')}`,
  );
  return [`- ${title}: ${pairs.join('; ')}.`];
}

const RQ1: Asked = {
  question: 'Does pre-training help?',
  paper: 'The paper claims that it helps on every task.',
};

/** The answer to "does pre-training help?", and how much the trunks have learnt. */
export function rq1Answer(bench: Bench, claims: readonly Claim[], gains: readonly PretrainingGain[]): string {
  return [answerOf(RQ1, bench, claims), ...gains.flatMap(gainLine)].join('\n\n');
}

/** Nothing where popularity ranks nothing among the first five, which leaves no ratio. */
function gainLine({ source, direction, ratio, low, high }: PretrainingGain): string[] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [];
  return [
    `- The ${direction} trunk of ${source} ranks the next item ${ratio.toFixed(1)} times as well as popularity ` +
      `(95 % interval ${low.toFixed(1)} to ${high.toFixed(1)}).`,
  ];
}
