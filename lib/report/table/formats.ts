import escapeHtml from 'escape-html';
import escapeLatex from 'escape-latex';
import { markdownTable } from 'markdown-table';
import { unparse } from 'papaparse';
import type { MeanSd } from '../../evidence/aggregate';
import {
  alignment,
  type Cell,
  type Column,
  cellValue,
  isEstimate,
  isMeanSd,
  type PrintedCell,
  printCells,
  printed,
  type Table,
} from './table';

/** Full precision: beside a column of means its sd and n, and where there are any the 95 % interval and marks. */
export function toCsv(table: Table): string {
  const columns = table.columns.flatMap((column) => csvColumns(table, column));
  const fields = columns.map(({ label }) => label);
  const data = table.rows.map((_, row) => columns.map(({ values }) => values[row] ?? ''));
  // A spreadsheet would run text that starts with = + - or @; numbers are left alone.
  return `${unparse({ fields, data }, { newline: '\n', escapeFormulae: true })}\n`;
}

function csvColumns({ rows }: Table, { key, label }: Column) {
  const cells = rows.map((row) => row[key]);
  const column = (suffix: string, of: (cell: Cell) => string | number | null | undefined) => ({
    label: `${label}${suffix}`,
    values: cells.map(of),
  });
  const main = column('', (cell) => (typeof cell === 'string' ? cell : cellValue(cell)));
  const ofEstimate = (end: 'low' | 'high') =>
    column(` ${end}`, (cell) => (isEstimate(cell) ? cell[end] : undefined));
  if (cells.some(isEstimate)) return [main, ofEstimate('low'), ofEstimate('high')];
  if (!cells.some(isMeanSd)) return [main];
  const ofMean = (name: string, value: (mean: MeanSd) => string | number | undefined) =>
    column(` ${name}`, (cell) => (isMeanSd(cell) ? value(cell) : undefined));
  const optional = [
    ofMean('low', ({ interval }) => interval?.[0]),
    ofMean('high', ({ interval }) => interval?.[1]),
    ofMean('mark', ({ mark }) => mark),
  ].filter(({ values }) => values.some((value) => value !== undefined));
  return [main, ofMean('sd', ({ sd }) => sd), ofMean('n', ({ n }) => n), ...optional];
}

/** A printed cell in a format, by how this writes text, bold text, a mark and `±`. */
const cellIn =
  (text: (text: string) => string, [bold, mark, plusMinus]: readonly [Wrap, Wrap, string]) =>
  (cell: PrintedCell): string =>
    (cell.bold ? bold(text(cell.text)) : text(cell.text)) +
    (cell.spread === undefined ? '' : ` ${plusMinus} ${text(cell.spread)}`) +
    (cell.mark === undefined ? '' : mark(text(cell.mark)));

type Wrap = (text: string) => string;

/** Characters in a line of a two-column paper, by what they fill. */
const COLUMN_CHARACTERS = 48;
const TEXT_CHARACTERS = 100;

/** A table for the packages booktabs and, where it is wider than the text and has to be scaled, graphicx. */
export function toLatex(whole: Table): string {
  const table = printed(whole);
  const width = charactersOf(table);
  const environment = width > COLUMN_CHARACTERS ? 'table*' : 'table';
  const scaled = width > TEXT_CHARACTERS;
  return `${[
    `\\begin{${environment}}`,
    '  \\centering',
    `  \\caption{${latexText(table.caption)}}`,
    `  \\label{tab:${table.name}}`,
    ...(scaled ? ['  \\resizebox{\\textwidth}{!}{%'] : []),
    ...tabular(table),
    ...(scaled ? ['  }'] : []),
    ...(table.note === undefined ? [] : [`  \\par\\smallskip\\footnotesize ${latexText(table.note)}`]),
    `\\end{${environment}}`,
  ].join('\n')}\n`;
}

function tabular(table: Table): string[] {
  const alignments = table.columns
    .map((column) => (alignment(table, column) === 'left' ? 'l' : 'r'))
    .join('');
  return [
    `  \\begin{tabular}{${alignments}}`,
    '    \\toprule',
    `    ${table.columns.map(({ label }) => latexText(label)).join(' & ')} \\\\`,
    '    \\midrule',
    ...printCells(table).map((row) => `    ${notArgument(row.map(latexCell).join(' & '))} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
  ];
}

/** A row that begins with `[` or `*` would be read as an argument of the command before it. */
const notArgument = (row: string) => (/^[[*]/.test(row) ? `{}${row}` : row);

/** How wide the table is printed: each column as its longest cell, and two characters between columns. */
function charactersOf(table: Table): number {
  const lengthOf = ({ text, spread = '', mark = '' }: PrintedCell) =>
    text.length + mark.length + (spread === '' ? 0 : spread.length + 3);
  const lines = [
    table.columns.map(({ label }) => label.length),
    ...printCells(table).map((row) => row.map(lengthOf)),
  ];
  return table.columns.reduce((sum, _, i) => sum + 2 + Math.max(...lines.map((line) => line[i])), 0);
}

const latexCell = cellIn(
  (text) => latexText(text).replace(/^-(?=\d)/, '$-$'),
  [(text) => `\\textbf{${text}}`, (text) => `\\textsuperscript{${text}}`, '$\\pm$'],
);

/** Signs that LaTeX's own text encodings lack, or in its oldest and default one stand for others. */
const MATHEMATICS: Readonly<Record<string, string>> = {
  '≈': '$\\approx$',
  '≫': '$\\gg$',
  '≠': '$\\neq$',
  '<': '$<$',
  '>': '$>$',
  '|': '$|$',
  '−': '$-$',
  λ: '$\\lambda$',
  ν: '$\\nu$',
  τ: '$\\tau$',
  φ: '$\\varphi$',
  ϑ: '$\\vartheta$',
};

function latexText(text: string): string {
  return escapeLatex(text).replace(/[≈≫≠<>|−λντφϑ]/g, (sign) => MATHEMATICS[sign]);
}

/** A GitHub-flavoured table between its caption and its note. */
export function toMarkdown(whole: Table): string {
  const table = printed(whole);
  const header = table.columns.map(({ label }) => escapeMarkdown(label));
  const rows = printCells(table).map((row) => row.map(markdownCell));
  const align = table.columns.map((column) => alignment(table, column));
  const note = table.note === undefined ? [] : [escapeMarkdown(table.note)];
  return `${[escapeMarkdown(table.caption), markdownTable([header, ...rows], { align }), ...note].join('\n\n')}\n`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}

const markdownCell = cellIn(escapeMarkdown, [(text) => `**${text}**`, (text) => text, '±']);

/** A `<table>` with its caption above and its note below; what a number was before it was rounded stands in `data-value`. */
export function toHtml(whole: Table): string {
  const table = printed(whole);
  const sides = table.columns.map((column) => alignment(table, column));
  const header = table.columns.map(
    ({ label }, i) => `<th style="text-align:${sides[i]}">${escapeHtml(label)}</th>`,
  );
  // A number and its spread stand on one line.
  const looks = sides.map(
    (side) => `style="text-align:${side}${side === 'right' ? ';white-space:nowrap' : ''}"`,
  );
  const rows = printCells(table).map((row, r) => {
    const values = table.columns.map(({ key }) => htmlValue(cellValue(table.rows[r][key])));
    return `<tr>${row.map((cell, i) => `<td ${looks[i]}${values[i]}>${htmlCell(cell)}</td>`).join('')}</tr>`;
  });
  return [
    `<table><caption>${escapeHtml(table.caption)}</caption>`,
    `<thead><tr>${header.join('')}</tr></thead>`,
    `<tbody>${rows.join('')}</tbody></table>`,
    ...(table.note === undefined ? [] : [`<p><small>${escapeHtml(table.note)}</small></p>`]),
  ].join('\n');
}

const htmlValue = (value: number | null) =>
  value === null || Number.isNaN(value) ? '' : ` data-value="${value}"`;

const htmlCell = cellIn(escapeHtml, [(text) => `<b>${text}</b>`, (text) => `<sup>${text}</sup>`, '±']);
