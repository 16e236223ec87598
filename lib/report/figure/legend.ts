/** The legend above the panels, laid out by widths that hold in whatever font a front end has. */
import type { Scatter } from './plotly';
import { TEXT } from './theme';

/** Pixels. */
const ROW_HEIGHT = 19;

/** Pixels around an entry's name: its sample of a line, and the gaps. */
const AROUND_NAME = 45;

/** Without a limit on its height, lest it scroll in a notebook. */
export const LEGEND = {
  orientation: 'h',
  x: 0.5,
  xanchor: 'center',
  y: 1,
  yanchor: 'top',
  yref: 'container',
  maxheight: 1,
  tracegroupgap: 0,
  font: TEXT,
} as const;

/** Each name stands in the legend where it first occurs, and nowhere else; not where a trace says that it does not. */
export function legendOnce(traces: readonly Scatter[]): Scatter[] {
  const named = traces.map(({ name }) => name);
  return traces.map((trace, i) =>
    trace.name !== undefined && trace.showlegend !== false && named.indexOf(trace.name) === i
      ? { ...trace, showlegend: true, legendwidth: textWidth(trace.name, TEXT.size) }
      : { ...trace, showlegend: false },
  );
}

/** Pixels of each entry. */
const entriesOf = (traces: readonly Scatter[]): number[] =>
  traces.flatMap(({ legendwidth }) => (legendwidth === undefined ? [] : [AROUND_NAME + legendwidth]));

/** Pixels of the widest entry. */
export const widestEntry = (traces: readonly Scatter[]): number => Math.max(0, ...entriesOf(traces));

/** Pixels that the legend takes off the top of a figure: an entry goes on in a new row where the plot area ends. */
export function legendHeight(traces: readonly Scatter[], area: number): number {
  let [rows, used] = [0, area];
  for (const entry of entriesOf(traces)) {
    const breaks = used + entry > area;
    if (breaks) rows++;
    used = breaks ? entry : used + entry;
  }
  return rows * ROW_HEIGHT;
}

/** Shares of the font's size that letters take in DejaVu Sans, the widest font that stands in for the figures' own. */
const LETTER_WIDTHS: readonly [RegExp, number][] = [
  [/[\u2E80-\uFFFF]/, 1],
  [/[mwMW@%]/, 0.95],
  [/[ijlIJ .,:;'|]/, 0.31],
  [/[frt()[\]/-]/, 0.4],
  [/[A-Z0-9]/, 0.68],
];
const OTHER_LETTER = 0.61;

/** Pixels that a text of a size in pixels takes in whatever font, rounded up. */
export function textWidth(text: string, size: number): number {
  const letters = [...text].map(
    (letter) => LETTER_WIDTHS.find(([kind]) => kind.test(letter))?.[1] ?? OTHER_LETTER,
  );
  return Math.ceil(size * letters.reduce((sum, width) => sum + width, 0));
}
