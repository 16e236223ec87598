import path from 'node:path';
import { writeWhole } from '../base/whole';
import { csvOf } from './figure/csv';
import { renderFigure } from './figure/render';
import type { Figure } from './figure/smallMultiples';
import { inCsv, inLatex, inPdf, inPng, inSvg, type Provenance } from './provenance';
import { toCsv, toLatex, toMarkdown } from './table/formats';
import type { Table } from './table/table';

/** Writes NAME.svg, .pdf, .png and .csv, the numbers that are drawn, each with its provenance inside; returns their paths. */
export async function exportFigure(figure: Figure, folder: string, from: Provenance): Promise<string[]> {
  const { svg, pdf, png } = await renderFigure(figure);
  const files = { svg: inSvg(svg, from), pdf: inPdf(pdf, from), png: inPng(png, from) };
  return writeAll(folder, figure.name, { ...files, csv: inCsv(csvOf(figure.spec), from) });
}

/** Writes NAME.csv, NAME.tex and NAME.md in the same way; Markdown carries no provenance. */
export function exportTable(table: Table, folder: string, from: Provenance): string[] {
  const [csv, tex] = [inCsv(toCsv(table), from), inLatex(toLatex(table), from)];
  return writeAll(folder, table.name, { csv, tex, md: toMarkdown(table) });
}

/** Each file appears whole or not at all. */
const writeAll = (folder: string, name: string, files: Readonly<Record<string, string | Buffer>>): string[] =>
  Object.entries(files).map(([ending, content]) => {
    const file = path.join(folder, `${name}.${ending}`);
    writeWhole(file, content);
    return file;
  });
