import path from 'node:path';
import { writeWhole } from '../files/whole';
import { renderFigure } from './figure/render';
import type { Figure } from './figure/smallMultiples';
import { toCsv, toLatex, toMarkdown } from './table/formats';
import type { Table } from './table/table';

/** Writes NAME.svg, NAME.pdf and NAME.png into the folder, which is made if need be; returns their paths. */
export async function exportFigure(figure: Figure, folder: string): Promise<string[]> {
  const { svg, pdf, png } = await renderFigure(figure);
  return writeAll(folder, {
    [`${figure.name}.svg`]: svg,
    [`${figure.name}.pdf`]: pdf,
    [`${figure.name}.png`]: png,
  });
}

/** Writes NAME.csv, NAME.tex and NAME.md into the folder, which is made if need be; returns their paths. */
export function exportTable(table: Table, folder: string): string[] {
  return writeAll(folder, {
    [`${table.name}.csv`]: toCsv(table),
    [`${table.name}.tex`]: toLatex(table),
    [`${table.name}.md`]: toMarkdown(table),
  });
}

/** Each file appears whole or not at all. */
function writeAll(folder: string, files: Readonly<Record<string, string | Buffer>>): string[] {
  return Object.entries(files).map(([name, content]) => {
    const file = path.join(folder, name);
    writeWhole(file, content);
    return file;
  });
}
