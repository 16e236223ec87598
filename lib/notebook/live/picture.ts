/** Curves as an SVG in JupyterLab's own colours, light or dark. */
import escapeHtml from 'escape-html';
import { SCREEN_STYLES } from '../../report/figure/theme';

/** A point of a curve. */
export type Point = { readonly step: number; readonly value: number };

type Line = { readonly run: number; readonly points: readonly Point[] };

/** Curves over steps that share their axes. */
export type Panel = { readonly title: string; readonly lines: readonly Line[] };

/** The key of a line, below the curves. */
type Key = { readonly run: number; readonly text: string };

const WIDTH = 340;
const HEIGHT = 190;
const MARGIN = { left: 52, right: 14, top: 26, bottom: 34 };
const KEY_HEIGHT = 20;

const INK = 'var(--jp-ui-font-color1, #212121)';
const PALE = 'var(--jp-border-color2, #e0e0e0)';
const PAPER = 'var(--jp-layout-color0, #ffffff)';

export const styleOf = (run: number) => SCREEN_STYLES[(run - 1) % SCREEN_STYLES.length];

/** One to four round numbers of a range. */
function ticksIn(low: number, high: number): number[] {
  const rough = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** From the lowest to the highest, never empty. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = low === high ? Math.abs(low) / 10 || 1 : 0;
  return [low - room, high + room];
}

const text = (x: number, y: number, said: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more}>${escapeHtml(said)}</text>`;

const stroke = (run: number) =>
  `fill="none" stroke="${styleOf(run).color}" stroke-width="1.6" stroke-dasharray="${
    styleOf(run).dash === 'solid' ? 'none' : styleOf(run).dash.replaceAll('px', '')
  }"`;

function panelAt({ title, lines }: Panel, i: number): string {
  const points = lines.flatMap((line) => line.points);
  const [, last] = rangeOf([0, ...points.map(({ step }) => step)]);
  const [low, high] = rangeOf(points.map(({ value }) => value));
  const [left, bottom] = [MARGIN.left, HEIGHT - MARGIN.bottom];
  const x = (step: number) => left + (step / last) * (WIDTH - left - MARGIN.right);
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - MARGIN.top);
  const right = WIDTH - MARGIN.right;
  const grid = ticksIn(low, high).map(
    (tick) =>
      `<path d="M${left} ${y(tick).toFixed(1)}H${right}" stroke="${PALE}"/>` +
      text(left - 6, y(tick) + 4, String(tick), ' text-anchor="end"'),
  );
  const steps = ticksIn(0, last).map((tick) =>
    text(x(tick), bottom + 15, String(tick), ' text-anchor="middle"'),
  );
  const drawn = lines.map(({ run, points }) => {
    const at = points.map(({ step, value }) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`);
    const [cx, cy] = at.at(-1)?.split(',') ?? [];
    const end =
      cx === undefined ? '' : `<circle cx="${cx}" cy="${cy}" r="2.4" fill="${styleOf(run).color}"/>`;
    return `<polyline points="${at.join(' ')}" ${stroke(run)}/>${end}`;
  });
  return (
    `<g transform="translate(${i * WIDTH} 0)">${text(left, 16, title, ' font-weight="600"')}` +
    `${text((left + right) / 2, bottom + 29, 'steps', ' text-anchor="middle"')}${[...grid, ...steps, ...drawn].join('')}</g>`
  );
}

/** Panels beside each other, keys below. */
export function picture(panels: readonly Panel[], keys: readonly Key[]): string {
  const [width, height] = [WIDTH * Math.max(1, panels.length), panels.length > 0 ? HEIGHT : 0];
  const below = keys.map(({ run, text: said }, i) => {
    const y = height + KEY_HEIGHT * (i + 0.5);
    return `<path d="M${MARGIN.left} ${y}h24" ${stroke(run)}/>${text(MARGIN.left + 32, y + 4, said)}`;
  });
  const whole = height + KEY_HEIGHT * keys.length;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${whole}" width="${width}" height="${whole}" ` +
    `font-family="system-ui, sans-serif" font-size="11" fill="${INK}" role="img" aria-label="Curves of training">` +
    `<rect width="100%" height="100%" fill="${PAPER}"/>${panels.map(panelAt).join('')}${below.join('')}</svg>`
  );
}
