/** The part of Plotly's figure language that this project's figures use. Units are CSS pixels unless stated. */

type Some<Texts extends string, Numbers extends string = never, Switches extends string = never> = Partial<
  Readonly<Record<Texts, string> & Record<Numbers, number> & Record<Switches, boolean>>
>;
type Pair = readonly [number, number];

/** `dash`: a name, or lengths such as `4px,2px`; `shape` hv: to the next x at this height, then up or down. */
export type Line = Some<'color' | 'dash' | 'shape', 'width'>;

/** Intervals: how far they reach above and below each point. */
export type ErrorBars = Some<'type' | 'color', 'thickness' | 'width', 'symmetric'> & {
  readonly array: readonly number[];
  readonly arrayminus: readonly number[];
};

/** `xaxis` and `yaxis` name the panel: `x`, `x2`, …; `legendrank`: lower ones stand first in the legend. */
export type Scatter = Some<
  'name' | 'xaxis' | 'yaxis' | 'fill' | 'fillcolor' | 'legendgroup' | 'hoverinfo',
  'legendrank' | 'legendwidth',
  'cliponaxis' | 'showlegend'
> & {
  readonly type: 'scatter';
  readonly mode: 'lines' | 'lines+markers' | 'markers';
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly error_x?: ErrorBars;
  readonly error_y?: ErrorBars;
  /** Values of x where points are not drawn at them. */
  readonly customdata?: readonly number[];
  /** Of y. */
  readonly meta?: readonly number[];
  /** Of each point, for who points at it. */
  readonly text?: readonly string[];
  readonly line?: Line;
  readonly marker?: Some<'symbol' | 'color', 'size' | 'maxdisplayed'> & { readonly line?: Line };
};

export type Font = Some<'family' | 'color', 'size'>;

/** `matches`: the axis whose range it shares. */
export type Axis = Some<
  'anchor' | 'matches' | 'type' | 'tickformat' | 'ticks' | 'linecolor',
  'nticks' | 'dtick' | 'tickangle' | 'ticklen' | 'tickwidth' | 'linewidth',
  'showgrid' | 'zeroline' | 'showline'
> & {
  readonly title?: { readonly text: string; readonly standoff?: number; readonly font?: Font };
  /** Share of the plot area, 0 to 1. */
  readonly domain?: Pair;
  /** From and to; of a logarithmic axis the exponents of ten. */
  readonly range?: Pair;
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly tickfont?: Font;
};

export type Annotation = Some<'xanchor' | 'yanchor', 'xshift', 'showarrow'> &
  Readonly<Record<'text' | 'xref' | 'yref', string> & Record<'x' | 'y', number>> & { readonly font?: Font };

export type Layout = Some<'paper_bgcolor' | 'plot_bgcolor', never, 'showlegend'> & {
  readonly width: number;
  readonly height: number;
  readonly margin?: Readonly<Record<'l' | 'r' | 't' | 'b', number>>;
  readonly font?: Font;
  readonly legend?: object;
  readonly modebar?: object;
  readonly annotations?: readonly Annotation[];
  /** `xaxis`, `xaxis2`, `yaxis`, …: one pair a panel. */
  readonly [axis: `xaxis${string}` | `yaxis${string}`]: Axis;
};

export interface Spec {
  readonly data: readonly Scatter[];
  readonly layout: Layout;
}
