/** Mean ranks of methods over tasks, the best on top, with the critical difference as bars. */
import { type Figure, smallMultiples, textWidth } from './smallMultiples';
import { intervals, plainText, SMALL_TEXT } from './theme';

const ROW_HEIGHT = 13;
const COLOR = '#0072B2';

type Ranks = Pick<Figure, 'name' | 'caption'> & {
  readonly title: string;
  readonly ranks: readonly { readonly label: string; readonly rank: number }[];
  /** Least difference of two mean ranks that is significant. */
  readonly critical: number;
};

/** Bars are half the critical difference to each side, as far as there are ranks: methods differ where they do not overlap. */
export function rankFigure({ name, caption, title, ranks, critical }: Ranks): Figure {
  const ordered = [...ranks].sort((a, b) => b.rank - a.rank); // the last row stands on top
  const half = critical / 2;
  const points = ordered.map(({ rank: mean }) => ({
    mean,
    low: Math.max(1, mean - half),
    high: Math.min(ranks.length, mean + half),
  }));
  const rows = ordered.map((_, i) => i);
  const left = 12 + Math.max(...ordered.map(({ label }) => textWidth(label, SMALL_TEXT.size)));
  return smallMultiples({
    name,
    caption: `${caption} Bars: half the critical difference of Nemenyi’s test, ${critical.toFixed(1)} ranks, to each side; ranks whose bars do not overlap differ at the 5 % level if blocks are independent.`,
    panels: [
      {
        title,
        traces: [
          {
            ...{ type: 'scatter', mode: 'markers', cliponaxis: false },
            x: points.map(({ mean }) => mean),
            y: rows,
            text: ordered.map(({ label }) => plainText(label)),
            error_x: intervals(points, COLOR),
            marker: { color: COLOR, symbol: 'circle', size: 6 },
          },
        ],
        x: { label: 'Mean rank, 1 is the best', nticks: 8 },
        y: {
          ...{ label: '', range: [-0.7, ordered.length - 0.3], tickvals: rows },
          ticktext: ordered.map(({ label }) => plainText(label)),
        },
      },
    ],
    left,
    panelHeight: ordered.length * ROW_HEIGHT,
  });
}
