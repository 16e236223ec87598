import path from 'node:path';
import { writeWhole } from '../base/whole';
import { csvOf } from './figure/csv';
import { renderFigure } from './figure/render';
import type { Figure } from './figure/smallMultiples';
import { inCsv, inLatex, inPdf, inPng, inSvg } from './provenance/embed';
import type { Provenance } from './provenance/provenance';
import { toCsv, toLatex, toMarkdown } from './table/formats';
import type { Table } from './table/table';

/**
 * Writes NAME.svg, NAME.pdf, NAME.png and NAME.csv, the numbers that are drawn, into the folder, each with its provenance
 * inside; returns their paths.
 */
export async function exportFigure(figure: Figure, folder: string, from: Provenance): Promise<string[]> {
  const { svg, pdf, png } = await renderFigure(figure);
  return writeAll(folder, {
    [`${figure.name}.svg`]: inSvg(svg, from),
    [`${figure.name}.pdf`]: inPdf(pdf, from),
    [`${figure.name}.png`]: inPng(png, from),
    [`${figure.name}.csv`]: inCsv(csvOf(figure.spec), from),
  });
}

/** Writes NAME.csv, NAME.tex and NAME.md in the same way; Markdown carries no provenance. */
export function exportTable(table: Table, folder: string, from: Provenance): string[] {
  return writeAll(folder, {
    [`${table.name}.csv`]: inCsv(toCsv(table), from),
    [`${table.name}.tex`]: inLatex(toLatex(table), from),
    [`${table.name}.md`]: toMarkdown(table),
  });
}

/** Each file appears whole or not at all. */
const writeAll = (folder: string, files: Readonly<Record<string, string | Buffer>>): string[] =>
  Object.entries(files).map(([name, content]) => {
    const file = path.join(folder, name);
    writeWhole(file, content);
    return file;
  });
