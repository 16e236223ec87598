/** Answers of questions for the page of a run: computed in this process from the documents, without a notebook. */
import path from 'node:path';
import { UserError } from '../../../base/userError';
import { describeDataset } from '../../../data/describe/describe';
import type { Ran } from '../../../experiments/documents/ran';
import { resolve } from '../../../experiments/resolve/resolve';
import { leftOf, ranOf, runJobs } from '../../../experiments/runs/run';
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
async function readRan(bench: Workbench, { runs }: ResearchQuestion): Promise<Ran> {
  const jobs = resolve(runs, bench);
  const missing = leftOf(jobs, bench.out).length;
  if (missing > 0) throw new UserError(`${missing} of its documents are missing: the same command resumes`);
  return ranOf(await runJobs(jobs, bench), bench);
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
  const ran = await readRan(bench, question);
  const documents = [...ran.results, ...ran.pretraining];
  const claims = claimsOf(question, ran);
  const isProvisional = mark !== undefined;
  const { answer, main, details } = await question.show(ran, { bench, claims, isProvisional });
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
    ...resultRemarks(ran, documents),
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
