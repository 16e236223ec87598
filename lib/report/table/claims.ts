import { type Claim, ENOUGH_SEEDS } from '../../evidence/claims';
import { pairOf } from '../answer/answer';
import { columnsOf, type Table } from './table';

/** Each claim with its evidence; what decides nothing stands in the CSV. */
export function claimsTable(name: string, claims: readonly Claim[]): Table {
  return {
    name,
    caption: 'Claims and their evidence: differences of the test metric, paired over the same users.',
    columns: [
      ...columnsOf({ task: 'Task', claim: 'Claim' }),
      { key: 'metric', label: 'Metric', detail: true },
      { key: 'difference', label: 'Difference [95 %]', digits: 3, style: 'signed' },
      { key: 'p', label: 'p (Holm)', digits: 4, style: 'p' },
      ...columnsOf({ verdict: 'Verdict', users: 'Test users' }),
      ...columnsOf({
        seeds: 'Seeds',
        pOverall: 'p over all',
      }).map((column) => ({ ...column, detail: true as const })),
    ],
    rows: claims.map(row),
    note: claims.some(({ seeds }) => seeds < ENOUGH_SEEDS) ? `${NOTE} ${FEW_SEEDS}` : NOTE,
  };
}

const NOTE =
  'Student’s t over users and trainings; Holm’s correction over all rows. How a verdict comes about, and what the further columns of ' +
  'the CSV are: lib/evidence/README.md.';

const FEW_SEEDS = `With fewer than ${ENOUGH_SEEDS} seeds, verdicts hold for these models, not for the methods.`;

function row(claim: Claim): Table['rows'][number] {
  const { place, difference, low, high, metric, p, pOverall, users, seeds, verdict } = claim;
  return {
    ...{ task: place, claim: pairOf(claim), metric, difference: { mean: difference, low, high } },
    ...{ users, seeds, p, verdict, pOverall },
  };
}
