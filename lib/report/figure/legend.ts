/** The legend above the panels, laid out by widths that hold in any font. */
import type { Scatter } from './plotly';
import { TEXT } from './theme';

/** Pixels of a row, and around an entry's name: its sample of a line, and the gaps. */
const ROW_HEIGHT = 19;
const AROUND_NAME = 45;

/** `maxheight` keeps it from scrolling in a notebook. */
export const LEGEND = {
  ...{ orientation: 'h', x: 0.5, xanchor: 'center', y: 1, yanchor: 'top', yref: 'container' },
  ...{ maxheight: 1, tracegroupgap: 0, font: TEXT },
};

/** Shows each name once, where it first occurs; none of a trace that hides itself. */
export function legendOnce(traces: readonly Scatter[]): Scatter[] {
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

export const widestEntry = (traces: readonly Scatter[]): number => Math.max(0, ...entriesOf(traces));

/** Height in pixels; entries wrap where the plot area ends. */
export function legendHeight(traces: readonly Scatter[], area: number): number {
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
