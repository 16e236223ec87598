/** What the numbers of a research question say, in a table and in words. */
import type { Claim, PretrainingGain } from '../experiments/claims';
import type { Workbench } from '../experiments/workbench';
import type { Mark, Significance } from './methodsTable';
import type { Table } from './tables';

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** Each claim with its evidence. */
export function claimsTable(name: string, claims: readonly Claim[]): Table {
  return {
    name,
    caption: 'Who beats whom: differences of the test metric, paired over the same users.',
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'claim', label: 'Claim' },
      { key: 'metric', label: 'Metric' },
      { key: 'difference', label: 'Difference', digits: 3 },
      { key: 'low', label: '95 % from', digits: 3 },
      { key: 'high', label: 'to', digits: 3 },
      { key: 'p', label: 'p', digits: 3 },
      { key: 'users', label: 'Users' },
      { key: 'verdict', label: 'Verdict' },
    ],
    rows: claims.map(({ task, better, worse, metric, difference, low, high, p, users, verdict }) => ({
      task,
      claim: `${better} > ${worse}`,
      metric,
      difference,
      low,
      high,
      p,
      users,
      verdict,
    })),
    note: 'Paired bootstrap over test users (2,000 resamples); p two-sided with Holm’s correction over all rows; intervals are not corrected. All is given the models that were trained.',
  };
}

const SYMBOLS = ['*', '†', '‡', '§', '¶', '‖'];

/** Marks for a table of results: a symbol beside a method for each opponent that it beats, explained in the note. */
export function significanceOf(claims: readonly Claim[]): Significance {
  const pairs = [...new Set(claims.map(({ better, worse }) => `${better} against ${worse}`))];
  const symbolOf = ({ better, worse }: Claim) => SYMBOLS[pairs.indexOf(`${better} against ${worse}`)];
  const holding = claims.filter(({ verdict }) => verdict === 'holds');
  const beside = new Map<string, Mark>();
  for (const claim of holding) {
    const { task, better: method } = claim;
    const before = beside.get(`${task}/${method}`)?.mark ?? '';
    beside.set(`${task}/${method}`, { task, method, mark: before + symbolOf(claim) });
  }
  const explained = pairs.map((pair, i) => `${SYMBOLS[i]} ${pair}`).join(', ');
  return {
    marks: [...beside.values()],
    note: `Better at the 5 % level (paired bootstrap over users, Holm): ${explained}.`,
  };
}

/** How well the trunks were pre-trained, beside item popularity. */
export function pretrainingTable(gains: readonly PretrainingGain[]): Table {
  return {
    name: 'pretraining',
    caption: 'Pre-training: MRR@5 of the last item of held-out users, ranked in the whole item pool.',
    columns: [
      { key: 'source', label: 'Source of' },
      { key: 'users', label: 'Held-out users' },
      { key: 'trunk', label: 'Trunk', digits: 4 },
      { key: 'popularity', label: 'Popularity', digits: 4 },
      { key: 'ratio', label: 'Ratio', digits: 1 },
      { key: 'low', label: '95 % from', digits: 1 },
      { key: 'high', label: 'to', digits: 1 },
    ],
    rows: gains.map(({ source, users, trunk, popularity, ratio, low, high }) => ({
      source,
      users,
      trunk,
      popularity,
      ratio,
      low,
      high,
    })),
    note: 'All seeds together; the interval is a bootstrap over users (2,000 resamples).',
  };
}

const listed = (claims: readonly Claim[]) =>
  claims
    .map(
      ({ task, better, worse, difference }) => `${better} over ${worse} on ${task} (${signed(difference)})`,
    )
    .join('; ');

function inAWord(all: number, holding: number, failing: number): string {
  if (all === 0) return 'Not asked';
  if (holding === all) return 'Yes';
  if (failing === all) return 'No';
  return holding > 0 ? 'In part' : 'Not shown';
}

/** The answer to "does pre-training help?" that the claims give, as Markdown. */
export function rq1Answer(
  { data, seeds, preset }: Pick<Workbench, 'data' | 'seeds' | 'preset'>,
  claims: readonly Claim[],
  gains: readonly PretrainingGain[],
): string {
  const by = (verdict: Claim['verdict']) => claims.filter((claim) => claim.verdict === verdict);
  const [holds, fails, undecided] = [by('holds'), by('does not hold'), by('undecided')];
  return [
    `**Does pre-training help? ${inAWord(claims.length, holds.length, fails.length)}, on ${data} with ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}.**`,
    `The paper claims that it helps on every task. Of ${claims.length} comparisons here, holding: ${holds.length}, ` +
      `the other way round: ${fails.length}, undecided at the 5 % level: ${undecided.length}.`,
    ...(preset.name === 'quick'
      ? ['The tiny budgets of `quick` show that everything runs, not what is true.']
      : []),
    ...(holds.length > 0 ? [`- Holds: ${listed(holds)}.`] : []),
    ...(fails.length > 0 ? [`- Does not hold: ${listed(fails)}.`] : []),
    ...gains
      .filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))
      .map(
        ({ source, ratio, low, high }) =>
          `- The trunk of ${source} ranks the next item ${ratio.toFixed(1)} times as well as popularity ` +
          `(95 % interval ${low.toFixed(1)} to ${high.toFixed(1)}).`,
      ),
  ].join('\n\n');
}
