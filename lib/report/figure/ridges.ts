/** Curves in rows, one below the other, the chosen point of each marked; panels beside one another share the rows. */
import type { Scatter } from './plotly';
import { type DrawnPanel, type Figure, smallMultiples, textWidth } from './smallMultiples';
import { plainText, SMALL_TEXT } from './theme';

const ROW_HEIGHT = 21;
/** Share of a row that a curve takes at most. */
const TALL = 0.8;
const [INK, CHOSEN] = ['#0072B2', '#D55E00'];

type Point = { readonly x: number; readonly y: number; readonly text: string; readonly isChosen: boolean };

/** The points of a row by its label. */
export type Ridge = { readonly label: string; readonly points: readonly Point[] };

/** `height`: of a row in units of y; what lies further below the best of its row stands at the bottom. */
type Panel = { readonly title: string; readonly ridges: readonly Ridge[]; readonly height: number };

type Ridges = Pick<Figure, 'name' | 'caption'> & {
  readonly panels: readonly Panel[];
  readonly labels: readonly string[];
  readonly x: {
    readonly label: string;
    readonly from: number;
    readonly to: number;
    readonly ticks?: readonly number[];
  };
};

/** The first label on top; the axis is logarithmic and ends where the range of x ends, with `ticks` or one a power of ten. */
export function ridges({ name, caption, panels, labels, x }: Ridges): Figure {
  const bottom = 0.9 - labels.length;
  const panel = ({ title, ridges: own, height }: Panel, i: number): DrawnPanel => {
    const lines = own.map(({ label, points }) => {
      const best = Math.max(...points.map(({ y }) => y));
      const placed = ({ y }: Point) =>
        TALL * Math.max(0, 1 - (best - y) / (height || 1)) - labels.indexOf(label);
      return [...points]
        .sort((a, b) => a.x - b.x)
        .map((point) => ({ ...point, label, y: placed(point), value: point.y }));
    });
    const chosen = lines.flat().filter(({ isChosen }) => isChosen);
    return {
      title,
      traces: [
        ...lines.map((points) =>
          trace(points, {
            ...{ mode: 'lines+markers', showlegend: false, legendgroup: points[0]?.label },
            line: { color: INK, width: 1 },
            marker: { color: INK, symbol: 'circle', size: 3 },
          }),
        ),
        ...(chosen.length > 0 ? [trace(chosen, MARKED)] : []),
      ],
      x: {
        ...{ label: x.label, type: 'log', tickangle: 0, tickformat: '~g' },
        range: [Math.log10(x.from), Math.log10(x.to)],
        ...(x.ticks ? { tickvals: x.ticks } : { dtick: 1 }),
      },
      y: {
        ...{ label: '', range: [bottom, 1], tickvals: labels.map((_, row) => TALL / 2 - row) },
        ticktext: labels.map((label) => (i === 0 ? `${plainText(label)}\u00a0` : '')),
        ...{ ticks: '', showline: false },
      },
    };
  };
  return smallMultiples({
    ...{ name, caption, panelHeight: Math.max(3, labels.length) * ROW_HEIGHT },
    panels: panels.map(panel),
    left: 16 + Math.max(...labels.map((label) => textWidth(label, SMALL_TEXT.size))),
  });
}

const MARKED = {
  ...({ mode: 'markers', name: 'chosen' } as const),
  marker: { color: CHOSEN, symbol: 'diamond', size: 8 },
};

const trace = (
  points: readonly (Point & { readonly value: number })[],
  look: Partial<Scatter> & Pick<Scatter, 'mode'>,
): Scatter => ({
  ...{ type: 'scatter', cliponaxis: false, ...look },
  x: points.map(({ x }) => x),
  y: points.map(({ y }) => y),
  meta: points.map(({ value }) => value),
  text: points.map(({ text }) => plainText(text)),
});
