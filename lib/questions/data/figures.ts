/** How a data set looks: aggregates in, small multiples out, at most three panels a row. */
import { grouped } from '../../base/grouped';
import type { Scatter } from '../../report/figure/plotly';
import {
  type DrawnPanel,
  type Figure,
  type SmallMultiples,
  smallMultiples,
} from '../../report/figure/smallMultiples';
import { type SeriesStyle, seriesStyles } from '../../report/figure/theme';

const PANELS = 3;
const BINS = 25;
/** Of an only series. */
const [{ color: COLOR }] = seriesStyles(['']).values();

/** One figure, in rows of a few panels; none of no panels. */
const figures = (content: SmallMultiples): Figure[] =>
  content.panels.length === 0 ? [] : [smallMultiples({ ...content, perRow: PANELS })];

export interface LengthShare {
  readonly source: string;
  readonly length: number;
  /** Of the users of the source. */
  readonly share: number;
}

/** How long source sequences are, one panel a source. */
export function lengthFigures(rows: readonly LengthShare[]): Figure[] {
  const panels = grouped(rows, ({ source }) => source).map(([source, own]): DrawnPanel => {
    const longest = Math.max(...own.map(({ length }) => length));
    return {
      title: source,
      traces: [histogram(own, Math.ceil(longest / BINS), longest)],
      x: { label: 'Items in a source sequence', range: [0, longest + 1] },
      y: { label: 'Share of users', tickformat: '.0%', nticks: 5 },
    };
  });
  const caption = 'Lengths of source sequences; longer ones are cut to their latest items.';
  return figures({ name: 'data-lengths', caption, panels });
}

/** Shares in bins of lengths 1 … width, width + 1 … 2 width, … up to the longest. */
function histogram(rows: readonly LengthShare[], width: number, longest: number): Scatter {
  const heights = new Array<number>(Math.ceil(longest / width)).fill(0);
  for (const { length, share } of rows) heights[Math.floor((length - 1) / width)] += share;
  const edges = heights.map((_, bin) => bin * width + 0.5);
  return {
    type: 'scatter',
    mode: 'lines',
    x: [0.5, ...edges, longest + 0.5, longest + 0.5],
    y: [0, ...heights, heights[heights.length - 1], 0],
    line: { color: COLOR, width: 1, shape: 'hv' },
    fill: 'tozeroy',
    fillcolor: `${COLOR}2E`,
  };
}

export interface PopularityPoint {
  readonly task: string;
  readonly domain: string;
  readonly rank: number;
  /** Mean over the items about this rank. */
  readonly count: number;
}

/** Occurrences over popularity rank, both logarithmic: one panel a task, one line a domain. */
export function popularityFigures(rows: readonly PopularityPoint[]): Figure[] {
  const styles = seriesStyles(rows.map(({ domain }) => domain));
  const panels = grouped(rows, ({ task }) => task).map(([task, own]): DrawnPanel => {
    const lines = grouped(own, ({ domain }) => domain);
    return {
      title: task,
      traces: lines.map(([domain, points]): Scatter => {
        const { color, dash, symbol } = styles.get(domain) as SeriesStyle;
        const sorted = [...points].sort((a, b) => a.rank - b.rank);
        return {
          ...{ type: 'scatter', mode: 'lines+markers', name: domain, legendgroup: domain },
          x: sorted.map(({ rank }) => rank),
          y: sorted.map(({ count }) => count),
          line: { color, dash, width: 1 },
          marker: { color, symbol, size: 4 },
        };
      }),
      x: { label: 'Popularity rank', type: 'log', tickvals: POWERS, ticktext: POWER_NAMES },
      y: { label: 'Occurrences', type: 'log', tickvals: POWERS, ticktext: POWER_NAMES },
    };
  });
  const caption =
    'Popularity of items over rank, means of ranks that lie close together: source items by how often they stand in source sequences, ' +
    'target items by how many source users came to them.';
  return figures({ name: 'data-popularity', caption, panels });
}

const POWERS = Array.from({ length: 9 }, (_, exponent) => 10 ** exponent);
const POWER_NAMES = ['1', '10', '100', '1k', '10k', '100k', '1M', '10M', '100M'];
