/** Metric against cost: a point a method, a panel a task for each group of methods, and the Pareto front as a line. */
import { type Lineup, lineupsOf, metricOf, seedCount, tasksOf, tested } from '../../evidence/aggregate';
import type { Mean, MeansOf } from '../../evidence/means';
import { runsOf } from '../../experiments/documents/completedRun';
import type { Result } from '../../experiments/documents/document';
import type { Method } from '../../experiments/methods/identity';
import type { Scatter } from './plotly';
import { type DrawnPanel, type Figure, PER_ROW, smallMultiples } from './smallMultiples';
import { intervals, OPPONENT_LINE, plainText, REFERENCE_LINE, type SeriesStyle, seriesStyles } from './theme';

/** A cost: how the axis calls it, and what it is of the runs of a method on a task; 0 is drawn at the left end. */
export type Costing = { readonly label: string; readonly of: (runs: readonly Result[]) => number };

export const WEIGHTS: Costing = { label: 'Tuned weights', of: ([{ parameters }]) => parameters.tuned };

/** What the runs of a method reach, and at what cost. */
type Point = Mean & Readonly<Record<'label' | 'style', string> & Record<'cost', number>>;

/** `x` is where it is drawn. */
type Drawn = Point & { readonly x: number };

/** How far left of the others what costs nothing is drawn. */
const FREE = 4;

/** The alpha of colours of points that are dominated. */
const PALE = '59';

/** Methods that are compared; their title follows the task's above a panel. */
type Group = { readonly title?: string; readonly methods: readonly Method[] };

type Frontier = Pick<Figure, 'name' | 'caption'> & {
  /** A row of panels each, or one row of all where there is one task. */
  readonly groups: readonly Group[];
  readonly cost: Costing;
  readonly meansOf: MeansOf;
  /** Methods without this cost; the best mean of a task is a dashed line. */
  readonly beside?: { readonly label: string; readonly methods: readonly Method[] };
  /** Name of the series that a method belongs to; its label if absent. */
  readonly styleOf?: (method: Method) => string;
};

/** Means over seeds with their intervals; the axis of costs is logarithmic, that of a task's metric the same for all groups. */
export function frontier(
  { name, caption, groups, cost, meansOf, beside, styleOf = ({ label }) => label }: Frontier,
  all: readonly Result[],
): Figure {
  const results = tested(all);
  const pointsOf = ({ task, methods: here }: Lineup): Point[] => {
    const there = here.filter((method) => runsOf(results, task, method).length > 0);
    const means = meansOf(task, there);
    return there.map((method, i) => ({
      ...{ label: method.label, style: styleOf(method), cost: cost.of(runsOf(results, task, method)) },
      ...means[i],
    }));
  };
  const levelOn = (task: string): readonly number[] => {
    const there = beside?.methods.filter((method) => runsOf(results, task, method).length > 0) ?? [];
    return there.length > 0 ? [Math.max(...meansOf(task, there).map(({ mean }) => mean))] : [];
  };
  const levels = new Map(tasksOf(results).map((task) => [task, levelOn(task)]));
  const rows = groups.map(({ title: group = '', methods }) =>
    lineupsOf(results, methods).map((lineup) => ({ group, lineup, points: pointsOf(lineup) })),
  );
  const most = Math.max(...rows.map(({ length }) => length));
  const perRow = most > 1 ? Math.ceil(most / Math.ceil(most / PER_ROW)) : groups.length;
  const places = rows.flatMap((row) => (most > 1 ? filledUp(row, perRow) : row));
  const cells = rows.flat();
  const styles = seriesStyles(cells.flatMap(({ points }) => points.map(({ style }) => style)));
  const rangeOn = ({ title, task }: Lineup) =>
    rangeOf(
      cells.flatMap(({ lineup, points }) => (lineup.title === title ? points : [])),
      levels.get(task),
    );
  const isCut = cells.some(({ lineup, points }) => {
    const [from, to] = rangeOn(lineup);
    return points.some(({ low, high }) => low < from || high > to);
  });
  const panels = places.map((cell, i): DrawnPanel | null => {
    if (cell === null) return null;
    const { group, lineup, points } = cell;
    const panel = panelOf(points, styles, cost.label);
    const lines = (levels.get(lineup.task) ?? []).map((level) =>
      levelOf(level, beside?.label ?? '', panel.x),
    );
    return {
      title: [lineup.title, group].filter(Boolean).join(', '),
      traces: [...(i === 0 ? [...styles].map(entryOf) : []), ...lines, ...panel.traces],
      x: panel.x,
      y: { label: metricOf(results, lineup.task), nticks: 5, range: rangeOn(lineup) },
    };
  });
  return smallMultiples({
    name,
    caption: `${caption} Means over ${seedCount(results)} and their test users with 95 % intervals of what is left without the mean over methods (Morey 2008). Dotted: the Pareto front; methods off it are pale.${isCut ? ' Intervals that go on beyond a panel are cut.' : ''}`,
    ...{ panels, perRow },
  });
}

/** Points of a panel in the styles of their series, with their front, over an axis of costs. */
function panelOf(
  points: readonly Point[],
  styles: ReadonlyMap<string, SeriesStyle>,
  label: string,
): Pick<DrawnPanel, 'traces' | 'x'> {
  const least = Math.min(...points.flatMap(({ cost }) => (cost > 0 ? [cost] : [])));
  const free = least / FREE;
  const drawn = points.map((point) => ({ ...point, x: point.cost || free }));
  const best = undominated(drawn);
  const traces = [...styles].flatMap(([style, look]) =>
    [look, { ...look, color: look.color + PALE }].map((own) => {
      const isBest = own === look;
      const shown = drawn.filter((point) => point.style === style && best.includes(point) === isBest);
      return traceOf(shown, style, own);
    }),
  );
  const costs = drawn.map(({ x }) => x);
  const [from, to] = [Math.min(...costs) / 2, Math.max(...costs) * 2];
  const range = [Math.log10(from), Math.log10(to)] as const;
  const ticks = [...(points.some(({ cost }) => cost === 0) ? [free] : []), ...ticksIn(least, to)];
  const ticktext = ticks.map((tick) => (tick === free ? '0' : short(tick)));
  return {
    traces: [lineThrough(best, to), ...traces.filter((trace) => trace.x.length > 0)],
    x: { label, type: 'log', tickangle: 0, tickvals: ticks, ticktext, range },
  };
}

/** A row with empty places up to a multiple of so many. */
const filledUp = <T>(row: readonly T[], perRow: number): (T | null)[] => [
  ...row,
  ...Array.from({ length: (perRow - (row.length % perRow)) % perRow }, () => null),
];

/** All means and levels, and of the means' intervals what does not make them hard to tell apart. */
function rangeOf(points: readonly Point[], levels: readonly number[] = []): readonly [number, number] {
  const means = [...points.map(({ mean }) => mean), ...levels];
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const reach = Math.max(...points.map(({ mean, low, high }) => Math.max(mean - low, high - mean)));
  const spread = most - least || 0.01;
  const room = Math.max(0.05 * spread, Math.min(reach, spread));
  return [least - room, most + room];
}

/** The Pareto front, cheapest first: points whose mean is above that of all others at most as costly. */
export function undominated<P extends { readonly x: number; readonly mean: number }>(
  points: readonly P[],
): P[] {
  const ordered = [...points].sort((a, b) => a.x - b.x || b.mean - a.mean);
  return ordered.filter(({ mean }, i) => ordered.slice(0, i).every((other) => other.mean < mean));
}

function lineThrough(best: readonly Drawn[], most: number): Scatter {
  const end = best.slice(-1).map((last) => ({ ...last, x: most }));
  return {
    ...{ type: 'scatter', mode: 'lines', hoverinfo: 'skip', showlegend: false },
    x: [...best, ...end].map(({ x }) => x),
    y: [...best, ...end].map(({ mean }) => mean),
    line: { ...REFERENCE_LINE, shape: 'hv' },
  };
}

const levelOf = (y: number, name: string, { range = [0, 0] }: DrawnPanel['x']): Scatter => ({
  ...{ type: 'scatter', mode: 'lines', name, line: OPPONENT_LINE },
  ...{ x: range.map((end) => 10 ** end), y: [y, y] },
});

/** Powers of ten; where fewer than two lie between, their triples too. */
function ticksIn(least: number, most: number): number[] {
  const powers = Array.from({ length: 14 }, (_, exponent) => 10 ** (exponent - 2));
  const within = (ticks: readonly number[]) => ticks.filter((tick) => tick >= least && tick <= most);
  const tens = within(powers);
  return tens.length > 1 ? tens : within(powers.flatMap((power) => [power, 3 * power]));
}

/** `100`, `10k`, `1M` */
const short = (tick: number): string => tick.toLocaleString('en', { notation: 'compact' }).replace('K', 'k');

/** An entry of the legend in full colour, whatever of its points are pale. */
const entryOf = ([style, look]: readonly [string, SeriesStyle]): Scatter => ({
  ...traceOf([], style, look),
  ...{ x: [Number.NaN], y: [Number.NaN], hoverinfo: 'skip' },
});

function traceOf(points: readonly Drawn[], name: string, { color, symbol }: SeriesStyle): Scatter {
  return {
    ...({ type: 'scatter', mode: 'markers', name: plainText(name), legendgroup: name } as const),
    x: points.map(({ x }) => x),
    customdata: points.map(({ cost }) => cost),
    y: points.map(({ mean }) => mean),
    text: points.map(({ label }) => plainText(label)),
    error_y: intervals(points, color),
    marker: { color, symbol, size: 7 },
    cliponaxis: false,
  };
}
