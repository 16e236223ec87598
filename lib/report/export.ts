import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fingerprint } from '../files/fingerprint';
import { checksumOf } from '../files/sealed';
import { writeWhole } from '../files/whole';
import { codeFingerprint } from '../methods/code/code';
import { inProject } from '../setup/tools/project';
import { csvOf } from './figure/csv';
import { renderFigure } from './figure/render';
import type { Figure } from './figure/smallMultiples';
import { inCsv, inLatex, inPdf, inPng, inSvg, sealIn, withSeal } from './provenance/embed';
import type { Provenance } from './provenance/provenance';
import { toCsv, toLatex, toMarkdown } from './table/formats';
import type { Table } from './table/table';

/**
 * Writes NAME.svg, NAME.pdf, NAME.png and NAME.csv, the numbers that are drawn, into the folder, which is made if need be, each with
 * its provenance inside; returns their paths. Files that are whole and were drawn so before stay: the SVG says of what all were drawn.
 */
export async function exportFigure(figure: Figure, folder: string, from: Provenance): Promise<string[]> {
  const { name, ...shown } = figure;
  const files = ['svg', 'pdf', 'png', 'csv'].map((ending) => path.join(folder, `${name}.${ending}`));
  const drawn = { of: checksumOf(JSON.stringify({ ...shown, from })), by: DRAWN_BY };
  if (areDrawn(files, drawn)) return files;
  const rendering = await renderFigure(figure);
  const [pdf, png] = [inPdf(rendering.pdf, from), inPng(rendering.png, from)];
  const csv = inCsv(csvOf(figure.spec), from);
  return writeAll(folder, {
    [`${name}.csv`]: csv,
    [`${name}.pdf`]: pdf,
    [`${name}.png`]: png,
    [`${name}.svg`]: withSeal(inSvg(rendering.svg, from), {
      ...drawn,
      beside: [pdf, png, csv].map(checksumOf),
    }),
  }).reverse();
}

/** Stands for the code that draws, as it was loaded, and for what it draws with. */
const DRAWN_BY = drawnBy();

function drawnBy(): string {
  const { dependencies } = JSON.parse(fs.readFileSync(inProject('package.json'), 'utf8'));
  const tools = ['plotly.js-dist', 'playwright-core', '@sparticuz/chromium', '@fontsource/source-sans-3'];
  return fingerprint([codeFingerprint(['report/export.ts']), tools.map((name) => dependencies[name])]);
}

/** Whether a figure's files, the SVG first, are whole and say that they were drawn so. */
function areDrawn([svg, ...others]: readonly string[], drawn: object): boolean {
  if (![svg, ...others].every((file) => fs.existsSync(file))) return false;
  const beside = others.map((file) => checksumOf(fs.readFileSync(file)));
  return isDeepStrictEqual(sealIn(fs.readFileSync(svg, 'utf8')), { ...drawn, beside });
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
function writeAll(folder: string, files: Readonly<Record<string, string | Buffer>>): string[] {
  return Object.entries(files).map(([name, content]) => {
    const file = path.join(folder, name);
    writeWhole(file, content);
    return file;
  });
}
