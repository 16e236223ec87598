import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { historiesOf, historyOf } from '../../../lib/data/loading/histories';
import { locate } from '../../../lib/data/loading/locate';
import type { Reading, TextTable } from '../../../lib/data/reading/formats/reading';
import { readDataset } from '../../../lib/data/reading/readDataset';
import type { Task } from '../../../lib/data/tasks/tasks';
import { folderWith } from '../folders';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Reads a data set in this process, which spares a test the start of another one. */
export async function readFolder(path: string): Promise<Reading> {
  const { folder, card } = locate(path);
  return readDataset(folder, card, folderWith({}));
}

/** Requires that reading a data set ends in one line for the user that matches. */
export async function requireRefused(path: string, expected: RegExp): Promise<void> {
  await assert.rejects(readFolder(path), ({ name, message }: Error) => {
    assert.deepEqual([name, message.includes('\n')], ['UserError', false]);
    assert.match(message, expected);
    return true;
  });
}

/** A test for each case: its folder is refused in one line that matches, `place` in front. */
export function refuses<C>(
  folderOf: (content: C, card?: object) => string,
  place: string,
  cases: readonly (readonly [what: string, content: C, expected: RegExp, card?: object])[],
): void {
  for (const [what, content, expected, card] of cases)
    test(`${what} is refused`, () =>
      requireRefused(folderOf(content, card), new RegExp(`${place}${expected.source}`)));
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

/** Each instance of a task as user and label. */
export const instancesOf = ({ instances, source, labels }: Task): string[] =>
  instances.map(({ user, label }) => `${source.users[user]} ${labels[label]}`);

/** The path of an archive in a folder of its own. */
export const archiveOf = (content: Uint8Array, name = 'x.zip'): string =>
  join(folderWith({ [name]: content }), name);

/** Writes the result of a query as a Parquet file. */
export async function writeParquet(file: string, query: string): Promise<void> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`COPY (${query}) TO '${file}' (FORMAT PARQUET)`);
}
