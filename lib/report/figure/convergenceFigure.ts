/** Small panels of curves: how methods converge, one panel a task. */
import type { Line, Scatter } from './plotly';
import {
  type DrawnPanel,
  type Figure,
  PANEL_HEIGHT,
  PER_ROW,
  smallMultiples,
  textWidth,
} from './smallMultiples';
import { intervals, plainText, type SeriesStyle, SMALL_TEXT, seriesStyles, shortened } from './theme';

/** The mean at x, and the interval drawn as a band around it; low = high draws none. */
export type BandPoint = Readonly<Record<'x' | 'mean' | 'low' | 'high', number>>;

export interface Series {
  readonly label: string;
  readonly points: readonly BandPoint[];
  /** The state that validation keeps. */
  readonly kept?: { readonly x: number; readonly y: number };
}

export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** A logarithmic x axis with these ticks, and intervals as bars, beside each other; absent: linear from 0, and bands. */
  readonly xTicks?: readonly number[];
  /** Written at these ticks; absent: their numbers. */
  readonly xTexts?: readonly string[];
  readonly series: readonly Series[];
  /** Horizontal lines of methods without a curve. */
  readonly references?: readonly { readonly label: string; readonly y: number; readonly line: Line }[];
}

type Styles = ReadonlyMap<string, SeriesStyle>;

/** Letters of a name that fit into the legend of a figure of the text width. */
const LEGEND_LETTERS = 90;

/** Curves up to which each is named beside it, and letters of the longest name; more share a legend. */
const NAMED_BESIDE = 3;
const LETTERS = 26;

/** Pixels between names. */
const NAME_HEIGHT = 10;

export function convergenceFigure({
  panels,
  ...about
}: Pick<Figure, 'name' | 'caption'> & { readonly panels: readonly Panel[] }): Figure {
  const styles = seriesStyles(panels.flatMap(({ series }) => series.map(({ label }) => label)));
  const last = panels[Math.min(panels.length, PER_ROW) - 1];
  const names = [
    ...styles.keys(),
    ...panels.flatMap(({ references = [] }) => references.map(({ label }) => label)),
  ];
  // All names must stand beside the panel at the end of the first row.
  const isNamed =
    styles.size <= NAMED_BESIDE &&
    last?.series.length === styles.size &&
    names.every(({ length }) => length <= LETTERS);
  const widths = names.map((name) => textWidth(name, SMALL_TEXT.size));
  const drawn = panels.map((panel): DrawnPanel => {
    const { title, xLabel, yLabel } = panel;
    const traces = tracesOf(panel, styles);
    const beside = isNamed && panel === last ? namedBeside(panel, styles) : undefined;
    return {
      title,
      traces: isNamed ? traces.map((trace) => ({ ...trace, showlegend: false })) : traces,
      x: { label: xLabel, tickformat: '~s', ...acrossOf(panel) },
      y: { label: yLabel, nticks: 5, ...(beside && { range: beside.range }) },
      ...(beside && { labels: beside.labels }),
    };
  });
  return smallMultiples({ ...about, panels: drawn, ...(isNamed && { right: 10 + Math.max(0, ...widths) }) });
}

/** A name at the end of each line, moved apart where ends lie close. */
function namedBeside({ series, references = [] }: Panel, styles: Styles) {
  const values = [
    ...series.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high])),
    ...references.map(({ y }) => y),
  ];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = 0.05 * (most - least || 1);
  const range = [least - room, most + room] as const;
  const ends = [
    ...series.map(({ label, points }) => {
      const { color } = styles.get(label) as SeriesStyle;
      return { text: label, color, y: points.at(-1)?.mean ?? least };
    }),
    ...references.map(({ label, y, line: { color = '#000000' } }) => ({ text: label, color, y })),
  ].sort((a, b) => a.y - b.y);
  // From the lowest up, each at least a step above the one before, and none above the range.
  const step = (NAME_HEIGHT * (range[1] - range[0])) / PANEL_HEIGHT;
  for (const [i, end] of ends.entries()) end.y = Math.max(end.y, i === 0 ? range[0] : ends[i - 1].y + step);
  for (let i = ends.length - 1, top = range[1]; i >= 0; top = ends[i].y - step, i--)
    ends[i].y = Math.min(ends[i].y, top);
  return { labels: ends, range };
}

/** The traces of a panel; bands first, so that no band covers a line. */
function tracesOf(panel: Panel, styles: Styles): Scatter[] {
  const styled = panel.series.map((one) => [one, styles.get(one.label) as SeriesStyle] as const);
  if (panel.xTicks)
    return styled.map(([series, style], i) => barred(series, style, i - (styled.length - 1) / 2));
  const banded = styled.filter(([{ points }]) => points.some(({ low, high }) => low < high));
  return [
    ...banded.map(([series, style]) => band(series, style)),
    ...styled.map(([series, style]) => curve(series, style)),
    ...styled.flatMap(([series, style]) => keptMark(series, style)),
    ...referenceLines(panel),
  ];
}

const curve = ({ label, points }: Series, { color, dash, symbol }: SeriesStyle): Scatter => ({
  type: 'scatter',
  mode: 'lines+markers',
  name: plainText(shortened(label, LEGEND_LETTERS)),
  x: points.map(({ x }) => x),
  y: points.map(({ mean }) => mean),
  line: { color, dash, width: 1.5 },
  marker: { color, symbol, size: 5, maxdisplayed: 5 },
  cliponaxis: false,
  legendgroup: label,
});

/** How far series stand apart on a logarithmic axis, so that their bars do. */
const APART = 1.04;

const barred = (series: Series, style: SeriesStyle, place: number): Scatter => ({
  ...curve(series, style),
  x: series.points.map(({ x }) => x * APART ** place),
  customdata: series.points.map(({ x }) => x),
  error_y: intervals(series.points, style.color),
});

function band({ label, points }: Series, { color }: SeriesStyle): Scatter {
  const back = [...points].reverse();
  return {
    ...{ type: 'scatter', mode: 'lines' },
    x: [...points, ...back].map(({ x }) => x),
    y: [...points.map(({ high }) => high), ...back.map(({ low }) => low)],
    ...{ line: { width: 0 }, fill: 'toself', fillcolor: `${color}1F` },
    ...{ legendgroup: label, showlegend: false, hoverinfo: 'skip' },
  };
}

/** The x axis: a little beyond its ticks where it is logarithmic. */
function acrossOf(panel: Panel) {
  const { xTicks, xTexts } = panel;
  if (!xTicks) return { range: [0, lastX(panel)] as const };
  const [least, most] = [Math.min(...xTicks) / 1.3, Math.max(...xTicks) * 1.3];
  const range = [Math.log10(least), Math.log10(most)] as const;
  const ticktext = xTexts ?? xTicks.map((x) => x.toLocaleString('en'));
  return { type: 'log', tickangle: 0, tickvals: xTicks, ticktext, range };
}

const lastX = ({ series }: Panel): number =>
  Math.max(1, ...series.flatMap(({ points }) => points.map(({ x }) => x)));

/** A filled mark with a black rim. */
function keptMark({ label, kept }: Series, { color, symbol }: SeriesStyle): Scatter[] {
  if (kept === undefined) return [];
  const line = { color: '#000000', width: 1 };
  const mark: Scatter = {
    ...{ type: 'scatter', mode: 'markers', x: [kept.x], y: [kept.y] },
    marker: { color, symbol: symbol.replace('-open', ''), size: 7, line },
    ...{ text: ['kept'], cliponaxis: false, legendgroup: label, showlegend: false },
  };
  return [mark];
}

const referenceLines = (panel: Panel): Scatter[] =>
  (panel.references ?? []).map(({ label, y, line }) => ({
    ...{ type: 'scatter', mode: 'lines', name: plainText(label), x: [0, lastX(panel)], y: [y, y] },
    ...{ line, legendgroup: label },
  }));
