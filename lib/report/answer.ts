/** What the claims of a research question say, in words. */
import { counted } from '../counted';
import { type Claim, ENOUGH_SEEDS, type Verdict } from '../evidence/claims';
import type { Preset } from '../methods/presets';
import { EQUIVALENCE_MARGIN, LEVEL } from '../metrics/pairedTests';

/** What is asked, and in one sentence what the paper finds. */
export type Asked = {
  readonly question: string;
  readonly paper: string;
  /** Asked of what a reader declares, which the reference set does not have. */
  readonly isOwn?: true;
};

/** Where it is asked: the data, and how it was run. */
export type Asking = { readonly data: string; readonly seeds: number; readonly preset: Pick<Preset, 'name'> };

/** The answer that claims give, as Markdown: first in a word, then which hold, which do not, and what would decide the rest. */
export function answerOf(asked: Asked, bench: Asking, claims: readonly Claim[]): string {
  const { question, paper } = asked;
  const head = `**${question} ${inAWord(bench, claims)}**`;
  if (claims.length === 0) return [head, paper].join('\n\n');
  const by = (verdict: Verdict) => claims.filter((claim) => claim.verdict === verdict);
  const [holding, failing, undecided] = [by('holds'), by('does not hold'), by('undecided')];
  const unlearnt = by('nothing learnt');
  return [
    head,
    `${paper} Of ${counted(claims.length, 'claim')} asked here, holding: ${holding.length}, ` +
      `not holding: ${failing.length}, nothing learnt: ${unlearnt.length}, undecided at the 5 % level: ${undecided.length}.`,
    ...(bench.preset.name === 'quick' ? [] : amongAll(claims)),
    ...fewSeeds(bench),
    ...listed('Holds', holding, evidence),
    ...listed(
      'Does not hold',
      failing.filter((claim) => !isSurpassed(claim)),
      evidence,
    ),
    ...listed(
      `Better by more than the margin of ${EQUIVALENCE_MARGIN}`,
      failing.filter(isSurpassed),
      evidence,
    ),
    ...listed(
      'Nothing learnt: the better of the two does not beat what needs no learning',
      unlearnt,
      evidence,
    ),
    ...listed(
      'What would need more data, in brackets the test users that would decide it at most, with seeds as many times more too',
      undecided,
      sample,
    ),
    ...largerData(asked, bench, undecided),
  ].join('\n\n');
}

/** Not as good, but better: likeness that fails on the better side. */
export const isSurpassed = ({ question: { kind }, verdict, difference }: Claim): boolean =>
  kind === 'equivalence' && verdict === 'does not hold' && difference > 0;

/** How many verdicts a correction over all questions leaves. */
function amongAll(claims: readonly Claim[]): string[] {
  const decided = claims.filter(({ verdict }) => verdict === 'holds' || verdict === 'does not hold');
  if (decided.length === 0) return [];
  if (decided.some(({ pOverall }) => pOverall === null)) return [];
  const standing = decided.filter(({ pOverall }) => (pOverall as number) < LEVEL).length;
  const byT = decided.every((claim) => Number.isFinite(claim.byT.p))
    ? `; by the t-test over seeds, the stricter one with few of them, ${decided.filter((claim) => claim.byT.p < LEVEL).length}`
    : '';
  return [
    'These verdicts are nominally at 5 % over the claims of this question; ' +
      `at 5 % over those of all questions ${standing} of the ${decided.length} stand${byT}.`,
  ];
}

/** Of whom verdicts speak where seeds are few; nothing where they are not. */
export const fewSeeds = ({ seeds, preset }: Asking): string[] =>
  seeds >= ENOUGH_SEEDS || preset.name === 'quick'
    ? []
    : [
        `These verdicts are for the models of ${counted(seeds, 'seed')}: resampling so few says little of others. ` +
          `With \`--seeds ${ENOUGH_SEEDS}\` or more they are about the methods.`,
      ];

/** The embedded data set that first answers are made on, and the one that decides more. */
const SMALL = 'movielens-100k';
const LARGE = 'movielens-1m';

/** Where what the small embedded data set leaves open can be decided. */
function largerData({ isOwn }: Asked, { data, preset }: Asking, undecided: readonly Claim[]): string[] {
  if (data !== SMALL || preset.name === 'quick' || undecided.length === 0) return [];
  const where = isOwn
    ? `\`data: '${LARGE}'\` in the first cell asks it of them.`
    : `the reference set in \`figures/reference\` has its answers, and \`npm run reproduce -- --data ${LARGE}\` computes them.`;
  return [
    `The 943 users of ${SMALL} cannot decide ${counted(undecided.length, 'claim')}. ${LARGE} has six times as many: ${where}`,
  ];
}

function inAWord({ data, seeds, preset }: Asking, claims: readonly Claim[]): string {
  const where = `on ${data} with ${counted(seeds, 'seed')}`;
  if (preset.name === 'quick') {
    return `Nothing is shown ${where}: the tiny budgets of \`quick\` show that everything runs, not what is true.`;
  }
  if (claims.length === 0) return `Not asked ${where}.`;
  const verdicts = claims.map(({ verdict }) => verdict);
  if (verdicts.every((verdict) => verdict === 'holds')) return `Yes, ${where}.`;
  if (claims.every((claim) => claim.verdict === 'holds' || isSurpassed(claim)))
    return `Yes, or better, ${where}.`;
  if (claims.every((claim) => claim.verdict === 'does not hold' && !isSurpassed(claim)))
    return `No, ${where}.`;
  return `${verdicts.includes('holds') ? 'In part' : 'Not shown'}, ${where}.`;
}

/** `+0.012`, `−9.6` */
export const signed = (value: number, digits = 3) =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
const evidence = ({ difference }: Claim) => signed(difference);
const sample = ({ difference, needed }: Claim) =>
  `${signed(difference)}; ${needed === null ? 'no number' : needed.toLocaleString('en')}`;

const RELATIONS = { superiority: 'better than', equivalence: 'as good as' };

/** `FineAll better than FineZero` */
const pairOf = ({ question: { kind, first, second } }: Claim) =>
  `${first.label} ${RELATIONS[kind]} ${second.label}`;

/** The claims by the pair of methods that they are about, in the order in which the pairs first occur. */
export function byPair(claims: readonly Claim[]): (readonly [pair: string, about: readonly Claim[]])[] {
  const pairs = [...new Set(claims.map(pairOf))];
  return pairs.map((pair) => [pair, claims.filter((claim) => pairOf(claim) === pair)]);
}

/** One point of a list: each pair with the tasks on which the verdict is the same. Nothing without claims. */
function listed(title: string, claims: readonly Claim[], about: (claim: Claim) => string): string[] {
  if (claims.length === 0) return [];
  const pairs = byPair(claims).map(
    ([pair, tasks]) => `${pair} on ${tasks.map((claim) => `${claim.place} (${about(claim)})`).join(', ')}`,
  );
  return [`- ${title}: ${pairs.join('; ')}.`];
}
