import type { Figure } from '../../../lib/report/figure/smallMultiples';

/** The titles of a figure's panels, without the names beside lines. */
export const titlesOf = ({ spec }: { readonly spec: Pick<Figure['spec'], 'layout'> }): string[] =>
  (spec.layout.annotations ?? []).flatMap(({ yref, text }) => (yref.endsWith(' domain') ? [text] : []));

/** The names in a figure's legend. */
export const legendOf = ({ spec }: Pick<Figure, 'spec'>) =>
  spec.data.filter(({ showlegend }) => showlegend).map(({ name }) => name);
