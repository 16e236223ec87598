import fs from 'node:fs';
import { UserError } from '../../base/userError';
import { causal } from '../../experiments/methods/family';
import type { Axis, ErrorBars, Spec } from './plotly';

/** CSS pixels an inch: the unit of every length that Plotly takes. */
export const PIXELS_PER_INCH = 96;

const POINT = PIXELS_PER_INCH / 72;

/** The name under which export embeds its font; notebooks, which have no such font, take the next. */
export const FONT_NAME = 'SourceSans';

/** The CSS rule with the figures' font inside: they look alike on a machine without fonts. */
export function fontFace(): string {
  const file = require.resolve('@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff2');
  const base64 = fs.readFileSync(file).toString('base64');
  return `@font-face{font-family:"${FONT_NAME}";src:url(data:font/woff2;base64,${base64}) format("woff2")}`;
}

const INK = '#000000';

/** Font sizes in pixels: 8 pt and 7 pt in print. */
export const TEXT = { size: 8 * POINT, color: INK };
export const SMALL_TEXT = { size: 7 * POINT, color: INK };

/** Style of a series: the colour on screen, dash and marker in a grey print. */
export type SeriesStyle = Readonly<Record<'color' | 'dash' | 'symbol', string>>;

/** Okabe and Ito (2008), safe for colour-blind readers; grey in place of their yellow, which is lost on white. */
const STYLES: readonly SeriesStyle[] = [
  { color: '#0072B2', dash: 'solid', symbol: 'circle' },
  { color: '#D55E00', dash: '6px,2px', symbol: 'square' },
  { color: '#009E73', dash: '2px,2px', symbol: 'triangle-up' },
  { color: '#CC79A7', dash: '6px,2px,1px,2px', symbol: 'diamond' },
  { color: '#56B4E9', dash: '9px,3px', symbol: 'circle-open' },
  { color: '#E69F00', dash: '4px,2px', symbol: 'star-open' },
  { color: '#000000', dash: '2px,1px', symbol: 'triangle-down' },
  { color: '#7F7F7F', dash: '9px,2px,2px,2px', symbol: 'x' },
];

export const MOST_SERIES = STYLES.length;

/** Styles for a page that may be dark: without black. */
export const SCREEN_STYLES = STYLES.filter(({ color }) => color !== INK);

const { PeterRec, FineAll, FineCLS, FineLast1, FineLast2, PeterZeroFrozen, PeterZeroAll, FineZero } = causal;
const STYLED = [PeterRec, FineAll, FineCLS, FineLast1, FineLast2, PeterZeroFrozen, PeterZeroAll, FineZero];

/**
 * A style for each label. Methods of the paper keep theirs from figure to figure, as do their variants (`PeterRec, best setting`)
 * where the method itself is not there; others have the first free one.
 */
export function seriesStyles(labels: readonly string[]): ReadonlyMap<string, SeriesStyle> {
  const distinct = [...new Set(labels)];
  if (distinct.length > MOST_SERIES)
    throw new UserError(`${distinct.length} series in one figure: expected at most ${MOST_SERIES}`);
  const owners = STYLED.map(({ label }) =>
    distinct.includes(label) ? label : distinct.find((other) => other.split(', ')[0] === label),
  );
  const free = STYLES.filter((_, place) => owners[place] === undefined);
  return new Map(
    distinct.map((label) => {
      const place = owners.indexOf(label);
      return [label, place >= 0 ? STYLES[place] : (free.shift() as SeriesStyle)];
    }),
  );
}

/** Dotted: what does not train; dashed: what trains without a trunk. */
export const REFERENCE_LINE = { color: INK, width: 0.75 * POINT, dash: '1px,2px' };
export const OPPONENT_LINE = { color: INK, width: 0.75 * POINT, dash: '5px,3px' };

export const AXIS: Axis = {
  ...{ showgrid: false, zeroline: false, showline: true, linewidth: 0.5 * POINT, linecolor: INK },
  ...{ ticks: 'outside', ticklen: 2 * POINT, tickwidth: 0.5 * POINT, tickfont: SMALL_TEXT, nticks: 4 },
};

/** Intervals as thin bars around points. */
export const intervals = (
  points: readonly Readonly<Record<'mean' | 'low' | 'high', number>>[],
  color: string,
): ErrorBars => ({
  ...{ type: 'data', symmetric: false },
  array: points.map(({ mean, high }) => high - mean),
  arrayminus: points.map(({ mean, low }) => mean - low),
  ...{ color, thickness: 1, width: 0 },
});

/** Pixels of Plotly's column of buttons. */
const BUTTONS = 34;

/** Figure with room for Plotly's buttons, which would cover its legend. */
export function onScreen({ data, layout: { width, margin, ...layout } }: Spec): Spec {
  const wide = margin && { margin: { ...margin, r: margin.r + BUTTONS } };
  return { data, layout: { ...layout, ...wide, width: width + BUTTONS, modebar: { orientation: 'v' } } };
}

/** Without Plotly’s logo and the button that uploads a figure. */
export const CONFIG = { showSendToCloud: false, displaylogo: false };

export const shortened = (name: string, letters: number): string =>
  name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;

/** Escapes the tags and entities that Plotly reads in text. */
export const plainText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** The text of which it was made. */
export const unescaped = (text: string): string =>
  text.replace(/&gt;/g, '>').replace(/&lt;/g, '<').replace(/&amp;/g, '&');
