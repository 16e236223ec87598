import { LEGEND, legendHeight, legendOnce } from './legend';
import { suffix } from './panel';
import type { Annotation, Axis, Layout, Scatter, Spec } from './plotly';
import { AXIS, baseLayout, PIXELS_PER_INCH, plainText, SMALL_TEXT } from './theme';

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

/** An axis by its label and what differs from the theme's. */
export interface PanelAxis extends Omit<Axis, 'title' | 'domain' | 'anchor'> {
  readonly label: string;
}

export interface DrawnPanel {
  readonly title: string;
  /** Those without a name stand in no legend. */
  readonly traces: readonly Scatter[];
  readonly x: PanelAxis;
  readonly y: PanelAxis;
}

export interface SmallMultiples {
  readonly name: string;
  readonly caption: string;
  readonly panels: readonly DrawnPanel[];
  /** Pixels to the left of each panel, for tick labels and the axis title. */
  readonly left?: number;
  /** Pixels. */
  readonly panelHeight?: number;
}

/** Inches: the column of a two-column paper takes two panels, its text width more. */
const COLUMN_WIDTH = 10 / 3;
const TEXT_WIDTH = 7;

/** Pixels around panels: room for tick labels, axis titles and the panel's title. */
const MARGIN = { r: 12, t: 23, b: 34 };
const LEFT = 42;
const PANEL_HEIGHT = 92;

/** One row of small panels under one shared legend, if there is anything to tell apart. */
export function smallMultiples(content: SmallMultiples): Figure {
  const { name, caption, panels, left = LEFT, panelHeight = PANEL_HEIGHT } = content;
  const data = legendOnce(panels.flatMap(({ traces }, i) => traces.map((trace) => onAxes(trace, i))));
  const width = panels.length > 2 || left > LEFT ? TEXT_WIDTH : COLUMN_WIDTH;
  const top = MARGIN.t + legendHeight(data, width * PIXELS_PER_INCH - left - MARGIN.r);
  const height = wholeDots(top + panelHeight + MARGIN.b) / PIXELS_PER_INCH;
  const domains = panelDomains(panels.length, width * PIXELS_PER_INCH, left);
  const layout: Layout = {
    ...baseLayout(width, height),
    margin: { ...MARGIN, l: left, t: top },
    showlegend: true,
    legend: LEGEND,
    annotations: panels.map(({ title }, i) => panelTitle(title, i)),
    ...Object.fromEntries(panels.flatMap((panel, i) => panelAxes(panel, i, domains[i]))),
  };
  return { name, caption, spec: { data, layout }, width, height };
}

function onAxes(trace: Scatter, i: number): Scatter {
  return { ...trace, xaxis: `x${suffix(i)}`, yaxis: `y${suffix(i)}` };
}

/** Rounded up to 8 pixels: 25 whole dots at 300 an inch, so that PDF and PNG have exactly the figure's size. */
function wholeDots(pixels: number): number {
  return Math.ceil(pixels / 8) * 8;
}

/** Equal panels with `gap` pixels between them, as shares of the plot area; width in pixels. */
function panelDomains(count: number, width: number, gap: number): readonly [number, number][] {
  const area = width - gap - MARGIN.r;
  const panel = (area - (count - 1) * gap) / count;
  return Array.from({ length: count }, (_, i) => {
    const left = i * (panel + gap);
    return [left / area, (left + panel) / area];
  });
}

function panelAxes({ x, y }: DrawnPanel, i: number, domain: readonly [number, number]): [string, Axis][] {
  return [
    [`xaxis${suffix(i)}`, { ...axis(x, 4), domain, anchor: `y${suffix(i)}` }],
    [`yaxis${suffix(i)}`, { ...axis(y, 3), anchor: `x${suffix(i)}` }],
  ];
}

function axis({ label, ...rest }: PanelAxis, standoff: number): Axis {
  return { ...AXIS, ...rest, title: { text: plainText(label), standoff, font: SMALL_TEXT } };
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
