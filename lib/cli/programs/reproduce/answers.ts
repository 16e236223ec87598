/** Answers of questions for the page of a run or a packed set: computed in this process from the documents, without a notebook. */
import { UserError } from '../../../base/userError';
import { describeDataset } from '../../../data/describe/describe';
import type { CompletedRun } from '../../../experiments/documents/completedRun';
import { resolve } from '../../../experiments/resolve/resolve';
import { peakMemory } from '../../../experiments/runs/estimate/memory';
import { completedRun, leftOf, runJobs } from '../../../experiments/runs/run';
import { taskAccounts } from '../../../experiments/runs/taskAccounts';
import type { BenchFacts, Workbench } from '../../../experiments/workbench/workbench';
import { claimsOf } from '../../../questions/planned';
import type { Beside, ResearchQuestion } from '../../../questions/question';
import { exportTo, publishable, publishedFrom } from '../../../report/export';
import type { Figure } from '../../../report/figure/smallMultiples';
import type { Section } from '../../../report/gallery/gallery';
import { type Product, productOf } from '../../../report/gallery/products';
import { dataRemarks, planRemarks, resultRemarks } from '../../../report/remarks';
import type { Table } from '../../../report/table/table';
import { table1 } from '../../../report/table/table1';

/** Reads the documents of a question. Throws a UserError where one is missing. */
async function readCompleted(bench: Workbench, { runs }: ResearchQuestion): Promise<CompletedRun> {
  const jobs = resolve(runs, bench);
  const missing = leftOf(jobs, bench.out).length;
  if (missing > 0) throw new UserError(`${missing} of its documents are missing: the same command resumes`);
  return completedRun(await runJobs(jobs, bench), bench);
}

/** Whether all documents of a question are there. */
export const isComputed = (bench: Workbench, { runs }: ResearchQuestion): boolean =>
  leftOf(resolve(runs, bench), bench.out).length === 0;

/** What a bench finds beside the documents. */
export const foundOn = (bench: Workbench): Beside => ({
  accounts: (methods) => taskAccounts(bench.tasks, methods, bench.preset),
  peaks: (methods) => peakMemory(bench, methods),
});

/** A question, what was completed of it, and what else its answer needs. */
type Answering = {
  readonly name: string;
  readonly question: ResearchQuestion;
  readonly completed: CompletedRun;
  readonly bench: BenchFacts;
  readonly beside: Beside;
  readonly mark?: string | undefined;
};

/** Writes a table or a figure. */
type Write = (thing: Table | Figure) => Promise<unknown>;

/** The section of a question, whose tables and figures are written; they lie under `folder` of the page's. */
export async function answered(
  { name, question, completed, bench, beside, mark }: Answering,
  write: Write,
  folder = '',
): Promise<Section> {
  const documents = [...completed.results, ...completed.pretraining];
  const claims = claimsOf(question, completed);
  const isProvisional = mark !== undefined;
  const { answer, main, details } = await question.show(completed, { bench, beside, claims, isProvisional });
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

/** Answers a question on the bench's seeds. Throws a UserError where a document is missing. */
export async function sectionOf(
  name: string,
  question: ResearchQuestion,
  bench: Workbench,
): Promise<Section> {
  const completed = await readCompleted(bench, question);
  const documents = [...completed.results, ...completed.pretraining];
  const from = { ...publishedFrom(bench, documents), question: name };
  const answering = { name, question, completed, bench, beside: foundOn(bench) };
  return answered(answering, (thing) => exportTo(bench.out, thing, from));
}

/** Answers a question by the first seed, under a folder of OUT. */
export async function firstSectionOf(
  name: string,
  question: ResearchQuestion,
  bench: Workbench,
  { folder, mark }: { readonly folder: string; readonly mark: string },
): Promise<Section> {
  const first = { ...bench, seeds: 1 };
  const completed = await readCompleted(first, question);
  const answering = { name, question, completed, bench: first, beside: foundOn(first), mark };
  return answered(answering, (thing) => exportTo(`${bench.out}/${folder}`, thing), folder);
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
