/** What a packed set holds beside its documents and their outcomes: `set.json`. */
import fs from 'node:fs';
import path from 'node:path';
import { readSealed, writeSealed } from '../base/sealed';
import { UserError } from '../base/userError';
import type { TaskFacts } from '../data/tasks/facts';
import type { TaskAccount } from '../experiments/runs/taskAccounts';
import type { BenchFacts } from '../experiments/workbench/workbench';
import { inProject } from '../setup/tools/project';
import type { Table } from './table/table';

export const SET = 'set.json';

/** Of the bench; of the data, Table 1; and by the names of questions the accounts that they show, which no document holds. */
export type PackedSet = Pick<BenchFacts, 'data' | 'preset' | 'trials' | 'seeds'> & {
  readonly dataset: string;
  readonly tasks: readonly TaskFacts[];
  readonly table1: Table;
  readonly accounts: Readonly<Record<string, readonly TaskAccount[]>>;
};

/** Whether a folder holds a packed set. */
export const isPacked = (folder: string): boolean => fs.existsSync(path.join(folder, SET));

export const writeSet = (folder: string, set: PackedSet): void =>
  void writeSealed(path.join(folder, SET), set);

/** Throws a UserError where a folder holds none, and Damaged where its content has changed. */
export function readSet(folder: string): PackedSet {
  if (!isPacked(folder))
    throw new UserError(
      `${folder}: expected a packed set with ${SET}; \`npm run pack -- FOLDER\` makes one of a run`,
    );
  return readSealed(path.join(folder, SET)) as unknown as PackedSet;
}

/** The facts of a set's bench. */
export const factsIn = (folder: string, { dataset, ...set }: PackedSet): BenchFacts => ({
  ...set,
  ...{ dataset: { name: dataset, folder: inProject('data', dataset) }, out: folder },
});
