import { type Claim, ENOUGH_SEEDS } from '../../evidence/claims';
import { REPEATS } from '../../metrics/bootstrap';
import { EQUIVALENCE_MARGIN, RELATIVE_MARGIN } from '../../metrics/pairedTests';
import type { Table } from './table';

const SIGNS = { superiority: '>', equivalence: '≈' };

/** Each claim with its evidence. */
export function claimsTable(name: string, claims: readonly Claim[]): Table {
  return {
    name,
    caption: 'What is claimed, and the evidence: differences of the test metric, paired over the same users.',
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'claim', label: 'Claim' },
      { key: 'metric', label: 'Metric' },
      { key: 'difference', label: 'Difference', digits: 3 },
      { key: 'low', label: '95 % from', digits: 3 },
      { key: 'high', label: 'to', digits: 3 },
      { key: 'effect', label: 'Effect', digits: 2 },
      { key: 'users', label: 'Users' },
      { key: 'seeds', label: 'Seeds' },
      { key: 'p', label: 'p', digits: 4, style: 'p' },
      { key: 'verdict', label: 'Verdict' },
      { key: 'needed', label: 'Users to decide' },
      ...(claims.some(({ pOverall }) => pOverall !== null)
        ? [{ key: 'pOverall', label: 'p over all', digits: 4, style: 'p' as const }]
        : []),
      { key: 'tLow', label: 't-test from', digits: 3 },
      { key: 'tHigh', label: 'to (t)', digits: 3 },
      { key: 'tP', label: 'p (t)', digits: 4, style: 'p' },
      ...(claims.some(({ relative }) => relative !== null)
        ? [
            { key: 'margin', label: 'Relative margin', digits: 3 },
            { key: 'relative', label: 'Within it' },
          ]
        : []),
    ],
    rows: claims.map(row),
    note: claims.some(({ seeds }) => seeds < ENOUGH_SEEDS) ? `${NOTE} ${FEW_SEEDS}` : NOTE,
  };
}

const NOTE = [
  `Bootstrap over seeds, and over the test users of each (${REPEATS.toLocaleString('en')} resamples, more where many claims are asked; over users once for all`,
  'seeds where these test the same). Either verdict also asks that the better side beats what needs no learning',
  '(LabelCS, Popularity, where they ran), one-sided, else nothing was learnt; the larger p counts. Does not hold: the contrary is shown.',
  'Undecided: neither is, which does not mean that they are alike.',
  `A > B: two-sided. A ≈ B: two one-sided tests for within ± ${EQUIVALENCE_MARGIN}, a two-sided one for outside.`,
  'p is corrected by Holm over all rows and decides; before that it is a share of resamples, so that one near 5 % may turn with their',
  'seed; intervals are not corrected. Beside it, deciding nothing: p over all by',
  'Bonferroni over the claims of all questions; a t-test of the differences by seed whose variance allows for overlapping',
  'splits (Nadeau and Bengio 2003), by Holm too, empty where seeds test the same users;',
  `likeness within ${100 * RELATIVE_MARGIN} % of what FineAll gains over FineCLS, where it does.`,
  'Effect: mean of the users’ differences over their standard deviation; users with several instances count once there, so that near 0 its',
  'sign may be another. Users to decide: at most, for 80 % power at 5 % over the',
  'number of rows, if the difference is the one found and seeds are as many times more too.',
].join(' ');

const FEW_SEEDS = `Of fewer than ${ENOUGH_SEEDS} seeds, verdicts are for their models.`;

function row({ question, place, byT, relative, effect, ...claim }: Claim): Table['rows'][number] {
  const { metric, difference, low, high, p, pOverall, users, seeds, verdict, needed } = claim;
  const { kind, first, second } = question;
  return {
    ...{ task: place, claim: `${first.label} ${SIGNS[kind]} ${second.label}`, metric, difference, low, high },
    ...{ effect: finite(effect), users, seeds, p, verdict, needed, pOverall },
    ...{ tLow: finite(byT.low), tHigh: finite(byT.high), tP: finite(byT.p) },
    ...{ margin: relative?.margin ?? null, relative: relative?.verdict ?? null },
  };
}

/** One seed has no interval, users who all differ alike no effect size: an empty cell. */
const finite = (value: number) => (Number.isFinite(value) ? value : null);
