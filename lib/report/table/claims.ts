/** The evidence of claims: a table of it, and marks in a table of results. */
import type { Claim } from '../../evidence/claims';
import { REPEATS } from '../../metrics/bootstrap';
import { EQUIVALENCE_MARGIN } from '../../metrics/pairedTests';
import type { Mark, Significance } from './methodsTable';
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
      `A > B: two-sided. A ≈ B: two one-sided tests for within ± ${EQUIVALENCE_MARGIN}, a two-sided one for outside. ` +
      'p is corrected by Holm over all rows, the intervals are not. ' +
      'Effect: mean of the users’ differences over their standard deviation. ' +
      'Users to decide: for 80 % power at 5 % over the number of rows, if the difference is the one found.',
  };
}

function row({ kind, first, second, seedLow, seedHigh, effect, ...claim }: Claim): Table['rows'][number] {
  const { task, metric, difference, low, high, p, users, seeds, verdict, needed } = claim;
  return {
    ...{ task, claim: `${first} ${SIGNS[kind]} ${second}`, metric, difference, low, high },
    ...{ seedLow: finite(seedLow), seedHigh: finite(seedHigh), effect: finite(effect) },
    ...{ p, users, seeds, verdict, needed },
  };
}

/** One seed has no interval, users who all differ alike no effect size: an empty cell. */
const finite = (value: number) => (Number.isFinite(value) ? value : null);

/** What a decided claim says of a method: it is better than another, or as good. */
type Finding = { readonly task: string; readonly method: string; readonly says: string };

function findingOf({ kind, verdict, task, first, second }: Claim): Finding[] {
  const better = (method: string, other: string) => [{ task, method, says: `better than ${other}` }];
  if (verdict === 'holds')
    return kind === 'superiority'
      ? better(first, second)
      : [{ task, method: first, says: `as good as ${second}` }];
  return verdict === 'does not hold' && kind === 'superiority' ? better(second, first) : [];
}

const SYMBOLS = ['*', '†', '‡', '§', '¶', '‖'];
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** The first six get the customary symbols; more get letters, and beyond z numbered ones. */
function symbolsFor(count: number): string[] {
  if (count <= SYMBOLS.length) return SYMBOLS.slice(0, count);
  const round = (i: number) => (i < LETTERS.length ? '' : String(Math.floor(i / LETTERS.length)));
  return Array.from({ length: count }, (_, i) => LETTERS[i % LETTERS.length] + round(i));
}

/** Marks for a table of results: beside a method a symbol for each finding about it, explained in the note. */
export function significanceOf(claims: readonly Claim[]): Significance {
  const findings = claims.flatMap(findingOf);
  const said = [...new Set(findings.map(({ says }) => says))];
  const symbols = symbolsFor(said.length);
  const beside = new Map<string, Mark>();
  for (const { task, method, says } of findings) {
    const key = JSON.stringify([task, method]);
    const mark = (beside.get(key)?.mark ?? '') + symbols[said.indexOf(says)];
    beside.set(key, { task, method, mark });
  }
  return { marks: [...beside.values()], note: noteOf(said, symbols) };
}

function noteOf(said: readonly string[], symbols: readonly string[]): string {
  const how = `at the 5 % level (bootstrap over users, Holm; as good: within ${EQUIVALENCE_MARGIN})`;
  if (said.length === 0) return `No claim is decided ${how}.`;
  return `Shown ${how}: ${said.map((says, i) => `${symbols[i]} ${says}`).join(', ')}.`;
}
