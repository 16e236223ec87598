/** The numbers that a figure draws, for other programs. */
import { csvText } from '../table/formats';
import type { ErrorBars, Scatter, Spec } from './plotly';
import { unescaped } from './theme';

const FIELDS = 'panel,series,label,x axis,y axis,x,x low,x high,y,y low,y high'.split(',');

/** A row a point of each named or labelled trace; intervals are bars or bands. */
export function csvOf({ data, layout }: Spec): string {
  const titles = new Map(
    (layout.annotations ?? []).flatMap(({ xref, yref, text }) =>
      yref.endsWith(' domain') ? [[xref.replace(' domain', ''), text] as const] : [],
    ),
  );
  const axis = (name: 'x' | 'y', ref = name as string) =>
    layout[`${name}axis${ref.slice(1)}` as `xaxis${string}`]?.title?.text ?? '';
  const rows = data
    .filter(({ fill, hoverinfo }) => fill !== 'toself' && hoverinfo !== 'skip')
    .flatMap((trace) => {
      const band = bandOf(trace, data);
      return trace.x.map((x, i) => [
        titles.get(trace.xaxis ?? 'x') ?? '',
        trace.name ?? trace.legendgroup ?? '',
        trace.text?.[i] ?? '',
        axis('x', trace.xaxis),
        axis('y', trace.yaxis),
        trace.customdata?.[i] ?? x,
        ...ends(x, i, trace.error_x),
        trace.meta?.[i] ?? trace.y[i],
        ...(band ? [band.y[2 * trace.x.length - 1 - i], band.y[i]] : ends(trace.y[i], i, trace.error_y)),
      ]);
    });
  const plain = (cell: number | string) => (typeof cell === 'string' ? unescaped(cell) : cell);
  return csvText(
    FIELDS,
    rows.map((row) => row.map(plain)),
  );
}

/** The band of a curve: along its upper edge and back along its lower one. */
function bandOf({ mode, legendgroup, xaxis }: Scatter, data: readonly Scatter[]): Scatter | undefined {
  if (mode !== 'lines+markers') return undefined;
  const bands = data.filter(({ fill }) => fill === 'toself');
  return bands.find((band) => band.legendgroup === legendgroup && band.xaxis === xaxis);
}

const ends = (value: number, i: number, bars?: ErrorBars): (number | string)[] =>
  bars ? [value - bars.arrayminus[i], value + bars.array[i]] : ['', ''];
