/** Answers of questions for the page of a run or a packed set: computed in this process from the documents, without a notebook. */
import path from 'node:path';
import { UserError } from '../../../base/userError';
import { describeDataset } from '../../../data/describe/describe';
import type { CompletedRun } from '../../../experiments/documents/completedRun';
import { resolve } from '../../../experiments/resolve/resolve';
import { completedRun, leftOf, runJobs } from '../../../experiments/runs/run';
import { type TaskAccount, taskAccounts } from '../../../experiments/runs/taskAccounts';
import type { BenchFacts, Workbench } from '../../../experiments/workbench/workbench';
import { claimsOf } from '../../../questions/planned';
import type { ResearchQuestion } from '../../../questions/question';
import { exportTo, publishable, publishedFrom } from '../../../report/export';
import type { Figure } from '../../../report/figure/smallMultiples';
import type { Section } from '../../../report/gallery/gallery';
import { type Product, productOf } from '../../../report/gallery/products';
import { dataRemarks, planRemarks, resultRemarks } from '../../../report/remarks';
import type { Table } from '../../../report/table/table';
import { table1 } from '../../../report/table/table1';

/** Whether all documents of a question are there. */
export const isComputed = (bench: Workbench, { runs }: ResearchQuestion): boolean =>
  leftOf(resolve(runs, bench), bench.out).length === 0;

/** The accounts that a question shows, which no document holds. */
export const accountsFor = ({ stored = [] }: ResearchQuestion, { tasks, preset }: Workbench): TaskAccount[] =>
  taskAccounts(tasks, stored, preset);

/** A question, what was completed of it, and what else its answer needs. */
type Answering = {
  readonly name: string;
  readonly question: ResearchQuestion;
  readonly completed: CompletedRun;
  readonly bench: BenchFacts;
  readonly accounts: readonly TaskAccount[];
  readonly mark?: string | undefined;
};

/** The section of a question, whose tables and figures are written; they lie under `folder` of the page's. */
export async function answered(
  { name, question, completed, bench, accounts, mark }: Answering,
  write: (thing: Table | Figure) => Promise<unknown>,
  folder = '',
): Promise<Section> {
  const documents = [...completed.results, ...completed.pretraining];
  const claims = claimsOf(question, completed);
  const { answer, main, details } = question.show(completed, { bench, accounts, claims });
  const written = async (things: readonly (Table | Figure)[]): Promise<Product[]> => {
    const shown = publishable(things, documents);
    for (const thing of shown) await write(thing);
    return shown.map((thing) => productOf(thing, folder));
  };
  const remarks = [
    ...dataRemarks(bench),
    ...planRemarks(bench, question.runs),
    ...resultRemarks(completed, documents),
  ];
  const { title, about } = question;
  return {
    ...{ name, title, about, answer, mark },
    main: await written(main),
    details: [...remarks, ...(await written(details))],
  };
}

/** Answers a question, the `first` time by one seed, under a folder of OUT. Throws a UserError where a document is missing. */
export async function sectionOf(
  name: string,
  question: ResearchQuestion,
  whole: Workbench,
  first?: { readonly folder: string; readonly mark: string },
): Promise<Section> {
  const bench = first ? { ...whole, seeds: 1 } : whole;
  const jobs = resolve(question.runs, bench);
  const missing = leftOf(jobs, bench.out).length;
  if (missing > 0) throw new UserError(`${missing} of its documents are missing: the same command resumes`);
  const completed = completedRun(await runJobs(jobs, bench), bench);
  const documents = [...completed.results, ...completed.pretraining];
  const from = first ? undefined : { ...publishedFrom(bench, documents), question: name };
  const { folder = '', mark } = first ?? {};
  const out = path.join(bench.out, folder);
  const accounts = accountsFor(question, bench);
  const answering = { name, question, completed, bench, accounts, mark };
  return answered(answering, (thing) => exportTo(out, thing, from), folder);
}

/** Table 1. */
export const tableOfData = ({ dataset, tasks }: Workbench): Table =>
  table1(describeDataset(dataset, tasks).tasks);

/** Table 1, written under OUT. */
export async function dataOf(bench: Workbench): Promise<Product[]> {
  const table = tableOfData(bench);
  await exportTo(bench.out, table, publishedFrom(bench, []));
  return [productOf(table)];
}
