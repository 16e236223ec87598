/** The page of a packed set, from its files alone. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../../base/userError';
import { nameIn } from '../../../experiments/documents/document';
import { filesOf, packedSeeds } from '../../../experiments/documents/packedForm';
import { documentsOf } from '../../../experiments/documents/results';
import { isSame } from '../../../experiments/methods/identity';
import { completedOf } from '../../../experiments/runs/run';
import type { TaskAccount } from '../../../experiments/runs/taskAccounts';
import { questionOf } from '../../../questions/planned';
import type { ResearchQuestion } from '../../../questions/question';
import { drawnIn } from '../../../report/crate';
import type { Figure } from '../../../report/figure/smallMultiples';
import type { Page, Section } from '../../../report/gallery/gallery';
import { productOf } from '../../../report/gallery/products';
import { factsIn, type PackedSet } from '../../../report/packedSet';
import type { Table } from '../../../report/table/table';
import { answered } from '../reproduce/answers';

/** A folder with the set's Parquet files alone: a run's own documents are not read, and what has changed is read too. */
export function packedAlone(folder: string): string {
  const alone = fs.mkdtempSync(path.join(os.tmpdir(), 'packed-'));
  for (const file of packedSeeds(folder).flatMap((seed) => Object.values(filesOf(folder, seed))))
    if (fs.existsSync(file)) fs.symlinkSync(path.resolve(file), path.join(alone, path.basename(file)));
  return alone;
}

/** The documents of a question out of all of a folder, called as its plan calls their methods. */
function completedFrom(folder: string, set: PackedSet, { runs }: ResearchQuestion, names: readonly string[]) {
  const byName = new Map(documentsOf(folder).map((document) => [nameIn(document), document]));
  const planned = runs.flatMap(({ experiments }) => experiments);
  const documents = names.map((name) => {
    const document = byName.get(name);
    if (!document)
      throw new UserError(`${folder}: document ${name} is missing, which the page was drawn from`);
    const { experiment: id, trunk, training, pretraining } = document;
    const own = planned.find((one) => isSame(one, { id, trunk, training, pretraining }));
    return own ? { ...document, method: own.label } : document;
  });
  return completedOf(documents, { out: folder, tasks: set.tasks });
}

/** Answers all questions whose pages were drawn in `described`, from the set of a folder. */
export async function packedPage(
  folder: string,
  set: PackedSet,
  {
    described,
    accountsOf,
    write,
  }: {
    readonly described: string;
    readonly accountsOf: (name: string, question: ResearchQuestion) => readonly TaskAccount[];
    readonly write: (thing: Table | Figure) => Promise<unknown>;
  },
): Promise<Page> {
  const sections: Section[] = [];
  const bench = factsIn(folder, set);
  for (const { name, documents } of drawnIn(described)) {
    const question = await questionOf(name);
    if (!question) continue;
    const completed = completedFrom(folder, set, question, documents);
    const accounts = accountsOf(name, question);
    sections.push(await answered({ name, question, completed, bench, accounts }, write));
  }
  await write(set.table1);
  return { sections, data: [productOf(set.table1)] };
}
