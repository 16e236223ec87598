import type { ErrorBars, Line, MarkerSymbol, Scatter } from './plotly';
import { plainText, type SeriesStyle, shortened } from './theme';

/** Letters of a name that fit into the legend of a figure of the text width. */
const LETTERS = 90;

/** The mean at x, and the interval drawn as a band around it; low = high draws none. */
export interface BandPoint {
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** How the x axis writes numbers; `~s` if absent. */
  readonly xFormat?: string;
  readonly series: readonly Series[];
  /** Horizontal lines: what has no curve. */
  readonly references?: readonly { readonly label: string; readonly y: number; readonly line: Line }[];
}

export interface Series {
  readonly label: string;
  readonly points: readonly BandPoint[];
  /** The state that validation keeps. */
  readonly kept?: { readonly x: number; readonly y: number };
}

/** Intervals as thin bars around points. */
export const intervals = (points: readonly Omit<BandPoint, 'x'>[], color: string): ErrorBars => ({
  type: 'data',
  symmetric: false,
  array: points.map(({ mean, high }) => high - mean),
  arrayminus: points.map(({ mean, low }) => mean - low),
  color,
  thickness: 1,
  width: 0,
});

/** Plotly's suffix of the i-th panel's axes: none, 2, 3, … */
export function suffix(i: number): string {
  return i === 0 ? '' : `${i + 1}`;
}

/** The traces of the i-th panel; bands first, so that no band covers a line. */
export function panelTraces(panel: Panel, i: number, styles: ReadonlyMap<string, SeriesStyle>): Scatter[] {
  const axes = { xaxis: `x${suffix(i)}`, yaxis: `y${suffix(i)}` };
  const styled = panel.series.map((series) => ({
    ...series,
    style: styles.get(series.label) as SeriesStyle,
  }));
  const banded = styled.filter(({ points }) => points.some(({ low, high }) => low < high));
  const traces = [
    ...banded.map(({ label, points, style }) => band(label, points, style)),
    ...styled.map(({ label, points, style }) => curve(label, points, style)),
    ...styled.flatMap(({ label, kept, style }) => (kept ? [keptMark(label, kept, style)] : [])),
    ...referenceLines(panel),
  ];
  return traces.map((trace) => ({ ...trace, ...axes }));
}

function curve(label: string, points: readonly BandPoint[], { color, dash, symbol }: SeriesStyle): Scatter {
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: plainText(shortened(label, LETTERS)),
    x: points.map(({ x }) => x),
    y: points.map(({ mean }) => mean),
    line: { color, dash, width: 1.5 },
    marker: { color, symbol, size: 5, maxdisplayed: 5 },
    cliponaxis: false,
    legendgroup: label,
  };
}

function band(label: string, points: readonly BandPoint[], { color }: SeriesStyle): Scatter {
  const back = [...points].reverse();
  return {
    type: 'scatter',
    mode: 'lines',
    x: [...points, ...back].map(({ x }) => x),
    y: [...points.map(({ high }) => high), ...back.map(({ low }) => low)],
    line: { width: 0 },
    fill: 'toself',
    fillcolor: `${color}1F`,
    legendgroup: label,
    showlegend: false,
    hoverinfo: 'skip',
  };
}

/** Where the panel's x axis ends; it begins at 0. */
export function lastX({ series }: Panel): number {
  return Math.max(1, ...series.flatMap(({ points }) => points.map(({ x }) => x)));
}

/** A filled mark with a black rim. */
function keptMark(
  label: string,
  { x, y }: NonNullable<Series['kept']>,
  { color, symbol }: SeriesStyle,
): Scatter {
  return {
    type: 'scatter',
    mode: 'markers',
    x: [x],
    y: [y],
    marker: {
      color,
      symbol: symbol.replace('-open', '') as MarkerSymbol,
      size: 7,
      line: { color: '#000000', width: 1 },
    },
    cliponaxis: false,
    legendgroup: label,
    showlegend: false,
  };
}

const referenceLines = (panel: Panel): Scatter[] =>
  (panel.references ?? []).map(({ label, y, line }) => ({
    type: 'scatter',
    mode: 'lines',
    name: plainText(label),
    x: [0, lastX(panel)],
    y: [y, y],
    line,
    legendgroup: label,
  }));
