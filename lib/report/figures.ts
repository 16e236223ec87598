import { lastX, type Panel, panelTraces, suffix } from './panel';
import type { Annotation, Axis, Layout, Scatter, Spec } from './plotly';
import { AXIS, baseLayout, PIXELS_PER_INCH, plainText, SMALL_TEXT, seriesStyles, TEXT } from './theme';

/** A figure as a plain object: a Plotly specification and its size on paper. */
export interface Figure {
  /** File stem. */
  readonly name: string;
  readonly caption: string;
  readonly spec: Spec;
  /** Inches. */
  readonly width: number;
  readonly height: number;
}

export interface ConvergenceContent {
  readonly name: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
}

/** Inches: the column of a two-column paper takes two panels, its text width more. */
const COLUMN_WIDTH = 10 / 3;
const TEXT_WIDTH = 7;

/** Pixels around and between panels: room for tick labels, axis titles and the panel's title. */
const MARGIN = { l: 42, r: 12, t: 23, b: 34 };
const GAP = 42;
const PANEL_HEIGHT = 92;
const LEGEND_ROW = 19;

const LEGEND = {
  orientation: 'h',
  x: 0.5,
  xanchor: 'center',
  y: 1,
  yanchor: 'top',
  yref: 'container',
  tracegroupgap: 0,
  font: TEXT,
} as const;

/** One row of small panels under one shared legend: how methods converge, one panel a task. */
export function convergenceFigure({ name, caption, panels }: ConvergenceContent): Figure {
  const styles = seriesStyles(panels.flatMap(({ series }) => series.map(({ label }) => label)));
  const data = legendOnce(panels.flatMap((panel, i) => panelTraces(panel, i, styles)));
  const width = panels.length > 2 ? TEXT_WIDTH : COLUMN_WIDTH;
  const top = MARGIN.t + LEGEND_ROW * legendRows(data, width * PIXELS_PER_INCH);
  const height = wholeDots(top + PANEL_HEIGHT + MARGIN.b) / PIXELS_PER_INCH;
  const domains = panelDomains(panels.length, width * PIXELS_PER_INCH);
  const layout: Layout = {
    ...baseLayout(width, height),
    margin: { ...MARGIN, t: top },
    showlegend: true,
    legend: LEGEND,
    annotations: panels.map(({ title }, i) => panelTitle(title, i)),
    ...Object.fromEntries(panels.flatMap((panel, i) => panelAxes(panel, i, domains[i]))),
  };
  return { name, caption, spec: { data, layout }, width, height };
}

/** Rounded up to 8 pixels: 25 whole dots at 300 an inch, so that PDF and PNG have exactly the figure's size. */
function wholeDots(pixels: number): number {
  return Math.ceil(pixels / 8) * 8;
}

/**
 * The rows into which Plotly will break the legend. An entry is 46 pixels and about 4.8 a letter, at 8 pt; where they
 * do not fit into one row, Plotly makes columns as wide as the widest.
 */
function legendRows(traces: readonly Scatter[], width: number): number {
  const entries = traces
    .filter(({ showlegend }) => showlegend)
    .map(({ name = '' }) => 46 + 4.8 * name.length);
  if (entries.reduce((sum, entry) => sum + entry, 0) <= width) return 1;
  const columns = Math.max(1, Math.floor(width / Math.max(...entries)));
  return Math.ceil(entries.length / columns);
}

/** Equal panels with a fixed gap, as shares of the plot area; width in pixels. */
function panelDomains(count: number, width: number): readonly [number, number][] {
  const area = width - MARGIN.l - MARGIN.r;
  const panel = (area - (count - 1) * GAP) / count;
  return Array.from({ length: count }, (_, i) => {
    const left = i * (panel + GAP);
    return [left / area, (left + panel) / area];
  });
}

function panelAxes(panel: Panel, i: number, domain: readonly [number, number]): [string, Axis][] {
  const x = { ...AXIS, domain, anchor: `y${suffix(i)}`, tickformat: '~s', range: [0, lastX(panel)] } as const;
  const y = { ...AXIS, anchor: `x${suffix(i)}`, nticks: 5 };
  return [
    [`xaxis${suffix(i)}`, { ...x, title: axisTitle(panel.xLabel, 4) }],
    [`yaxis${suffix(i)}`, { ...y, title: axisTitle(panel.yLabel, 3) }],
  ];
}

function axisTitle(label: string, standoff: number): NonNullable<Axis['title']> {
  return { text: plainText(label), standoff, font: SMALL_TEXT };
}

function panelTitle(title: string, i: number): Annotation {
  const axes = { xref: `x${suffix(i)} domain`, yref: `y${suffix(i)} domain` };
  return {
    text: plainText(title),
    ...axes,
    x: 0.5,
    y: 1,
    xanchor: 'center',
    yanchor: 'bottom',
    showarrow: false,
  };
}

/** Each name stands in the legend where it first occurs, and nowhere else. */
function legendOnce(traces: readonly Scatter[]): Scatter[] {
  const named = traces.map(({ name }) => name);
  return traces.map((trace, i) => ({
    ...trace,
    showlegend: trace.name !== undefined && named.indexOf(trace.name) === i,
  }));
}
