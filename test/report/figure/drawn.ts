/** Where parts of a figure stand when it is drawn. */
import { withPages } from '../../../lib/report/figure/browser';
import { renderFigure } from '../../../lib/report/figure/render';
import type { Figure } from '../../../lib/report/figure/smallMultiples';

/** As a notebook shows it, which has another font than the exported figure. */
export function inNotebook({ spec, ...figure }: Figure): Figure {
  const font = { ...spec.layout.font, family: 'sans-serif' };
  return { ...figure, spec: { ...spec, layout: { ...spec.layout, font } } };
}

export type Box = Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>;

/** The boxes of what each selector finds, in pixels. */
export async function boxesIn(figure: Figure, ...selectors: readonly string[]): Promise<Box[][]> {
  const drawn = await renderFigure(figure);
  return withPages(async ({ paper }) => {
    await paper.setContent(`<style>body{margin:0}svg{display:block}</style>${drawn?.svg}`);
    return paper.evaluate<
      Box[][]
    >(`document.fonts.ready.then(() => ${JSON.stringify(selectors)}.map((selector) =>
      [...document.querySelectorAll(selector)].map((element) => element.getBoundingClientRect().toJSON())))`);
  });
}
