/** How a data set looks: aggregates in, small multiples out, at most three panels a figure. */
import type { Scatter } from '../../report/figure/plotly';
import {
  type DrawnPanel,
  type Figure,
  type SmallMultiples,
  smallMultiples,
} from '../../report/figure/smallMultiples';
import { plainText, type SeriesStyle, seriesStyles } from '../../report/figure/theme';

const PANELS = 3;
const BINS = 25;
/** Categories that a panel has room for. */
const ROWS = 12;
/** Letters of a category's name that fit beside a panel. */
const LETTERS = 18;
/** Pixels: of a row of a dot plot, above and below its rows, and beside it for names. */
const ROW = 13;
const ROOM = 16;
const NAMES = 100;

/** Of an only series. */
const [{ color: COLOR }] = seriesStyles(['']).values();

/** Rows of one figure each: NAME, NAME-2, …; none of no panels. */
function figures({ name, panels, ...content }: SmallMultiples): Figure[] {
  const starts = panels.map((_, i) => i).filter((i) => i % PANELS === 0);
  return starts.map((start, i) =>
    smallMultiples({
      ...content,
      name: i === 0 ? name : `${name}-${i + 1}`,
      panels: panels.slice(start, start + PANELS),
    }),
  );
}

/** The values of `key` in their order, each with its rows. */
function grouped<Row>(rows: readonly Row[], key: (row: Row) => string): [string, Row[]][] {
  return [...new Set(rows.map(key))].map((value) => [value, rows.filter((row) => key(row) === value)]);
}

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
      traces: lines.map(([domain, points]) => rankLine(domain, points, styles.get(domain) as SeriesStyle)),
      x: { label: 'Popularity rank', type: 'log', tickvals: POWERS, ticktext: POWER_NAMES },
      y: { label: 'Occurrences', type: 'log', tickvals: POWERS, ticktext: POWER_NAMES },
    };
  });
  const caption =
    'Popularity of items over rank, means of ranks that lie close together: source items by how often they stand in source sequences, ' +
    'target items by how many source users came to them.';
  return figures({ name: 'data-popularity', caption, panels });
}

function rankLine(
  domain: string,
  points: readonly PopularityPoint[],
  { color, dash, symbol }: SeriesStyle,
): Scatter {
  const sorted = [...points].sort((a, b) => a.rank - b.rank);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: domain,
    x: sorted.map(({ rank }) => rank),
    y: sorted.map(({ count }) => count),
    line: { color, dash, width: 1 },
    marker: { color, symbol, size: 4 },
    legendgroup: domain,
  };
}

const POWERS = Array.from({ length: 9 }, (_, exponent) => 10 ** exponent);
const POWER_NAMES = ['1', '10', '100', '1k', '10k', '100k', '1M', '10M', '100M'];

interface Share {
  readonly panel: string;
  readonly row: string;
  readonly share: number;
}

/** Overlap of domains, as shares: one panel a measure, one row a task. */
export const overlapFigures = (rows: readonly Share[]): Figure[] =>
  dotPlots('data-overlap', 'What the domains of each task have in common, as shares.', rows);

/** How many users are in each class, as shares: one panel a task, one row a class. */
export const labelFigures = (rows: readonly Share[]): Figure[] =>
  dotPlots('data-labels', 'Classes of the profile tasks, as shares of their users.', rows);

/** A share of nothing is not a number and has no dot. */
function dotPlots(name: string, caption: string, shares: readonly Share[]): Figure[] {
  const present = shares.filter(({ share }) => Number.isFinite(share));
  const groups = grouped(present, ({ panel }) => panel);
  const rows = Math.max(...groups.map(([, own]) => most(own).length));
  const panels = groups.map(([title, own]) => dotPlot(title, most(own), rows));
  return figures({ name, caption, panels, left: NAMES, panelHeight: ROOM + ROW * rows });
}

/** All rows, or the first eleven and the rest as one where there is no room for more. */
function most(rows: readonly Share[]): Share[] {
  if (rows.length <= ROWS) return [...rows];
  const rest = rows.slice(ROWS - 1);
  const share = rest.reduce((sum, row) => sum + row.share, 0);
  return [...rows.slice(0, ROWS - 1), { ...rest[0], row: `${rest.length} others`, share }];
}

/** The first row stands at the top. */
function dotPlot(title: string, own: readonly Share[], rows: number): DrawnPanel {
  const heights = own.map((_, i) => rows - i);
  const end = Math.max(0.01, ...own.map(({ share }) => share));
  return {
    title,
    traces: [
      {
        type: 'scatter',
        mode: 'markers',
        x: own.map(({ share }) => share),
        y: heights,
        marker: { color: COLOR, size: 6 },
        cliponaxis: false,
      },
    ],
    x: { label: 'Share', tickformat: '.0%', range: [-0.03 * end, 1.05 * end] },
    y: { label: '', tickvals: heights, ticktext: own.map(({ row }) => short(row)), range: [0.4, rows + 0.6] },
  };
}

function short(name: string): string {
  return plainText(name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name);
}
