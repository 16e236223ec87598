/** Curves of trainings as an SVG in JupyterLab's own colours, light or dark. */
import escapeHtml from 'escape-html';
import { SCREEN_STYLES } from '../../report/figure/theme';
import type { Training } from './training';

/** A point of a curve. */
export type Point = { readonly step: number; readonly value: number };

/** A curve for each training, in one pair of axes. */
type Panel = { readonly title: string; readonly curves: readonly (readonly Point[])[] };

const [WIDTH, HEIGHT, LINE_HEIGHT, LETTER_WIDTH] = [340, 180, 20, 6.6];
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 326, 26, 156];

const INK = 'var(--jp-ui-font-color1, #212121)';
const AXIS = 'var(--jp-border-color1, #bdbdbd)';
const PAPER = 'var(--jp-layout-color0, #ffffff)';

const colorOf = (i: number) => SCREEN_STYLES[i % SCREEN_STYLES.length].color;

const text = (x: number, y: number, words: string, anchor = 'start') =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapeHtml(words)}</text>`;

/** Axes are labelled at their ends: the lowest and the highest value, the last step. */
function panelAt({ title, curves }: Panel, i: number): string {
  const [steps, values] = [curves.flat().map(({ step }) => step), curves.flat().map(({ value }) => value)];
  const [last, low, high] = [Math.max(...steps), Math.min(...values), Math.max(...values)];
  const x = (step: number) => LEFT + (step / last) * (RIGHT - LEFT);
  const y = (value: number) => BOTTOM - ((value - low) / (high - low || 1)) * (BOTTOM - TOP);
  const lines = curves.map((points, at) => {
    const path = points.map(({ step, value }) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colorOf(at)}" stroke-width="1.6"/>`;
  });
  const ends = [
    text(LEFT - 6, BOTTOM, low.toPrecision(3), 'end'),
    text(LEFT - 6, TOP + 8, high.toPrecision(3), 'end'),
    text(RIGHT, BOTTOM + 16, `step ${last}`, 'end'),
  ];
  const axes = `<path d="M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}" fill="none" stroke="${AXIS}"/>`;
  const drawn = [axes, text(LEFT, 16, title), ...lines, ...(values.length > 0 ? ends : [])];
  return `<g transform="translate(${i * WIDTH} 0)">${drawn.join('')}</g>`;
}

/** The training loss, and each metric of validation. */
function panelsOf(trainings: readonly Training[]): Panel[] {
  const metrics = [...new Set(trainings.map(({ about }) => about.metric))];
  return [
    { title: 'training loss', curves: trainings.map(({ losses }) => losses) },
    ...metrics.map((metric) => ({
      title: `${metric}, validation`,
      curves: trainings.map(({ about, curve }) => (about.metric === metric ? curve : [])),
    })),
  ];
}

/** Panels beside each other; below them a line of text for each training, and one about all. */
export function pictureOf(trainings: readonly Training[], headline: string): string {
  const panels = panelsOf(trainings);
  const lines = [...trainings.map(({ line }) => line), ...(headline === '' ? [] : [headline])];
  const written = lines.map((line, i) => {
    const y = HEIGHT + LINE_HEIGHT * (i + 0.7);
    const key =
      i < trainings.length ? `<path d="M4 ${y - 4}h16" stroke="${colorOf(i)}" stroke-width="3"/>` : '';
    return key + text(26, y, line);
  });
  const width = Math.max(WIDTH * panels.length, ...lines.map((line) => 26 + LETTER_WIDTH * line.length));
  const height = HEIGHT + LINE_HEIGHT * lines.length;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="system-ui, sans-serif" font-size="11" fill="${INK}" role="img" aria-label="Curves of training">` +
    `<rect width="100%" height="100%" fill="${PAPER}"/>${panels.map(panelAt).join('')}${written.join('')}</svg>`
  );
}
