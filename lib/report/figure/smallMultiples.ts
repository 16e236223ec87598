import type { Annotation, Axis, Layout, Scatter, Spec } from './plotly';
import { AXIS, FONT_NAME, PIXELS_PER_INCH, plainText, SMALL_TEXT, TEXT } from './theme';

/** A figure as a plain object: its file stem, a Plotly specification, and its size on paper in inches. */
export interface Figure {
  readonly name: string;
  readonly caption: string;
  readonly spec: Spec;
  readonly width: number;
  readonly height: number;
}

/** An axis by its label and what differs from the theme's. */
type PanelAxis = Omit<Axis, 'title' | 'domain' | 'anchor'> & { readonly label: string };

/** Traces without a name stand in no legend; `labels`: names right of the panel in place of a legend. */
export interface DrawnPanel {
  readonly title: string;
  readonly traces: readonly Scatter[];
  readonly x: PanelAxis;
  readonly y: PanelAxis;
  readonly labels?: readonly DirectLabel[];
}

/** The name of a line, at a height in the panel's own units. */
export type DirectLabel = { readonly text: string; readonly color: string; readonly y: number };

/**
 * Pixels `left` of each row of panels, whose axis the others then share, and `right` of them for direct labels; `perRow` of
 * `PER_ROW` panels at most.
 */
export type SmallMultiples = Pick<Figure, 'name' | 'caption'> &
  Partial<Readonly<Record<'left' | 'right' | 'panelHeight' | 'perRow', number>>> & {
    /** null: a place that stays empty. */
    readonly panels: readonly (DrawnPanel | null)[];
  };

/** Inches: the column of a two-column paper takes two panels, its text width more. */
const COLUMN_WIDTH = 10 / 3;
const TEXT_WIDTH = 7;

export const PER_ROW = 5;

/** Pixels around panels: room for tick labels, axis titles and the panel's title. */
const MARGIN = { r: 12, t: 23, b: 34 };
const LEFT = 46;
/** Pixels between panels that share one y axis. */
const SHARED = 24;
export const PANEL_HEIGHT = 92;

/** Rows of small panels under one shared legend. */
export function smallMultiples(content: SmallMultiples): Figure {
  const { name, caption, panels, left = LEFT, right = MARGIN.r, panelHeight = PANEL_HEIGHT } = content;
  const data = legendOnce(
    panels.flatMap((panel, i) =>
      (panel?.traces ?? []).map((trace) => ({ ...trace, xaxis: `x${suffix(i)}`, yaxis: `y${suffix(i)}` })),
    ),
  );
  const isWide =
    panels.length > 2 ||
    left > LEFT ||
    (right > MARGIN.r && panels.length > 1) ||
    Math.max(0, ...entriesOf(data)) > COLUMN_WIDTH * PIXELS_PER_INCH - left - right;
  const width = isWide ? TEXT_WIDTH : COLUMN_WIDTH;
  const area = width * PIXELS_PER_INCH - left - right;
  const top = MARGIN.t + legendHeight(data, area);
  const perRow = Math.min(content.perRow ?? PER_ROW, PER_ROW);
  const rows = Math.max(1, Math.ceil(panels.length / perRow));
  const plots = rows * panelHeight + (rows - 1) * (MARGIN.t + MARGIN.b);
  const height = wholeDots(top + plots + MARGIN.b) / PIXELS_PER_INCH;
  const across = spans(Math.min(panels.length, perRow), area, content.left === undefined ? LEFT : SHARED);
  const down = spans(rows, plots, MARGIN.t + MARGIN.b).reverse();
  const layout: Layout = {
    ...{ width: width * PIXELS_PER_INCH, height: height * PIXELS_PER_INCH },
    font: { family: `${FONT_NAME}, Arial, Helvetica, sans-serif`, ...TEXT },
    ...{ paper_bgcolor: '#FFFFFF', plot_bgcolor: '#FFFFFF' },
    margin: { ...MARGIN, r: right, l: left, t: top },
    showlegend: true,
    legend: LEGEND,
    annotations: panels.flatMap((panel, i) =>
      panel ? [panelTitle(panel.title, i), ...directLabels(panel, i)] : [],
    ),
    ...Object.fromEntries(
      panels.flatMap((panel, i) =>
        panel ? panelAxes(panel, i, across[i % perRow], down[Math.floor(i / perRow)]) : [],
      ),
    ),
  };
  return { name, caption, spec: { data, layout }, width, height };
}

/** Plotly's suffix of the i-th panel's axes: none, 2, 3, … */
const suffix = (i: number): string => (i === 0 ? '' : `${i + 1}`);

/** Rounded up to 8 pixels: 25 whole dots at 300 an inch, so that PDF and PNG have exactly the figure's size. */
const wholeDots = (pixels: number): number => Math.ceil(pixels / 8) * 8;

type Span = readonly [from: number, to: number];

/** Equal lengths with gaps between them (pixels), as shares of the whole. */
function spans(count: number, whole: number, gap: number): Span[] {
  const length = (whole - (count - 1) * gap) / count;
  const starts = Array.from({ length: count }, (_, i) => i * (length + gap));
  return starts.map((start) => [start / whole, (start + length) / whole]);
}

const panelAxes = ({ x, y }: DrawnPanel, i: number, across: Span, down: Span): [string, Axis][] => [
  [`xaxis${suffix(i)}`, { ...axis(x, 4), domain: across, anchor: `y${suffix(i)}` }],
  [`yaxis${suffix(i)}`, { ...axis(y, 3), domain: down, anchor: `x${suffix(i)}` }],
];

const axis = ({ label, ...rest }: PanelAxis, standoff: number): Axis => ({
  ...AXIS,
  ...rest,
  title: { text: plainText(label), standoff, font: SMALL_TEXT },
});

const panelTitle = (title: string, i: number): Annotation => ({
  ...{ text: plainText(title), xref: `x${suffix(i)} domain`, yref: `y${suffix(i)} domain` },
  ...{ x: 0.5, y: 1, xanchor: 'center', yanchor: 'bottom', showarrow: false },
});

/** Beside the panel's right edge, in the colours of their lines. */
const directLabels = ({ labels = [] }: DrawnPanel, i: number): Annotation[] =>
  labels.map(({ text, color, y }) => ({
    ...{ text: plainText(text), xref: `x${suffix(i)} domain`, yref: `y${suffix(i)}` },
    ...{ x: 1, y, xshift: 5, xanchor: 'left', yanchor: 'middle', showarrow: false },
    font: { ...SMALL_TEXT, color },
  }));

/** Pixels of a row of the legend, and around an entry's name: its sample of a line, and the gaps. */
const ROW_HEIGHT = 19;
const AROUND_NAME = 45;

/** `maxheight` keeps it from scrolling in a notebook. */
const LEGEND = {
  ...{ orientation: 'h', x: 0.5, xanchor: 'center', y: 1, yanchor: 'top', yref: 'container' },
  ...{ maxheight: 1, tracegroupgap: 0, font: TEXT },
};

/** Shows each name once, where it first occurs; none of a trace that hides itself. */
function legendOnce(traces: readonly Scatter[]): Scatter[] {
  const named = traces.map(({ name }) => name);
  return traces.map((trace, i) =>
    trace.name !== undefined && trace.showlegend !== false && named.indexOf(trace.name) === i
      ? { ...trace, showlegend: true, legendwidth: textWidth(trace.name, TEXT.size) }
      : { ...trace, showlegend: false },
  );
}

/** Widths of the entries in pixels. */
const entriesOf = (traces: readonly Scatter[]): number[] =>
  traces.flatMap(({ legendwidth }) => (legendwidth === undefined ? [] : [AROUND_NAME + legendwidth]));

/** Height in pixels; entries wrap where the plot area ends. */
function legendHeight(traces: readonly Scatter[], area: number): number {
  let [rows, used] = [0, area];
  for (const entry of entriesOf(traces)) {
    const breaks = used + entry > area;
    if (breaks) rows++;
    used = breaks ? entry : used + entry;
  }
  return rows * ROW_HEIGHT;
}

/** Widths of letters over the font's size in DejaVu Sans, the widest fallback of the figures' font. */
const LETTER_WIDTHS: readonly [RegExp, number][] = [
  [/[\u2E80-\uFFFF]/, 1],
  [/[mwMW@%]/, 0.95],
  [/[ijlIJ .,:;'|]/, 0.31],
  [/[frt()[\]/-]/, 0.4],
  [/[A-Z0-9]/, 0.68],
];
const OTHER_LETTER = 0.61;

/** Width in pixels of a text of this size in any font, rounded up. */
export function textWidth(text: string, size: number): number {
  const widthOf = (letter: string) => LETTER_WIDTHS.find(([kind]) => kind.test(letter))?.[1] ?? OTHER_LETTER;
  return Math.ceil(size * [...text].reduce((sum, letter) => sum + widthOf(letter), 0));
}
