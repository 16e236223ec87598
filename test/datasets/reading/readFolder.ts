import { historiesOf, historyOf } from '../../../lib/datasets/loading/histories';
import { locate } from '../../../lib/datasets/loading/locate';
import type { Reading, TextTable } from '../../../lib/datasets/reading/formats/reading';
import { readDataset } from '../../../lib/datasets/reading/readDataset';
import { folderWith } from '../folders';

/** Reads a data set in this process, which spares a test the start of another one. */
export function readFolder(path: string): Promise<Reading> {
  const { folder, card } = locate(path);
  return readDataset(folder, card, folderWith({}));
}

/** Each user with the items of his history, oldest first. */
export function historiesIn({ interactions }: Reading): [string, string[]][] {
  const histories = historiesOf(interactions);
  return histories.users.map((user, u) => [
    user,
    [...historyOf(histories, u)].map((code) => histories.items[code]),
  ]);
}

/** The cells of a column. */
export function columnOf(table: TextTable | undefined, name: string): readonly string[] | undefined {
  return table?.columns[table.fields.findIndex((field) => field.name === name)];
}
