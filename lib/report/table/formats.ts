import escapeHtml from 'escape-html';
import escapeLatex from 'escape-latex';
import { markdownTable } from 'markdown-table';
import { unparse } from 'papaparse';
import { type Column, cellValue, isMeasured, laidOut, type PrintedCell, type Table } from './table';

/** Full precision: beside a column of means their sd and n, or the 95 % interval, and where there are any marks. */
export function toCsv(table: Table): string {
  const columns = table.columns.flatMap((column) => csvColumns(table, column));
  const fields = columns.map(({ label }) => label);
  const data = table.rows.map((_, row) => columns.map(({ values }) => values[row] ?? ''));
  return csvText(fields, data);
}

/** A spreadsheet would run text that starts with = + - or @; numbers are left alone. */
export const csvText = (fields: string[], data: (string | number)[][]): string =>
  `${unparse({ fields, data }, { newline: '\n', escapeFormulae: true })}\n`;

/** Parts of a cell beside its number, in columns of their own. */
const PARTS = ['sd', 'n', 'low', 'high', 'mark'] as const;

function csvColumns({ rows }: Table, { key, label }: Column) {
  const cells = rows.map((row) => row[key]);
  const parts: Partial<Record<(typeof PARTS)[number], string | number>>[] = cells.map((cell) =>
    isMeasured(cell) ? cell : {},
  );
  const main = { label, values: cells.map((cell) => (typeof cell === 'string' ? cell : cellValue(cell))) };
  const beside = PARTS.map((part) => ({
    label: `${label} ${part}`,
    values: parts.map((of) => of[part]),
  }));
  return [main, ...beside.filter(({ values }) => values.some((value) => value !== undefined))];
}

/** A printed cell in a format, by how this writes text, bold text, a mark and `±`. */
const cellIn =
  (text: (text: string) => string, [bold, mark, plusMinus]: readonly [Wrap, Wrap, string]) =>
  (cell: PrintedCell): string =>
    (cell.bold ? bold(text(cell.text)) : text(cell.text)) +
    (cell.spread === undefined ? '' : ` ${plusMinus} ${text(cell.spread)}`) +
    (cell.mark === undefined ? '' : mark(text(cell.mark)));

type Wrap = (text: string) => string;

/** For the package booktabs and, where the table is wider than the text (100 characters; a column: 48), graphicx. */
export function toLatex(whole: Table): string {
  const { table, cells, sides } = laidOut(whole);
  const width = charactersOf(table, cells);
  const [environment, scaled] = [width > 48 ? 'table*' : 'table', width > 100];
  return `${[
    `\\begin{${environment}}`,
    '  \\centering',
    `  \\caption{${latexText(table.caption)}}`,
    `  \\label{tab:${table.name}}`,
    ...(scaled ? ['  \\resizebox{\\textwidth}{!}{%'] : []),
    `  \\begin{tabular}{${sides.map(([first]) => first).join('')}}`,
    '    \\toprule',
    `    ${table.columns.map(({ label }) => latexText(label)).join(' & ')} \\\\`,
    '    \\midrule',
    ...cells.map((row) => `    ${notArgument(row.map(latexCell).join(' & '))} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
    ...(scaled ? ['  }'] : []),
    ...(table.note === undefined ? [] : [`  \\par\\smallskip\\footnotesize ${latexText(table.note)}`]),
    `\\end{${environment}}`,
  ].join('\n')}\n`;
}

/** A row that begins with `[` or `*` would be read as an argument of the command before it. */
const notArgument = (row: string) => (/^[[*]/.test(row) ? `{}${row}` : row);

/** How wide the table is printed: each column as its longest cell, and two characters between columns. */
function charactersOf({ columns }: Table, cells: readonly (readonly PrintedCell[])[]): number {
  const lengthOf = ({ text, spread, mark = '' }: PrintedCell) =>
    text.length + mark.length + (spread === undefined ? 0 : spread.length + 3);
  const widths = columns.map(({ label }, i) =>
    Math.max(label.length, ...cells.map((row) => lengthOf(row[i]))),
  );
  return widths.reduce((sum, width) => sum + 2 + width, 0);
}

const latexCell = cellIn(
  (text) => latexText(text).replace(/^-(?=\d)/, '$-$'),
  [(text) => `\\textbf{${text}}`, (text) => `\\textsuperscript{${text}}`, '$\\pm$'],
);

/** Signs that LaTeX's own text encodings lack, or in its oldest and default one stand for others. */
const MATHEMATICS: Readonly<Record<string, string>> = {
  ...{ '≈': '\\approx', '≫': '\\gg', '≠': '\\neq', '−': '-' },
  ...{ '▲': '\\bigtriangleup', '▼': '\\bigtriangledown', '∅': '\\emptyset' },
  ...{ λ: '\\lambda', ν: '\\nu', τ: '\\tau', φ: '\\varphi', ϑ: '\\vartheta' },
};

const latexText = (text: string): string =>
  escapeLatex(text).replace(/[≈≫≠▲▼∅<>|−λντφϑ]/g, (sign) => `$${MATHEMATICS[sign] ?? sign}$`);

/** A GitHub-flavoured table between its caption and its note. */
export function toMarkdown(whole: Table): string {
  const { table, cells, sides: align } = laidOut(whole);
  const header = table.columns.map(({ label }) => escapeMarkdown(label));
  const rows = cells.map((row) => row.map(markdownCell));
  const note = table.note === undefined ? [] : [escapeMarkdown(table.note)];
  return `${[escapeMarkdown(table.caption), markdownTable([header, ...rows], { align }), ...note].join('\n\n')}\n`;
}

const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_[\]<>|~]/g, '\\$&').replace(/\s*\n\s*/g, ' ');

const markdownCell = cellIn(escapeMarkdown, [(text) => `**${text}**`, (text) => text, '±']);

/** A `<table>` with its caption above and its note below; unrounded numbers in `data-value`. */
export function toHtml(whole: Table): string {
  const { table, cells: printed, sides } = laidOut(whole);
  const header = table.columns.map(
    ({ label }, i) => `<th style="text-align:${sides[i]}">${escapeHtml(label)}</th>`,
  );
  const looks = sides.map((side) => `text-align:${side}${side === 'right' ? ';white-space:nowrap' : ''}`); // a number and its spread on one line
  const rows = printed.map((row, r) => {
    const cells = table.columns.map(({ key }, i) => {
      const value = cellValue(table.rows[r][key]);
      const data = value === null || Number.isNaN(value) ? '' : ` data-value="${value}"`;
      return `<td style="${looks[i]}"${data}>${htmlCell(row[i])}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return [
    `<table><caption>${escapeHtml(table.caption)}</caption>`,
    `<thead><tr>${header.join('')}</tr></thead>`,
    `<tbody>${rows.join('')}</tbody></table>`,
    ...(table.note === undefined ? [] : [`<p><small>${escapeHtml(table.note)}</small></p>`]),
  ].join('\n');
}

const htmlCell = cellIn(escapeHtml, [(text) => `<b>${text}</b>`, (text) => `<sup>${text}</sup>`, '±']);
