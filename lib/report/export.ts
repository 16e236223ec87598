import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Damaged, readSealed, requireBeside, writeSealed } from '../files/sealed';
import { writeWhole } from '../files/whole';
import { codeFingerprint } from '../runs/session/fingerprint';
import { inProject } from '../setup/tools/project';
import { renderFigure } from './figure/render';
import type { Figure } from './figure/smallMultiples';
import { inCsv, inLatex, inPdf, inPng, inSvg } from './provenance/embed';
import type { Provenance } from './provenance/provenance';
import { toCsv, toLatex, toMarkdown } from './table/formats';
import type { Table } from './table/table';

/**
 * Writes NAME.svg, NAME.pdf and NAME.png into the folder, which is made if need be, each with its provenance inside; returns
 * their paths. Files that are whole and were drawn so before stay: NAME.json says what they show.
 */
export async function exportFigure(figure: Figure, folder: string, from: Provenance): Promise<string[]> {
  const { name, ...shown } = figure;
  const record = path.join(folder, `${name}.json`);
  const made = { ...shown, from, drawnBy: drawnBy() };
  if (!isDrawn(record, made)) {
    const { svg, pdf, png } = await renderFigure(figure);
    writeSealed(record, made, {
      [`${name}.svg`]: inSvg(svg, from),
      [`${name}.pdf`]: inPdf(pdf, from),
      [`${name}.png`]: inPng(png, from),
    });
  }
  return ['svg', 'pdf', 'png'].map((ending) => path.join(folder, `${name}.${ending}`));
}

/** The code that draws, and the versions of what it draws with. */
function drawnBy() {
  const { dependencies } = JSON.parse(fs.readFileSync(inProject('package.json'), 'utf8'));
  const versions = ['plotly.js-dist', '@sparticuz/chromium', '@fontsource/source-sans-3'].map(
    (name) => dependencies[name],
  );
  return { code: codeFingerprint(['report/export.ts']), versions };
}

/** Whether a record says just this, and the files that it was written with are whole. */
function isDrawn(record: string, made: object): boolean {
  try {
    const { files, checksum: _, ...before } = readSealed(record);
    requireBeside(record, { files });
    return isDeepStrictEqual(before, JSON.parse(JSON.stringify(made)));
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return false;
  }
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
