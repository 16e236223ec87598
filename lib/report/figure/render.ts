import escapeHtml from 'escape-html';
import type { Page } from 'playwright-core';
import { fingerprint } from '../../base/fingerprint';
import { NoBrowser, withPages } from './browser';
import type { Spec } from './plotly';
import type { Figure } from './smallMultiples';
import { fontFace, PIXELS_PER_INCH } from './theme';

/** An SVG and a PDF of one page of the figure's exact size, both with the font inside, and a PNG of 300 dots an inch. */
type Rendering = { readonly svg: string; readonly pdf: Buffer; readonly png: Buffer };

/** Undefined where there is no browser. */
function ifDrawn(error: unknown): undefined {
  if (error instanceof NoBrowser) return undefined;
  throw error;
}

/** Draws a figure in the process's browser; undefined without one. */
export const renderFigure = (figure: Figure): Promise<Rendering | undefined> =>
  withPages(async ({ plotly, paper }) => {
    const svg = standalone(await drawSvg(plotly, figure), figure);
    return { svg, ...(await printSvg(paper, svg, figure)) };
  }).catch(ifDrawn);

/** The SVG alone. */
export const drawFigure = (figure: Figure): Promise<string | undefined> =>
  withPages(async ({ plotly }) => standalone(await drawSvg(plotly, figure), figure)).catch(ifDrawn);

/**
 * The page's program is a string: neither TypeScript nor tsx may add their helpers to it. Plotly's random ids follow from the
 * figure's name: the same figure is the same file, and two on one page share none.
 */
function drawSvg(page: Page, { name, spec }: Figure): Promise<string> {
  const seed = 1 + (Number.parseInt(fingerprint(name).slice(0, 7), 16) % 0x7ffffffe);
  return page.evaluate<string>(`(async ({ data, layout }) => {
    let state = ${seed};
    Math.random = () => (state = (16807 * state) % 2147483647) / 2147483647;
    await Plotly.newPlot('figure', data, layout, { staticPlot: true });
    const url = await Plotly.toImage('figure', { format: 'svg', width: layout.width, height: layout.height });
    Plotly.purge('figure');
    return decodeURIComponent(url.slice(url.indexOf(',') + 1));
  })(${JSON.stringify(spec)})`);
}

/** Plotly's SVG with its size in points, its caption for those who do not see it, and its font. */
function standalone(svg: string, { caption, width, height }: Figure): string {
  const words = escapeHtml(caption);
  const head = ` role="img" aria-label="${words}"><title>${words}</title><style>${fontFace()}</style>`;
  return svg
    .replace(/width="[\d.]+" height="[\d.]+"/, `width="${points(width)}pt" height="${points(height)}pt"`)
    .replace('>', () => head);
}

const points = (inches: number): number => Math.round(inches * 7200) / 100;

/** A PDF without the time of drawing: the same figure is the same file. */
function undated(pdf: Buffer): Buffer {
  const dates = /(?<=\/(CreationDate|ModDate) \(D:)\d{14}/g;
  return Buffer.from(pdf.toString('latin1').replace(dates, '20000101000000'), 'latin1');
}

async function printSvg(page: Page, svg: string, figure: Figure): Promise<Omit<Rendering, 'svg'>> {
  const [width, height] = [figure.width, figure.height].map((inches) => Math.round(inches * PIXELS_PER_INCH));
  await page.setViewportSize({ width, height });
  const paper = `@page{size:${width}px ${height}px;margin:0}body{margin:0}svg{display:block}`;
  await page.setContent(`<style>${paper}</style>${svg}`);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, pageRanges: '1' });
  return { pdf: undated(pdf), png: await page.screenshot({ clip: { x: 0, y: 0, width, height } }) };
}

/** Any figure of Plotly's, of whatever kinds of traces. */
export interface PlotlySpec {
  readonly data: readonly object[];
  readonly layout: object;
}

/** A figure of the size that its layout names, or else of Plotly's own, called by its title. */
export function pictureOf({ data, layout }: PlotlySpec): Figure {
  const sized = { width: 700, height: 450, ...(layout as { title?: string | { text?: string } }) };
  const { width, height, title } = sized;
  return {
    name: 'plotly',
    caption: (typeof title === 'object' ? title.text : title) ?? 'A figure.',
    spec: { data, layout: sized } as unknown as Spec,
    ...{ width: width / PIXELS_PER_INCH, height: height / PIXELS_PER_INCH },
  };
}
