import fs from 'node:fs';
import path from 'node:path';
import type { Figure } from '../figure/smallMultiples';
import { PIXELS_PER_INCH } from '../figure/theme';
import { isPacked } from '../packedSet';
import { toMarkdown } from '../table/formats';
import type { Table } from '../table/table';

/** A figure or a table on the page, by the name that its files share. */
export interface Product {
  readonly kind: 'figures' | 'tables';
  readonly name: string;
  /** Folder of `figures` and `tables`, by its path from OUT. */
  readonly folder: string;
  /** The Markdown of a table, the caption of a figure. */
  readonly content: string;
  /** CSS pixels of a figure on paper. */
  readonly width?: number;
}

/** File endings and what readers call them. */
const FORMATS = {
  figures: { svg: 'SVG', pdf: 'PDF', png: 'PNG', csv: 'CSV' },
  tables: { csv: 'CSV', tex: 'LaTeX', md: 'Markdown' },
} as const;

/** Names with numbers in the order of the numbers. */
export const byNumber = new Intl.Collator('en', { numeric: true }).compare;

/** Names of the files of one ending, without it; none where there is no such folder. */
export function stems(folder: string, ending: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(ending));
  return files.map((name) => name.slice(0, -ending.length)).sort(byNumber);
}

/** A table or a figure whose files lie in a folder of OUT. */
export const productOf = (thing: Table | Figure, folder = ''): Product =>
  'spec' in thing
    ? {
        ...{ kind: 'figures', name: thing.name, folder, content: thing.caption },
        width: thing.width * PIXELS_PER_INCH,
      }
    : { kind: 'tables', name: thing.name, folder, content: toMarkdown(thing) };

/** The formats of a product that are there, of a packed set neither PDF nor PNG: what a reader calls each, and its path from OUT. */
export const filesOf = (out: string, { kind, name, folder }: Product) =>
  Object.entries(FORMATS[kind])
    .filter(([ending]) => !isPacked(out) || !['pdf', 'png'].includes(ending))
    .map(([ending, label]) => ({ label, file: path.posix.join(folder, kind, `${name}.${ending}`) }))
    .filter(({ file }) => fs.existsSync(path.join(out, file)));
