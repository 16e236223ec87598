/** A table as an output of a cell: complete as it is, and sorted by a click where scripts run. */
import escapeHtml from 'escape-html';
import { toHtml } from '../../report/table/formats';
import type { Table } from '../../report/table/table';

/** Rows up to which a table stands at full height. */
const FULL_HEIGHT = 25;

/** On paper nothing scrolls. */
const ON_PAPER = '@media print { .table-box { max-height: none !important; overflow: visible !important } }';

/** HTML with its own script; longer and wider tables scroll in a box. */
export function liveHtml(table: Table): string {
  const isLong = table.rows.length > FULL_HEIGHT;
  const style = `overflow:auto${isLong ? ';max-height:36em' : ''}`;
  const label = escapeHtml(table.caption);
  return [
    `<div><style>${ON_PAPER}</style>`,
    `<div class="table-box" role="region" aria-label="${label}" tabindex="0" style="${style}">`,
    toHtml(table),
    '</div>',
    `<script>${SORTING}(document.currentScript?.parentElement)</script></div>`,
  ].join('\n');
}

/** Sorts by the header that is clicked. A string: neither TypeScript nor tsx may add their helpers to what a page runs. */
const SORTING = `((box) => {
  if (!box) return;
  // JupyterLab would take these keys for its cell.
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
  });
  const table = box.querySelector('table');
  const heads = [...table.tHead.rows[0].cells];
  const valueOf = (row, i) => {
    const { dataset, textContent } = row.cells[i];
    return dataset.value === undefined ? (textContent === '–' ? undefined : textContent) : Number(dataset.value);
  };
  const compare = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(b, undefined, { numeric: true }));
  const sortBy = (i, falling) => {
    const rows = [...table.tBodies[0].rows].map((row) => ({ row, value: valueOf(row, i) }));
    const there = rows.filter(({ value }) => value !== undefined);
    there.sort((a, b) => (falling ? compare(b.value, a.value) : compare(a.value, b.value)));
    table.tBodies[0].append(...[...there, ...rows.filter(({ value }) => value === undefined)].map(({ row }) => row));
  };
  heads.forEach((head, i) => {
    const label = document.createElement('button');
    label.type = 'button';
    label.style.cssText = 'font:inherit;font-weight:bold;color:inherit;background:none;cursor:pointer;border:0;padding:0;text-align:inherit';
    const arrow = document.createElement('span');
    arrow.ariaHidden = 'true';
    label.append(...head.childNodes, arrow);
    head.append(label);
    label.onclick = () => {
      const falling = head.ariaSort === 'ascending';
      for (const other of heads) {
        other.removeAttribute('aria-sort');
        other.querySelector('span').textContent = '';
      }
      head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
      arrow.textContent = falling ? ' ▼' : ' ▲';
      sortBy(i, falling);
    };
  });
})`;
