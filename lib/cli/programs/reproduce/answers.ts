/** Answers of questions for the page of a run: computed in this process from the documents, without a notebook. */
import path from 'node:path';
import { UserError } from '../../../base/userError';
import { describeDataset } from '../../../data/describe/describe';
import type { CompletedRun } from '../../../experiments/documents/completedRun';
import { resolve } from '../../../experiments/resolve/resolve';
import { completedRun, leftOf, runJobs } from '../../../experiments/runs/run';
import type { Workbench } from '../../../experiments/workbench/workbench';
import { claimsOf } from '../../../questions/planned';
import type { ResearchQuestion } from '../../../questions/question';
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

/**
 * Answers a question on the bench's seeds, and writes its tables and figures under `folder` of OUT. Throws a UserError where a
 * document is missing.
 */
export async function sectionOf(
  name: string,
  question: ResearchQuestion,
  bench: Workbench,
  { folder = '', mark }: { readonly folder?: string; readonly mark?: string } = {},
): Promise<Section> {
  const completed = await readCompleted(bench, question);
  const documents = [...completed.results, ...completed.pretraining];
  const claims = claimsOf(question, completed);
  const isProvisional = mark !== undefined;
  const { answer, main, details } = await question.show(completed, { bench, claims, isProvisional });
  const from = publishedFrom(bench, documents);
  const write = async (things: readonly (Table | Figure)[]): Promise<Product[]> => {
    const products: Product[] = [];
    for (const thing of publishable(things, documents)) {
      await exportTo(path.join(bench.out, folder), thing, from);
      products.push(productOf(thing, folder));
    }
    return products;
  };
  const remarks = [
    ...dataRemarks(bench),
    ...planRemarks(bench, question.runs),
    ...resultRemarks(completed, documents),
  ];
  const { title, about } = question;
  return {
    ...{ name, title, about, answer, mark },
    main: await write(main),
    details: [...remarks, ...(await write(details))],
  };
}

/** Table 1, written under OUT. */
export async function dataOf(bench: Workbench): Promise<Product[]> {
  const table = table1(describeDataset(bench.dataset, bench.tasks).tasks);
  await exportTo(bench.out, table, publishedFrom(bench, []));
  return [productOf(table)];
}
