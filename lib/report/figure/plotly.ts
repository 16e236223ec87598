/** The part of Plotly's figure language that this project's figures use. Units are CSS pixels unless stated. */

export type MarkerSymbol =
  | 'circle'
  | 'square'
  | 'triangle-up'
  | 'diamond'
  | 'circle-open'
  | 'star-open'
  | 'triangle-down'
  | 'x';

export interface Line {
  readonly color?: string;
  readonly width?: number;
  /** A named dash, or lengths such as `4px,2px`. */
  readonly dash?: string;
  /** Steps: to the next x at this height, then up or down. */
  readonly shape?: 'hv';
}

/** Intervals: how far they reach above and below each point. */
export interface ErrorBars {
  readonly type: 'data';
  readonly symmetric: false;
  readonly array: readonly number[];
  readonly arrayminus: readonly number[];
  readonly color?: string;
  readonly thickness?: number;
  readonly width?: number;
}

export interface Scatter {
  readonly type: 'scatter';
  readonly mode: 'lines' | 'lines+markers' | 'markers';
  readonly name?: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly error_x?: ErrorBars;
  readonly error_y?: ErrorBars;
  /** Of each point, for who points at it. */
  readonly text?: readonly string[];
  /** `x`, `x2`, … and `y`, `y2`, …: the panel. */
  readonly xaxis?: string;
  readonly yaxis?: string;
  readonly line?: Line;
  readonly marker?: {
    readonly symbol?: MarkerSymbol;
    readonly size?: number;
    readonly color?: string;
    readonly maxdisplayed?: number;
    readonly line?: Line;
  };
  /** Whether a marker on the panel's edge is cut off there. */
  readonly cliponaxis?: boolean;
  readonly fill?: 'toself' | 'tozeroy';
  readonly fillcolor?: string;
  readonly legendgroup?: string;
  /** Lower ones stand first in the legend. */
  readonly legendrank?: number;
  readonly showlegend?: boolean;
  /** Of the name in the legend, whatever its font. */
  readonly legendwidth?: number;
  readonly hoverinfo?: 'skip';
}

export interface Font {
  readonly family?: string;
  readonly size?: number;
  readonly color?: string;
}

export interface Axis {
  readonly title?: { readonly text: string; readonly standoff?: number; readonly font?: Font };
  /** Share of the plot area, 0 to 1. */
  readonly domain?: readonly [number, number];
  readonly anchor?: string;
  /** From and to; of a logarithmic axis the exponents of ten. */
  readonly range?: readonly [number, number];
  readonly nticks?: number;
  readonly type?: 'log';
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly tickformat?: string;
  readonly tickangle?: number;
  readonly tickfont?: Font;
  readonly ticks?: 'outside' | '';
  readonly ticklen?: number;
  readonly tickwidth?: number;
  readonly showgrid?: boolean;
  readonly zeroline?: boolean;
  readonly showline?: boolean;
  readonly linewidth?: number;
  readonly linecolor?: string;
}

export interface Annotation {
  readonly text: string;
  readonly xref: string;
  readonly yref: string;
  readonly x: number;
  readonly y: number;
  readonly xanchor?: 'left' | 'center' | 'right';
  readonly yanchor?: 'top' | 'middle' | 'bottom';
  readonly xshift?: number;
  readonly showarrow: false;
  readonly font?: Font;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly margin?: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  readonly font?: Font;
  readonly paper_bgcolor?: string;
  readonly plot_bgcolor?: string;
  readonly showlegend?: boolean;
  readonly modebar?: { readonly orientation: 'v' };
  readonly legend?: {
    readonly orientation?: 'h' | 'v';
    readonly x?: number;
    readonly y?: number;
    readonly xanchor?: 'left' | 'center' | 'right';
    readonly yanchor?: 'top' | 'middle' | 'bottom';
    readonly yref?: 'container' | 'paper';
    /** Share of the figure's height, 0 to 1. */
    readonly maxheight?: number;
    readonly tracegroupgap?: number;
    readonly font?: Font;
  };
  readonly annotations?: readonly Annotation[];
  /** `xaxis`, `xaxis2`, `yaxis`, …: one pair a panel. */
  readonly [axis: `xaxis${string}` | `yaxis${string}`]: Axis;
}

export interface Spec {
  readonly data: readonly Scatter[];
  readonly layout: Layout;
}
