import path from 'node:path';
import { writeWhole } from '../base/whole';
import { mixtureOf } from '../evidence/environments';
import type { Result } from '../experiments/documents/document';
import type { Workbench } from '../experiments/workbench/workbench';
import { portable } from '../setup/tools/project';
import { csvOf } from './figure/csv';
import { renderFigure } from './figure/render';
import type { Figure } from './figure/smallMultiples';
import { inCsv, inLatex, inPdf, inPng, inSvg, type Provenance, provenanceOf } from './provenance';
import { toCsv, toLatex, toMarkdown } from './table/formats';
import type { Table } from './table/table';

/** Writes NAME.svg, .pdf and .png if there is a browser, and NAME.csv, the numbers, each with its provenance; returns their paths. */
export async function exportFigure(figure: Figure, folder: string, from: Provenance): Promise<string[]> {
  const drawn = await renderFigure(figure);
  const files = drawn && {
    ...{ svg: inSvg(drawn.svg, from), pdf: inPdf(drawn.pdf, from), png: inPng(drawn.png, from) },
  };
  return writeAll(folder, figure.name, { ...files, csv: inCsv(csvOf(figure.spec), from) });
}

/** Writes NAME.csv, NAME.tex and NAME.md in the same way; Markdown carries no provenance. */
export function exportTable(table: Table, folder: string, from: Provenance): string[] {
  const [csv, tex] = [inCsv(toCsv(table), from), inLatex(toLatex(table), from)];
  return writeAll(folder, table.name, { csv, tex, md: toMarkdown(table) });
}

/** Writes a figure under `out`/figures, or a table under `out`/tables. */
export const exportTo = async (out: string, thing: Table | Figure, from: Provenance): Promise<string[]> =>
  'spec' in thing
    ? exportFigure(thing, path.join(out, 'figures'), from)
    : exportTable(thing, path.join(out, 'tables'), from);

/** Whether a table has no row, or a figure no curve. */
const isEmpty = (thing: Table | Figure) =>
  'spec' in thing ? thing.spec.data.length === 0 : thing.rows.length === 0;

/** Tables and figures as they are published, without empty ones: notes say where documents were computed differently. */
export function publishable<T extends Table | Figure>(
  things: readonly T[],
  documents: readonly Result[],
): T[] {
  const mixture = mixtureOf(documents);
  return things
    .filter((thing) => !isEmpty(thing))
    .map((thing) =>
      mixture === undefined || 'spec' in thing
        ? thing
        : { ...thing, note: [thing.note, mixture].filter(Boolean).join(' ') },
    );
}

/** The provenance of what a bench publishes. */
export const publishedFrom = (
  { data, preset, out }: Pick<Workbench, 'data' | 'preset' | 'out'>,
  documents: readonly Result[],
): Provenance => provenanceOf({ data, preset: preset.name, out: portable(out) }, documents);

/** Each file appears whole or not at all. */
const writeAll = (folder: string, name: string, files: Readonly<Record<string, string | Buffer>>): string[] =>
  Object.entries(files).map(([ending, content]) => {
    const file = path.join(folder, `${name}.${ending}`);
    writeWhole(file, content);
    return file;
  });
