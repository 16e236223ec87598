/** An executed notebook as what follows each other on a page. */
import escapeHtml from 'escape-html';
import { type Cell, type OutputData, readCells } from '../report/notebookFile';

/** Words are Markdown whose links lead to files; what is drawn, HTML or code in a fence, stands as it is. */
export interface Part {
  readonly kind: 'words' | 'drawn';
  readonly text: string;
}

/** In the order of the cells, what each has shown below it; throws where the file is no notebook. */
export const notebookParts = (file: string): Part[] => readCells(file).flatMap(partsOf);

/** Longer than any fence in what is fenced. */
const FENCE = '`````';

/** Code or text, coloured by its language: the ending of its file. */
export const codePart = (language: string, code: string): Part => ({
  kind: 'drawn',
  text: `${FENCE}${language}\n${code}\n${FENCE}`,
});

function partsOf({ cell_type, source, outputs }: Cell): Part[] {
  if (cell_type === 'markdown') return [{ kind: 'words', text: source }];
  return [codePart('ts', source), ...outputs.map(({ data }) => outputPart(data))];
}

function outputPart(data: OutputData): Part {
  const { 'text/html': html, 'text/markdown': words, 'text/plain': plain = '' } = data;
  if (data['image/svg+xml'] !== undefined) return htmlPart(figureHtml(data));
  if (html !== undefined) return htmlPart(`<div class="output">${html}</div>`);
  if (words !== undefined) return { kind: 'words', text: words };
  return htmlPart(`<pre class="output">${escapeHtml(plain)}</pre>`);
}

/** HTML stands whole in Markdown as long as no line of it is empty. */
const htmlPart = (html: string): Part => ({ kind: 'drawn', text: html.replace(/\n\s*\n/g, '\n') });

/** The picture, beside it what Plotly needs to draw it alive, and the caption below. */
function figureHtml({ 'image/svg+xml': svg = '', 'text/plain': plain = '', ...data }: OutputData): string {
  const caption = escapeHtml(plain.replace(/^[\w-]+: /, ''));
  const spec = data['application/vnd.plotly.v1+json'];
  const picture = `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}" alt="${caption}">`;
  const live = spec ? `<script type="application/json">${scriptText(spec)}</script>` : '';
  return `<figure class="output"><div class="plotly">${picture}${live}</div><figcaption>${caption}</figcaption></figure>`;
}

/** JSON that cannot end the element that it stands in. */
const scriptText = (value: object): string => JSON.stringify(value).replaceAll('<', '\\u003c');
