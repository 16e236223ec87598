import type { Answer } from '../report/answer/answer';
import { answerHtml } from '../report/answer/glance';
import { type PlotlySpec, pictureOf, renderFigure } from '../report/figure/render';
import type { Figure } from '../report/figure/smallMultiples';
import { CONFIG, onScreen } from '../report/figure/theme';
import { ANSWER_TYPE } from '../report/notebookFile';
import { toMarkdown } from '../report/table/formats';
import type { Table } from '../report/table/table';
import { displayBundle, inNotebook } from './kernel/kernel';
import { isFigure, isSpec, type Options, type Showable, toTable } from './showable';
import { liveHtml } from './table/html';

/**
 * Shows a table, a figure, a data frame, experiments side by side, or weights below the notebook's cell; outside a notebook prints
 * its text. A table can be sorted, a figure is interactive where the front end can draw Plotly. Throws a UserError for anything else.
 */
export async function show(thing: Showable, options: Options = {}): Promise<void> {
  if (isFigure(thing)) await showFigure(thing);
  else if (isSpec(thing)) await showFigure(pictureOf(thing), thing);
  else showTable(toTable(thing, options));
}

function showTable(table: Table): void {
  const markdown = toMarkdown(table);
  if (inNotebook()) displayBundle({ 'text/html': liveHtml(table), 'text/plain': markdown });
  else console.log(markdown);
}

async function showFigure(figure: Figure, drawn: PlotlySpec = onScreen(figure.spec)): Promise<void> {
  const svg = inNotebook() ? (await renderFigure(figure)).svg : '';
  showDrawn(figure, svg, drawn);
}

/** Shows a drawn figure, as text outside a notebook. No PNG: JupyterLab shows one at three times its size. */
export function showDrawn(figure: Figure, svg: string, drawn: PlotlySpec = onScreen(figure.spec)): void {
  const text = `${figure.name}: ${figure.caption}`;
  if (!inNotebook()) console.log(text);
  else
    displayBundle({
      'application/vnd.plotly.v1+json': { ...drawn, config: CONFIG },
      'image/svg+xml': svg,
      'text/plain': text,
    });
}

/** Shows Markdown text below the notebook's cell, nothing where it is empty; outside a notebook prints it. */
export function say(markdown: string): void {
  if (markdown === '') return;
  if (inNotebook()) displayBundle({ 'text/markdown': markdown, 'text/plain': markdown });
  else console.log(markdown);
}

/** Shows an answer at a glance, with its sentence, as the last cell of a notebook does; outside a notebook prints it. */
export function tell(answer: Answer): void {
  const text = [`${answer.question} ${answer.sentence}`, ...answer.notes].join('\n');
  if (inNotebook())
    displayBundle({ 'text/html': answerHtml(answer), 'text/plain': text, [ANSWER_TYPE]: answer });
  else console.log(text);
}
