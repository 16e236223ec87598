import escapeHtml from 'escape-html';
import escapeLatex from 'escape-latex';
import { markdownTable } from 'markdown-table';
import { unparse } from 'papaparse';
import {
  alignment,
  type Column,
  isMeanSd,
  type MeanSd,
  type PrintedCell,
  printCells,
  type Table,
} from './tables';

/**
 * Full precision for other programs: a column of means gets columns for sd, n and, where there are any, the 95 %
 * interval and marks beside it.
 */
export function toCsv(table: Table): string {
  const columns = table.columns.flatMap((column) => csvColumns(table, column));
  const fields = columns.map(({ label }) => label);
  const data = table.rows.map((_, row) => columns.map(({ values }) => values[row] ?? ''));
  // A spreadsheet would run text that starts with = + - or @; numbers are left alone.
  return `${unparse({ fields, data }, { newline: '\n', escapeFormulae: true })}\n`;
}

interface CsvColumn {
  readonly label: string;
  readonly values: readonly (string | number | null | undefined)[];
}

function csvColumns(table: Table, { key, label }: Column): CsvColumn[] {
  const cells = table.rows.map((row) => row[key]);
  const runs = cells.map((cell) => (isMeanSd(cell) ? cell : undefined));
  const main = { label, values: cells.map((cell) => (isMeanSd(cell) ? cell.mean : cell)) };
  if (!runs.some((run) => run !== undefined)) return [main];
  const of = (name: string, value: (run: MeanSd) => string | number | undefined): CsvColumn => ({
    label: `${label} ${name}`,
    values: runs.map((run) => run && value(run)),
  });
  const optional = [
    of('low', ({ interval }) => interval?.[0]),
    of('high', ({ interval }) => interval?.[1]),
    of('mark', ({ mark }) => mark),
  ].filter(({ values }) => values.some((value) => value !== undefined));
  return [main, of('sd', ({ sd }) => sd), of('n', ({ n }) => n), ...optional];
}

/** A `table` environment for the booktabs package. */
export function toLatex(table: Table): string {
  const alignments = table.columns
    .map((column) => (alignment(table, column) === 'left' ? 'l' : 'r'))
    .join('');
  const header = table.columns.map(({ label }) => escapeLatex(label)).join(' & ');
  return `${[
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(table.caption)}}`,
    `  \\label{tab:${table.name}}`,
    `  \\begin{tabular}{${alignments}}`,
    '    \\toprule',
    `    ${header} \\\\`,
    '    \\midrule',
    ...printCells(table).map((row) => `    ${row.map(latexCell).join(' & ')} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
    ...(table.note === undefined ? [] : [`  \\par\\smallskip\\footnotesize ${escapeLatex(table.note)}`]),
    '\\end{table}',
  ].join('\n')}\n`;
}

function latexCell({ text, spread, mark, bold }: PrintedCell): string {
  const value = bold ? `\\textbf{${escapeLatex(text)}}` : escapeLatex(text);
  const suffix = mark === undefined ? '' : `\\textsuperscript{${escapeLatex(mark)}}`;
  return value + (spread === undefined ? '' : ` $\\pm$ ${escapeLatex(spread)}`) + suffix;
}

/** A GitHub-flavoured table between its caption and its note. */
export function toMarkdown(table: Table): string {
  const header = table.columns.map(({ label }) => escapeMarkdown(label));
  const rows = printCells(table).map((row) => row.map(markdownCell));
  const align = table.columns.map((column) => alignment(table, column));
  const note = table.note === undefined ? [] : [escapeMarkdown(table.note)];
  return `${[escapeMarkdown(table.caption), markdownTable([header, ...rows], { align }), ...note].join('\n\n')}\n`;
}

function markdownCell({ text, spread, mark, bold }: PrintedCell): string {
  const value = bold ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text);
  return (
    value + (spread === undefined ? '' : ` ± ${spread}`) + (mark === undefined ? '' : escapeMarkdown(mark))
  );
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}

/** A `<table>` with its caption above and its note below. */
export function toHtml(table: Table): string {
  const align = table.columns.map((column) => `style="text-align:${alignment(table, column)}"`);
  const header = table.columns.map(({ label }, i) => `<th ${align[i]}>${escapeHtml(label)}</th>`);
  const rows = printCells(table).map(
    (row) => `<tr>${row.map((cell, i) => `<td ${align[i]}>${htmlCell(cell)}</td>`).join('')}</tr>`,
  );
  return [
    `<table><caption>${escapeHtml(table.caption)}</caption>`,
    `<thead><tr>${header.join('')}</tr></thead>`,
    `<tbody>${rows.join('')}</tbody></table>`,
    ...(table.note === undefined ? [] : [`<p><small>${escapeHtml(table.note)}</small></p>`]),
  ].join('\n');
}

function htmlCell({ text, spread, mark, bold }: PrintedCell): string {
  const value = bold ? `<b>${escapeHtml(text)}</b>` : escapeHtml(text);
  const suffix = mark === undefined ? '' : `<sup>${escapeHtml(mark)}</sup>`;
  return value + (spread === undefined ? '' : ` ± ${escapeHtml(spread)}`) + suffix;
}
