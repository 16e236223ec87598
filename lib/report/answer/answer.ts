/** The answer to a research question from its claims: a row a pair of methods, a cell a task, and one sentence. */
import { counted } from '../../base/counted';
import { grouped } from '../../base/grouped';
import { type Claim, ENOUGH_SEEDS } from '../../evidence/claims';
import { sharedBy } from '../../evidence/questions';
import { IN_BEST_SETTING } from '../../experiments/methods/best';
import { percentOf } from '../../experiments/methods/identity';
import { isTrial, type Preset } from '../../experiments/methods/presets';
import { LEVEL } from '../../metrics/pairedTests';

/** A question; `isOwn`: not one of the paper's: what its first group asks counts although the paper does not claim it. */
export type Asked = { readonly question: string; readonly isOwn?: true };

export type Asking = { readonly data: string; readonly seeds: number; readonly preset: Pick<Preset, 'name'> };

/** Claims that stand together, those of the paper first; titles behind the first have two words at most, which sentences name. */
export type Group = { readonly title: string; readonly claims: readonly Claim[] };

/** The title of the group of best known training. */
export const BEST_SETTING = 'Best setting';

/** States of a claim; the sign tells states apart without colours. */
export const STATES = {
  holds: { sign: '▲', means: 'the first is better' },
  alike: { sign: '≈', means: 'as good, within ±.01' },
  contrary: { sign: '▼', means: 'the second is better' },
  undecided: { sign: '·', means: 'undecided' },
  unlearnt: {
    sign: '∅',
    means: 'the better one is not shown to beat popularity or LabelCS',
  },
} as const;

export type State = keyof typeof STATES;

/** Equivalence that fails on the better side is shown as better. */
export function stateOf({
  question: { kind },
  verdict,
  difference,
}: Pick<Claim, 'question' | 'verdict' | 'difference'>): State {
  if (verdict === 'undecided') return 'undecided';
  if (verdict === 'nothing learnt') return 'unlearnt';
  if (verdict === 'holds') return kind === 'superiority' ? 'holds' : 'alike';
  return kind === 'equivalence' && difference > 0 ? 'holds' : 'contrary';
}

/** A pair of methods, with a cell a task. */
export type Row = {
  readonly claim: string;
  /** The paper's finding; null for what it does not ask. */
  readonly paper: State | null;
  /** `isOfPaper`: the paper claims it of this task. */
  readonly cells: readonly {
    readonly task: string;
    readonly state: State;
    readonly difference: number;
    readonly isOfPaper: boolean;
    /** Where ranks in the whole pool decide otherwise: how. */
    readonly inPool?: State;
  }[];
};

export type Answer = {
  readonly question: string;
  /** At most 30 words. */
  readonly sentence: string;
  readonly groups: readonly { readonly title: string; readonly rows: readonly Row[] }[];
  /** Claims that are decided, and how many of them by `pOverall` too; null where this is not known. */
  readonly decided: number;
  readonly standing: number | null;
  /** Limits: sentences in Markdown. */
  readonly notes: readonly string[];
};

/** The answer of claims, in the order in which they were asked. */
export function answerOf(asked: Asked, bench: Asking, all: readonly Group[]): Answer {
  const groups = all.filter(({ claims }) => claims.length > 0);
  const claims = groups.flatMap((group) => group.claims);
  const decided = claims.filter(({ verdict }) => verdict === 'holds' || verdict === 'does not hold');
  const standing = decided.filter(({ pOverall }) => pOverall !== null && pOverall < LEVEL).length;
  return {
    question: asked.question,
    sentence: sentenceOf(asked, bench, all),
    groups: groups.map(({ title, claims }) => ({ title, rows: rowsOf(claims) })),
    decided: decided.length,
    standing: claims.some(({ pOverall }) => pOverall === null) ? null : standing,
    notes: isTrial(bench.preset) ? [] : [...fewSeeds(bench), ...largerData(bench, claims)],
  };
}

/** A row a pair of methods, in the order in which they first occur. */
const rowsOf = (claims: readonly Claim[]): Row[] =>
  grouped(claims, pairOf).map(([pair, own]) => ({
    claim: pair,
    paper: own.every(({ question }) => question.beyond) ? null : PAPER[own[0].question.kind],
    cells: own.map((claim) => {
      const { task, difference, question, verdict } = claim;
      const other = claim.inPool?.verdict !== verdict ? claim.inPool : null;
      return {
        ...{ task, state: stateOf(claim), difference, isOfPaper: !question.beyond },
        ...(other && { inPool: stateOf({ question, ...other }) }),
      };
    }),
  }));

const PAPER = { superiority: 'holds', equivalence: 'alike' } as const;
const SIGNS = { superiority: '>', equivalence: '≈' } as const;

/** `FineAll > FineZero`, `PeterRec > FineAll, 10 % of labels`; a setting that both have is left out. */
export function pairOf({ question }: Claim): string {
  const labels = [question.first.label, question.second.label];
  const isShared = labels.every((label) => label.endsWith(IN_BEST_SETTING));
  const [a, b] = labels.map((label) => (isShared ? label.slice(0, -IN_BEST_SETTING.length) : label));
  const training = sharedBy(question) ?? 1;
  return `${a} ${SIGNS[question.kind]} ${b}${training < 1 ? `, ${percentOf(training)} of labels` : ''}`;
}

/** Counts what becomes of the paper's claims, and how many of the rest hold; contradicted pairs by name if 30 words suffice. */
function sentenceOf({ isOwn }: Asked, { preset }: Asking, [first, ...others]: readonly Group[]): string {
  if (isTrial(preset))
    return 'Nothing is shown: the tiny budgets of `quick` show that everything runs, not what is true.';
  const ofPaper = ({ question }: Claim) => isOwn || !question.beyond;
  const claims = first?.claims.filter(ofPaper) ?? [];
  if (claims.length === 0) return 'Not asked on this data.';
  const rest = { title: 'Beyond it', claims: first?.claims.filter((claim) => !ofPaper(claim)) ?? [] };
  const groups = [rest, ...others].filter((group) => group.claims.length > 0);
  const on = isOwn && groups.length > 0 ? ` on ${first.title}` : '';
  const whose = `${inAWord(claims)}: of ${isOwn ? '' : 'the paper’s '}${counted(claims.length, 'claim')}${on}`;
  const written = [0, 1, 2, 3].map((terse) =>
    [`${whose} ${foundIn(claims, terse < 2)}.`, ...groups.map((one) => beside(one, terse % 2 === 0))].join(
      ' ',
    ),
  );
  return written.find((text) => text.split(' ').length <= 30) ?? written[3];
}

const count = (claims: readonly Claim[], wanted: State) =>
  claims.filter((claim) => stateOf(claim) === wanted).length;

const holding = (claims: readonly Claim[]) => claims.filter(({ verdict }) => verdict === 'holds').length;

/** `7 hold, 4 contradicted (PeterRec > NeuFM), 1 undecided` */
function foundIn(claims: readonly Claim[], isNamed: boolean): string {
  const holds = holding(claims);
  const pairs = rowsOf(claims).flatMap(({ claim, cells }) => {
    const against = cells.filter(({ state }) => state === 'contrary').map(({ task }) => task);
    if (against.length === 0) return [];
    return [against.length === cells.length ? claim : `${claim} on ${against.join(' and ')}`];
  });
  const others = {
    contrary: `contradicted${isNamed ? ` (${pairs.join(', ')})` : ''}`,
    undecided: 'undecided',
    unlearnt: 'nothing learnt',
  };
  const surpassed = count(claims, 'holds') + count(claims, 'alike') - holds;
  const counts = [
    [surpassed, 'surpassed'],
    ...Object.entries(others).map(([state, words]) => [count(claims, state as State), words]),
  ];
  const there = counts.filter(([number]) => number !== 0).map((one) => one.join(' '));
  return [`${holds} ${holds === 1 ? 'holds' : 'hold'}`, ...there].join(', ');
}

/** `Best setting: 6 of 29 hold (1 contradicted).` */
function beside({ title, claims }: Group, isFull: boolean): string {
  const contrary = count(claims, 'contrary');
  const against = contrary > 0 && isFull ? ` (${contrary} contradicted)` : '';
  return `${title}: ${holding(claims)} of ${claims.length} hold${against}.`;
}

function inAWord(claims: readonly Claim[]): string {
  if (holding(claims) === claims.length) return 'Yes';
  if (count(claims, 'contrary') === claims.length) return 'No';
  return holding(claims) > 0 ? 'In part' : 'Not shown';
}

/** Scope of verdicts of few seeds; none where seeds are enough. */
export function fewSeeds({ seeds, preset }: Asking): string[] {
  const about = `Verdicts hold for the models of ${counted(seeds, 'seed')}`;
  if (seeds >= ENOUGH_SEEDS || isTrial(preset)) return [];
  return [`${about}; \`--seeds ${ENOUGH_SEEDS}\` or more generalise to the methods.`];
}

/** Names the data that can decide what MovieLens-100K leaves open. */
function largerData({ data }: Asking, claims: readonly Claim[]): string[] {
  const open = count(claims, 'undecided');
  if (data !== 'movielens-100k' || open === 0) return [];
  const larger = "`--data movielens-1m`, `data: 'movielens-1m'` in a notebook, tests on six times as many.";
  return [`${counted(open, 'claim')} undecided by 943 users: ${larger}`];
}

/** `+0.012`, `−9.6` */
export const signed = (value: number, digits = 3) =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
