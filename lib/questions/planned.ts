/** What the notebook of a question, or a researcher's own module beside the notebooks, runs and asks, by its name. */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/userError';
import type { Question } from '../evidence/questions';
import type { Planned } from '../experiments/methods/experiment';
import { inProject, portable } from '../setup/tools/project';
import * as rq1 from './rq1';
import * as rq2 from './rq2';
import * as rq3 from './rq3';
import * as rq4 from './rq4';

/** What the notebooks of the paper's four questions ask: one family of claims. */
export const allQuestions: readonly Question[] = [rq1, rq2, rq3, rq4].flatMap(({ asks }) => asks.flat());

/** The runs of a question, and what is asked together of them. */
export type Said = {
  readonly runs: readonly Planned[];
  readonly asks?: readonly (readonly Question[])[];
};

/** Where modules of questions lie: a user's own first. */
const FOLDERS = [inProject('notebooks'), __dirname];

/** The module of a question; undefined for a notebook without one. Throws a UserError for a module without `runs`. */
export async function saidOf(question: string): Promise<Said | undefined> {
  const file = FOLDERS.map((folder) => path.join(folder, `${question}.ts`)).find((one) => fs.existsSync(one));
  if (file === undefined) return undefined;
  const said = (await import(file)) as Partial<Said>;
  if (Array.isArray(said.runs)) return { ...said, runs: said.runs };
  throw new UserError(`${portable(file)}: expected an export \`runs\`, a list of { on, experiments }`);
}

/** What questions plan and ask together; `silent` are those without a module, whose notebooks compute what they need. */
export async function plannedOf(questions: readonly string[]): Promise<{
  readonly planned: Planned[];
  readonly asks: { readonly question: string; readonly together: readonly Question[] }[];
  readonly silent: string[];
}> {
  const said = await Promise.all(
    questions.map(async (question) => ({ question, ...(await saidOf(question)) })),
  );
  return {
    planned: said.flatMap(({ runs = [] }) => runs),
    asks: said.flatMap(({ question, asks = [] }) => asks.map((together) => ({ question, together }))),
    silent: said.flatMap(({ question, runs }) => (runs ? [] : [question])),
  };
}
