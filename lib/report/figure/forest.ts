/** A forest plot of claims: differences with their intervals, one panel a task, a row a claim. */
import { grouped } from '../../base/grouped';
import { tasksOf } from '../../evidence/aggregate';
import type { Claim } from '../../evidence/claims';
import { EQUIVALENCE_MARGIN } from '../../metrics/pairedTests';
import { type Group, pairOf, STATES, type State, stateOf } from '../answer/answer';
import type { Scatter } from './plotly';
import { type DrawnPanel, type Figure, PER_ROW, smallMultiples, textWidth } from './smallMultiples';
import { intervals, plainText, REFERENCE_LINE, type SeriesStyle, SMALL_TEXT, shortened } from './theme';

/** Rows of a figure that fits on a page, and pixels of a row. */
const ROWS = 45;
const ROW_HEIGHT = 13;

/** Letters of a row's name, beside two panels or fewer and beside more; the CSV has them all. */
const LETTERS = { few: 95, many: 66 };

/** Colour and mark; open, filled and crossed marks tell states apart in grey. */
const MARKS: Readonly<Record<State, Pick<SeriesStyle, 'color' | 'symbol'>>> = {
  holds: { color: '#0072B2', symbol: 'circle' },
  alike: { color: '#56B4E9', symbol: 'diamond' },
  contrary: { color: '#D55E00', symbol: 'triangle-down' },
  undecided: { color: '#7F7F7F', symbol: 'circle-open' },
  unlearnt: { color: '#000000', symbol: 'x' },
};

/** A line of the figure: a heading, or a pair of methods. */
type Line = { readonly label: string; readonly claims: readonly Claim[] };

type Forest = Pick<Figure, 'name' | 'caption'> & { readonly groups: readonly Group[] };

/** A row a pair of methods; where these are too many for a page the decided ones, largest differences first. */
export function forest({ name, caption, groups }: Forest): Figure {
  const all = groups.filter(({ claims }) => claims.length > 0);
  const letters = tasksOf(claimsOf(all)).length > 2 ? LETTERS.many : LETTERS.few;
  const lines = all.flatMap((group): Line[] => [
    ...(all.length > 1 ? [{ label: `<b>${plainText(group.title)}</b>`, claims: [] }] : []),
    ...grouped(group.claims, pairOf).map(([pair, claims]) => ({
      label: plainText(shortened(pair, letters)),
      claims,
    })),
  ]);
  const pairs = lines.filter(({ claims }) => claims.length > 0);
  const shown = pairs.length <= ROWS ? lines : largest(pairs);
  const claims = claimsOf(shown);
  const left = 12 + Math.max(0, ...shown.map(({ label }) => textWidth(visible(label), SMALL_TEXT.size)));
  return smallMultiples({
    name,
    caption: [
      caption,
      'Differences of the test metric, first method less second, with 95 % intervals. Marks: the verdict after Holm’s correction; the intervals are not corrected, so some that exclude 0 are undecided.',
      ...(claims.some(isAlike) ? [`Dotted: the equivalence margin, ±${EQUIVALENCE_MARGIN}.`] : []),
      ...(pairs.length > ROWS ? [`Shown: ${shown.length} of ${pairs.length} rows.`] : []),
    ].join(' '),
    panels: tasksOf(claims).map((task, i) => panel(task, shown, i % PER_ROW === 0)),
    left: Math.max(left, 60),
    panelHeight: Math.max(3, shown.length) * ROW_HEIGHT,
  });
}

const claimsOf = (lines: readonly Pick<Line, 'claims'>[]) => lines.flatMap(({ claims }) => claims);
const isAlike = ({ question }: Claim) => question.kind === 'equivalence';
/** Without tags, and with a letter for each entity. */
const visible = (label: string) => label.replace(/<[^>]*>/g, '').replace(/&\w+;/g, '>');

function largest(pairs: readonly Line[]): Line[] {
  const weightOf = (claim: Claim) => Math.abs(claim.difference) + (stateOf(claim) === 'undecided' ? 0 : 1e3);
  const weight = ({ claims }: Line) => Math.max(...claims.map(weightOf));
  return [...pairs].sort((a, b) => weight(b) - weight(a)).slice(0, ROWS);
}

/** The rows of one task, the first row on top. */
function panel(task: string, lines: readonly Line[], isFirst: boolean): DrawnPanel {
  const claims = lines.flatMap((line, i) =>
    line.claims.filter((claim) => claim.task === task).map((claim) => ({ ...claim, y: -i })),
  );
  const edges = claims.flatMap(({ low, high }) => [low, high]);
  const margins = claims.some(isAlike) ? [-EQUIVALENCE_MARGIN, EQUIVALENCE_MARGIN] : [];
  const [low, high] = [Math.min(0, ...edges, ...margins), Math.max(0, ...edges, ...margins)];
  const room = 0.06 * (high - low || 1);
  const bottom = 0.5 - lines.length;
  const rule = (x: number, dash: string): Scatter => ({
    ...{ type: 'scatter', mode: 'lines', showlegend: false, hoverinfo: 'skip' },
    ...{ x: [x, x], y: [bottom, 0.5], line: { ...REFERENCE_LINE, dash } },
  });
  return {
    title: task,
    traces: [
      rule(0, 'solid'),
      ...margins.map((margin) => rule(margin, '1px,2px')),
      ...(Object.keys(STATES) as State[]).flatMap((state, rank) => marked(state, 1 + rank, claims)),
    ],
    x: {
      label: claims[0].metric,
      range: [low - room, high + room],
      tickvals: ticksIn(low, high),
      tickangle: 0,
    },
    y: {
      ...{ label: '', range: [bottom, 0.5], tickvals: lines.map((_, i) => -i) },
      ticktext: lines.map(({ label }) => (isFirst ? `${label}\u00a0\u00a0` : '')),
      ...{ ticks: '', showline: false },
    },
  };
}

/** Zero and the largest round numbers that fit: at most one on either side. */
function ticksIn(low: number, high: number): number[] {
  const reach = Math.max(-low, high);
  if (reach === 0) return [0];
  const power = 10 ** Math.floor(Math.log10(reach));
  const step = ([5, 4, 3, 2, 1].find((digit) => digit * power <= reach) ?? 1) * power;
  return [-step, 0, step].filter((tick) => tick >= low && tick <= high);
}

function marked(
  state: State,
  legendrank: number,
  claims: readonly (Claim & { readonly y: number })[],
): Scatter[] {
  const own = claims.filter((claim) => stateOf(claim) === state);
  const bars = own.map(({ difference, low, high }) => ({ mean: difference, low, high }));
  const trace: Scatter = {
    ...{ type: 'scatter', mode: 'markers', name: STATES[state].means, legendgroup: state, legendrank },
    x: own.map(({ difference }) => difference),
    y: own.map(({ y }) => y),
    error_x: intervals(bars, MARKS[state].color),
    marker: { ...MARKS[state], size: 6 },
    text: own.map((claim) => plainText(pairOf(claim))),
    cliponaxis: false,
  };
  return own.length === 0 ? [] : [trace];
}
