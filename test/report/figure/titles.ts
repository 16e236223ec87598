import type { Figure } from '../../../lib/report/figure/smallMultiples';

/** The titles of a figure's panels, without the names beside lines. */
export const titlesOf = ({ spec }: { readonly spec: Pick<Figure['spec'], 'layout'> }): string[] =>
  (spec.layout.annotations ?? []).flatMap(({ yref, text }) => (yref.endsWith(' domain') ? [text] : []));
