import path from 'node:path';
import { writeWhole } from '../base/whole';
import type { Dataset } from '../data/loading/dataset';
import { mixtureOf } from '../evidence/environments';
import type { Result } from '../experiments/documents/document';
import type { Workbench } from '../experiments/workbench/workbench';
import { describeDrawn, type Provenance } from './crate';
import { csvOf } from './figure/csv';
import { drawFigure, renderFigure } from './figure/render';
import type { Figure } from './figure/smallMultiples';
import { toCsv, toLatex, toMarkdown } from './table/formats';
import type { Table } from './table/table';

/** Writes OUT/figures/NAME.svg, .pdf and .png if there is a browser, and .csv, the numbers that are drawn; returns their paths. */
export async function exportFigure(figure: Figure, out: string, from?: Provenance): Promise<string[]> {
  const drawn = await renderFigure(figure);
  return writeAll(out, `figures/${figure.name}`, { ...drawn, csv: csvOf(figure.spec) }, from);
}

/** Writes OUT/tables/NAME.csv, .tex and .md; returns their paths. */
export function exportTable(table: Table, out: string, from?: Provenance): string[] {
  const files = { csv: toCsv(table), tex: toLatex(table), md: toMarkdown(table) };
  return writeAll(out, `tables/${table.name}`, files, from);
}

/** Writes a figure or a table; `from` goes into the description of OUT. */
export const exportTo = async (out: string, thing: Table | Figure, from?: Provenance): Promise<string[]> =>
  'spec' in thing ? exportFigure(thing, out, from) : exportTable(thing, out, from);

/** What is committed of a figure, SVG and CSV, or all of a table. */
export async function exportVector(out: string, thing: Table | Figure): Promise<string[]> {
  if (!('spec' in thing)) return exportTable(thing, out);
  const svg = await drawFigure(thing);
  return writeAll(out, `figures/${thing.name}`, { ...(svg && { svg }), csv: csvOf(thing.spec) });
}

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

/** The provenance of what is published on a bench. */
export const publishedFrom = (
  { dataset, preset }: Pick<Workbench, 'dataset'> & { readonly preset: { readonly name: string } },
  documents: readonly Result[],
): Provenance => ({ data: describedData(dataset), preset: preset.name, documents });

/** A data set in descriptions. */
export const describedData = ({ name, card, checksums }: Dataset): Provenance['data'] => ({
  ...{ name, licence: card.licence, citation: card.citation, files: checksums },
});

/** Each file appears whole or not at all. */
function writeAll(
  out: string,
  name: string,
  files: Readonly<Record<string, string | Buffer>>,
  from?: Provenance,
): string[] {
  const written = Object.entries(files).map(([ending, content]) => {
    writeWhole(path.join(out, `${name}.${ending}`), content);
    return `${name}.${ending}`;
  });
  if (from) describeDrawn(out, written, from);
  return written.map((file) => path.join(out, file));
}
