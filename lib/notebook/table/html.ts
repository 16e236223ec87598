/** A table as an output of a cell: HTML without scripts. */
import escapeHtml from 'escape-html';
import { toHtml } from '../../report/table/formats';
import type { Table } from '../../report/table/table';

/** Rows up to which a table stands at full height. */
const FULL_HEIGHT = 25;

/** On paper nothing scrolls. */
const ON_PAPER = '@media print { .table-box { max-height: none !important; overflow: visible !important } }';

/** Puts a table into a box, in which longer and wider ones scroll. */
export function boxedHtml(table: Table): string {
  const isLong = table.rows.length > FULL_HEIGHT;
  const style = `overflow:auto${isLong ? ';max-height:36em' : ''}`;
  const label = escapeHtml(table.caption);
  return [
    `<style>${ON_PAPER}</style>`,
    `<div class="table-box" role="region" aria-label="${label}" tabindex="0" style="${style}">`,
    toHtml(table),
    '</div>',
  ].join('\n');
}
