import fs from 'node:fs';
import path from 'node:path';

/** A figure or a table of a run's folder, by the name that its files share. */
export interface Product {
  readonly kind: 'figures' | 'tables';
  readonly name: string;
  /** Where `figures` and `tables` lie, by its path from OUT. */
  readonly folder: string;
  /** The Markdown of a table; of a figure its caption, escaped as in the SVG. */
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

/** The names of the files of one ending, without it; none where there is no such folder. */
export function stems(folder: string, ending: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(ending));
  return files.map((name) => name.slice(0, -ending.length)).sort(byNumber);
}

/** Every figure and table in a folder of OUT, by name. */
export function productsOf(out: string, folder = ''): Product[] {
  const read = (kind: Product['kind'], ending: string, of: (text: string) => Pick<Product, 'content'>) =>
    stems(path.join(out, folder, kind), ending).map((name): Product => {
      const text = fs.readFileSync(path.join(out, folder, kind, `${name}${ending}`), 'utf8');
      return { kind, name, folder, ...of(text) };
    });
  const figure = (svg: string) => ({
    content: /<title>([^<]*)<\/title>/.exec(svg)?.[1] ?? '',
    width: (Number(/width="([\d.]+)pt"/.exec(svg)?.[1] ?? 504) * 4) / 3,
  });
  return [...read('figures', '.svg', figure), ...read('tables', '.md', (content) => ({ content }))];
}

/** The formats of a product that are there: what a reader calls each, and its path from OUT. */
export const filesOf = (out: string, { kind, name, folder }: Product) =>
  Object.entries(FORMATS[kind])
    .map(([ending, label]) => ({ label, file: path.posix.join(folder, kind, `${name}.${ending}`) }))
    .filter(({ file }) => fs.existsSync(path.join(out, file)));

/** Whether this is what a cell shows as plain text: a figure by its name, a table by its Markdown. */
export const isShownAs = ({ kind, name, content }: Product, plain: string): boolean =>
  kind === 'figures' ? plain.startsWith(`${name}: `) : plain.trim() === content.trim();
