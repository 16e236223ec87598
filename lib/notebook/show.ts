import { renderFigure } from '../report/figure/render';
import type { Figure } from '../report/figure/smallMultiples';
import { CONFIG } from '../report/figure/theme';
import { toHtml, toMarkdown } from '../report/table/formats';
import { type ArqueroTable, type DanfoFrame, fromArquero, fromDanfo } from '../report/table/frames';
import type { Table } from '../report/table/table';
import { displayBundle, inNotebook, type MimeBundle } from './kernel';

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
  if (inNotebook()) displayBundle({ ...(await pictures(figure)), 'text/plain': text });
  else console.log(text);
}

/** No PNG: where there is one, JupyterLab shows it at three times its size until the mouse is over it. */
async function pictures(figure: Figure): Promise<MimeBundle> {
  const { svg } = await renderFigure(figure);
  return {
    'application/vnd.plotly.v1+json': { ...figure.spec, config: CONFIG },
    'image/svg+xml': svg,
  };
}

/** Shows Markdown text below the notebook's cell, nothing where it is empty; outside a notebook prints it. */
export function say(markdown: string): void {
  if (markdown === '') return;
  if (inNotebook()) displayBundle({ 'text/markdown': markdown, 'text/plain': markdown });
  else console.log(markdown);
}
