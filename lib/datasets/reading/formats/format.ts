import type { Layout } from './layout';
import type { TextTable } from './reading';

/** What becomes of the rows that the SQL engine read. */
export interface Use {
  /** SQL by which a user's interactions are ordered, before the order of the file. */
  readonly order: string;
  /** SQL of the rows that are interactions. */
  readonly condition: string;
  /** Fields of the interactions that belong to the user or the item, where these have no file of their own. */
  readonly within: { readonly users?: readonly string[]; readonly items?: readonly string[] };
  /** What becomes of the cells of a users or items file. */
  readonly finish: (part: PartName, table: TextTable) => TextTable;
}

/** A published form of data: what its files look like and what becomes of them. */
export interface Format extends Use {
  /** How a file is written; a UserError where the format has no file of this name. */
  readonly fileOf: (label: string, part: PartName) => FileFormat;
}

export type PartName = 'interactions' | 'users' | 'items';

export interface FileFormat {
  readonly encoding: 'utf-8' | 'latin1';
  readonly delimiter: string;
  /** Whether cells may stand in double quotes. */
  readonly quotes: boolean;
  /** The columns by the cells of the first line; those of a Parquet file are `NAME:TYPE`. */
  readonly columns: (firstLine: readonly string[]) => Pick<Layout, 'fields' | 'separator' | 'headerLines'>;
}
