import type { Claim } from '../../evidence/claims';
import { REPEATS } from '../../metrics/bootstrap';
import { EQUIVALENCE_MARGIN } from '../../metrics/pairedTests';
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
      { key: 'seedLow', label: 'Over seeds from', digits: 3 },
      { key: 'seedHigh', label: 'over seeds to', digits: 3 },
      { key: 'effect', label: 'Effect', digits: 2 },
      { key: 'p', label: 'p', digits: 4 },
      { key: 'users', label: 'Users' },
      { key: 'seeds', label: 'Seeds' },
      { key: 'verdict', label: 'Verdict' },
      { key: 'needed', label: 'Users to decide' },
    ],
    rows: claims.map(row),
    note:
      `Bootstrap over test users (${REPEATS.toLocaleString('en')} resamples), all seeds of a user together, given the models ` +
      'that were trained; the interval over seeds is Student’s t of the differences by seed. ' +
      'Either verdict also asks that the better side beats what needs no learning (LabelCS, Popularity), one-sided, else ' +
      'nothing was learnt; the larger p counts. ' +
      `A > B: two-sided. A ≈ B: two one-sided tests for within ± ${EQUIVALENCE_MARGIN}, a two-sided one for outside. ` +
      'p is corrected by Holm over all rows, the intervals are not. ' +
      'Effect: mean of the users’ differences over their standard deviation. ' +
      'Users to decide: for 80 % power at 5 % over the number of rows, if the difference is the one found.',
  };
}

function row({ question, place, seedLow, seedHigh, effect, ...claim }: Claim): Table['rows'][number] {
  const { metric, difference, low, high, p, users, seeds, verdict, needed } = claim;
  const { kind, first, second } = question;
  return {
    ...{ task: place, claim: `${first.label} ${SIGNS[kind]} ${second.label}`, metric, difference, low, high },
    ...{ seedLow: finite(seedLow), seedHigh: finite(seedHigh), effect: finite(effect) },
    ...{ p, users, seeds, verdict, needed },
  };
}

/** One seed has no interval, users who all differ alike no effect size: an empty cell. */
const finite = (value: number) => (Number.isFinite(value) ? value : null);
