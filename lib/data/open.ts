import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Card, Timeline } from './card/card';
import { type Dataset, datasetOf, loadDataset, withKeys } from './loading/dataset';
import { locate } from './loading/locate';
import { tablesOf } from './reading/cache';
import { openFolder } from './reading/text/folder';
import { requireParts } from './tasks/split';
import { buildTasks, type Task } from './tasks/tasks';

/**
 * A data set with its tasks, all checked that can be before training. `timeline`: one in place of the card's; null: none. Throws a
 * UserError.
 */
export function openDataset(
  nameOrPath: string,
  timeline?: Timeline | null,
): {
  readonly dataset: Dataset;
  readonly tasks: readonly Task[];
} {
  return withTasks(loadDataset(nameOrPath, timeline));
}

/** The timeline that the card of a data set has. Throws a UserError for an unknown data set and a wrong card. */
export const timelineIn = (nameOrPath: string): Timeline | undefined => locate(nameOrPath).card.timeline;

/** Throws a UserError where a card and the files of a folder make no data set. */
export function requireWorks(folder: string, card: Card): void {
  withTasks(datasetOf(openFolder(folder), card));
}

function withTasks(dataset: Dataset) {
  const tasks = buildTasks(dataset);
  for (const task of tasks) requireParts(task);
  return { dataset, tasks };
}

/** Other tasks of a data set, given as in its card. Throws a UserError. */
export function tryTasks(dataset: Dataset, tasks: object): Task[] {
  const card = withKeys({ path: dataset.folder }, dataset.card, { tasks });
  return buildTasks({ ...dataset, card });
}

/** The files that a data set is read from: card, tables and splits, or the archive that holds them. */
export type DatasetFiles = { readonly name: string; readonly folder: string; readonly files: string[] };

/** Throws a UserError for an unknown data set and a wrong card. */
export function filesOfDataset(nameOrPath: string): DatasetFiles {
  const { folder, card } = locate(nameOrPath);
  const splits = Object.values(card.tasks).flatMap(({ split }) => split ?? []);
  const beside = ['dataset.json', ...splits].map((file) => join(folder.path, file));
  const files = [...tablesOf(folder, card), ...beside].filter((file) => existsSync(file));
  return { name: card.name, folder: folder.path, files };
}
