import { textWidth } from './legend';
import { lastX, type Panel, panelTraces } from './panel';
import {
  type DirectLabel,
  type DrawnPanel,
  type Figure,
  PANEL_HEIGHT,
  PER_ROW,
  smallMultiples,
} from './smallMultiples';
import { type SeriesStyle, SMALL_TEXT, seriesStyles } from './theme';

export interface ConvergenceContent {
  readonly name: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
}

/** Curves up to which each is named beside it; more share a legend. */
const NAMED_BESIDE = 3;

/** Letters of the longest of them. */
const LETTERS = 26;

/** Pixels between names. */
const NAME_HEIGHT = 10;

/** Small panels: how methods converge, one panel a task. */
export function convergenceFigure({ name, caption, panels }: ConvergenceContent): Figure {
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
  const drawn = panels.map((panel, i): DrawnPanel => {
    const { title, xLabel, yLabel, xFormat = '~s' } = panel;
    const traces = panelTraces(panel, i, styles);
    return {
      title,
      traces: isNamed ? traces.map((trace) => ({ ...trace, showlegend: false })) : traces,
      x: { label: xLabel, tickformat: xFormat, range: [0, lastX(panel)] },
      y: { label: yLabel, nticks: 5 },
      ...(isNamed && panel === last ? namedBeside(panel, yLabel, styles) : {}),
    };
  });
  return smallMultiples({
    name,
    caption,
    panels: drawn,
    ...(isNamed && { right: 10 + Math.max(0, ...widths) }),
  });
}

/** A name at the end of each line, moved apart where ends lie close. */
function namedBeside(
  { series, references = [] }: Panel,
  label: string,
  styles: ReadonlyMap<string, SeriesStyle>,
): Pick<DrawnPanel, 'labels' | 'y'> {
  const points = series.flatMap((one) => one.points);
  const values = [...points.flatMap(({ low, high }) => [low, high]), ...references.map(({ y }) => y)];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = 0.05 * (most - least || 1);
  const range = [least - room, most + room] as const;
  const ends = [
    ...series.map((one) => ({
      text: one.label,
      color: styles.get(one.label)?.color ?? '#000000',
      y: one.points.at(-1)?.mean ?? least,
    })),
    ...references.map(({ label, y, line: { color = '#000000' } }) => ({ text: label, color, y })),
  ];
  const step = (NAME_HEIGHT * (range[1] - range[0])) / PANEL_HEIGHT;
  return { labels: apart(ends, step, range), y: { label, nticks: 5, range } };
}

/** Labels from the lowest up, each at least a step above the one before, and none above the range. */
function apart(
  ends: readonly DirectLabel[],
  step: number,
  [low, high]: readonly [number, number],
): DirectLabel[] {
  const sorted = [...ends].sort((a, b) => a.y - b.y);
  const up: number[] = [];
  for (const [i, { y }] of sorted.entries())
    up.push(i === 0 ? Math.max(y, low) : Math.max(y, up[i - 1] + step));
  for (let i = up.length - 1, top = high; i >= 0; i--, top = up[i + 1] - step) up[i] = Math.min(up[i], top);
  return sorted.map((end, i) => ({ ...end, y: up[i] }));
}
