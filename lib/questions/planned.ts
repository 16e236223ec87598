/** Questions by name: the library's, or the module that a researcher has put beside the notebooks. */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/userError';
import { answerClaims, type Claim } from '../evidence/claims';
import type { Question } from '../evidence/questions';
import type { CompletedRun } from '../experiments/documents/completedRun';
import type { Planned } from '../experiments/methods/experiment';
import { inProject, portable } from '../setup/tools/project';
import type { Asks, ResearchQuestion } from './question';
import * as rq1 from './rq1';
import * as rq2 from './rq2';
import * as rq3 from './rq3';
import * as rq4 from './rq4';

const ofPaper: readonly ResearchQuestion[] = [rq1, rq2, rq3, rq4].map(({ question }) => question);

/** Claims of the paper's four questions: one family. */
export const allQuestions: readonly Question[] = ofPaper.flatMap(({ asks }) => asks.flat());

/** Modules of questions, a user's own first. */
const filesOf = (name: string) => [
  inProject('notebooks', `${name}.ts`),
  path.join(__dirname, name, 'question.ts'),
  path.join(__dirname, `${name}.ts`),
];

/** The module of a question; undefined for a notebook without one. Throws a UserError for a module without `runs`. */
export async function moduleOf(name: string): Promise<Asks | ResearchQuestion | undefined> {
  const file = filesOf(name).find((one) => fs.existsSync(one));
  if (file === undefined) return undefined;
  const { question, runs, asks }: Partial<Asks> & { question?: ResearchQuestion } = await import(file);
  if (question) return question;
  if (Array.isArray(runs)) return { runs, ...(asks ? { asks } : {}) };
  throw new UserError(`${portable(file)}: expected an export \`runs\`, a list of { on, experiments }`);
}

/** The question of a name as data; undefined for a notebook by itself and for a module with `runs` alone. */
export async function questionOf(name: string): Promise<ResearchQuestion | undefined> {
  const found = await moduleOf(name);
  return found && 'show' in found ? found : undefined;
}

/** Claims of each family of a question. */
export function claimsOf(question: ResearchQuestion, completed: CompletedRun): Claim[][] {
  const overall = ofPaper.includes(question) ? allQuestions : question.overall;
  return question.asks.map((family) => answerClaims(completed, family, overall));
}

/** Runs and claims of questions together; `silent` are those without a module, whose notebooks compute what they need. */
export async function plannedOf(questions: readonly string[]): Promise<{
  readonly planned: Planned[];
  readonly asks: { readonly question: string; readonly together: readonly Question[] }[];
  readonly silent: string[];
}> {
  const modules = await Promise.all(
    questions.map(async (question) => ({ question, module: await moduleOf(question) })),
  );
  return {
    planned: modules.flatMap(({ module }) => module?.runs ?? []),
    asks: modules.flatMap(({ question, module }) =>
      (module?.asks ?? []).map((together) => ({ question, together })),
    ),
    silent: modules.flatMap(({ question, module }) => (module ? [] : [question])),
  };
}
