import type { Figure } from './figures';
import { type ArqueroTable, type DanfoFrame, fromArquero, fromDanfo } from './frames';
import { displayBundle, inNotebook, type MimeBundle } from './kernel';
import { renderFigure } from './render';
import { toHtml, toMarkdown } from './tableFormats';
import type { Table } from './tables';
import { CONFIG, PIXELS_PER_INCH } from './theme';

export type Showable = Table | Figure | ArqueroTable | DanfoFrame;

/**
 * Shows a table, a figure or a data frame below the notebook's cell; outside a notebook prints its text.
 * A figure is interactive where the front end can draw Plotly, and a picture elsewhere, such as on a code host.
 */
export async function show(thing: Showable): Promise<void> {
  if ('spec' in thing) await showFigure(thing);
  else showTable(toTable(thing));
}

function toTable(thing: Table | ArqueroTable | DanfoFrame): Table {
  if ('columnNames' in thing) return fromArquero(thing);
  return 'rows' in thing ? thing : fromDanfo(thing);
}

function showTable(table: Table): void {
  const markdown = toMarkdown(table);
  if (inNotebook()) displayBundle({ 'text/html': toHtml(table), 'text/plain': markdown });
  else console.log(markdown);
}

async function showFigure(figure: Figure): Promise<void> {
  const text = `${figure.name}: ${figure.caption}`;
  const { width } = figure;
  // In pixels of the screen: a picture of 300 dots an inch would else fill three.
  const metadata = { 'image/png': { width: Math.round(width * PIXELS_PER_INCH) } };
  if (inNotebook()) displayBundle({ ...(await pictures(figure)), 'text/plain': text }, metadata);
  else console.log(text);
}

async function pictures(figure: Figure): Promise<MimeBundle> {
  const { png } = await renderFigure(figure);
  return {
    'application/vnd.plotly.v1+json': { ...figure.spec, config: CONFIG },
    'image/png': png.toString('base64'),
  };
}

/** Shows Markdown text below the notebook's cell; outside a notebook prints it. */
export function say(markdown: string): void {
  if (inNotebook()) displayBundle({ 'text/markdown': markdown, 'text/plain': markdown });
  else console.log(markdown);
}
