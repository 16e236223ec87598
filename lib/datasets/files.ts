import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { locate } from './loading/locate';
import { tablesOf } from './reading/cache';

/** The files that a data set is read from: card, tables and splits, or the archive that holds them. */
export type DatasetFiles = { readonly name: string; readonly folder: string; readonly files: string[] };

/** Throws a UserError where there is no such data set, or where its card is wrong. */
export function filesOfDataset(nameOrPath: string): DatasetFiles {
  const { folder, card } = locate(nameOrPath);
  const { name, tasks } = card;
  const splits = Object.values(tasks).flatMap(({ split }) => split ?? []);
  const beside = ['dataset.json', ...splits].map((file) => join(folder.path, file));
  const files = [...tablesOf(folder, card), ...beside].filter((file) => existsSync(file));
  return { name, folder: folder.path, files };
}
