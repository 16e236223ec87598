/** An executed notebook as what follows each other on a page. */
import escapeHtml from 'escape-html';
import { type Cell, type OutputData, readCells } from '../../report/notebookFile';

/** Words are Markdown whose links lead to files; what is drawn, HTML or code in a fence, stands as it is. */
export type Part = { readonly kind: 'words' | 'drawn'; readonly text: string };

/** The cells in order, each followed by its outputs. Throws a UserError where the file is no notebook. */
export const notebookParts = (file: string): Part[] => readCells(file).flatMap(partsOf);

/** Longer than any fence in what is fenced. */
const FENCE = '`````';

function partsOf({ cell_type, source, outputs }: Cell): Part[] {
  if (cell_type === 'markdown') return [{ kind: 'words', text: source }];
  const code: Part = { kind: 'drawn', text: `${FENCE}ts\n${source}\n${FENCE}` };
  return [code, ...outputs.map(({ data }) => outputPart(data))];
}

function outputPart(data: OutputData): Part {
  const { 'image/svg+xml': svg, 'text/html': html, 'text/markdown': words, 'text/plain': plain = '' } = data;
  if (svg !== undefined) return htmlPart(figureHtml(svg, escapeHtml(plain.replace(/^([\w-]+:|[█░]+) /, ''))));
  if (html !== undefined) return htmlPart(`<div class="output">${html}</div>`);
  if (words !== undefined) return { kind: 'words', text: words };
  return htmlPart(`<pre class="output">${escapeHtml(plain)}</pre>`);
}

/** HTML stands whole in Markdown as long as no line of it is empty. */
const htmlPart = (html: string): Part => ({ kind: 'drawn', text: html.replace(/\n\s*\n/g, '\n') });

const figureHtml = (svg: string, caption: string): string =>
  `<figure class="output"><img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}" alt="${caption}">` +
  `<figcaption>${caption}</figcaption></figure>`;
