import type { Spec } from './plotly';
import type { Figure } from './smallMultiples';
import { PIXELS_PER_INCH } from './theme';

/** Any figure of Plotly's, of whatever kinds of traces. */
export interface PlotlySpec {
  readonly data: readonly object[];
  readonly layout: object;
}

/** Plotly's own size in CSS pixels where a layout names none. */
const SIZE = { width: 700, height: 450 };

/** A figure whose picture is drawn at the size that its layout names, called by its title. */
export function pictureOf({ data, layout }: PlotlySpec): Figure {
  const sized = { ...SIZE, ...layout };
  return {
    name: 'plotly',
    caption: titleOf(layout) ?? 'A figure.',
    spec: { data, layout: sized } as unknown as Spec,
    width: sized.width / PIXELS_PER_INCH,
    height: sized.height / PIXELS_PER_INCH,
  };
}

/** A title is a text, or an object that holds one. */
function titleOf(layout: { readonly title?: string | { readonly text?: string } }): string | undefined {
  return typeof layout.title === 'object' ? layout.title.text : layout.title;
}
