/** A table as an output of a cell: complete as it is, and with sorting and copying where scripts run. */
import escapeHtml from 'escape-html';
import { toCsv, toHtml, toLatex, toMarkdown } from '../../report/table/formats';
import type { Table } from '../../report/table/table';
import { TABLE_PROGRAM } from './program';

/** Rows up to which a table stands at full height. */
const FULL_HEIGHT = 25;

/** On paper nothing scrolls and nothing is clicked. */
const ON_PAPER =
  '@media print { .table-box { max-height: none !important; overflow: visible !important } .table-copies { display: none } }';

/** HTML that stands for itself: longer and wider tables scroll in a box, and the script goes where its output goes. */
export function liveHtml(table: Table): string {
  const isLong = table.rows.length > FULL_HEIGHT;
  const style = `overflow:auto${isLong ? ';max-height:36em' : ''}`;
  const label = escapeHtml(table.caption);
  return [
    `<div><style>${ON_PAPER}</style>`,
    `<div class="table-box" role="region" aria-label="${label}" tabindex="0" style="${style}">`,
    toHtml(table),
    '</div>',
    `<script>${TABLE_PROGRAM}(document.currentScript?.parentElement, ${inScript(copiesOf(table))})</script></div>`,
  ].join('\n');
}

const copiesOf = (table: Table) => ({
  LaTeX: toLatex(table),
  Markdown: toMarkdown(table),
  CSV: toCsv(table),
});

/** As JSON in a script, which nothing in it can end. */
const inScript = (value: object) => JSON.stringify(value).replace(/</g, '\\u003c');
