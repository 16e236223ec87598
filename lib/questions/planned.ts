/** What the notebook of a question, or a researcher's own module beside the notebooks, runs and asks, by its name. */
import fs from 'node:fs';
import path from 'node:path';
import type { Question } from '../evidence/questions';
import type { Planned } from '../methods/experiment';
import { inProject, portable } from '../setup/tools/project';
import { UserError } from '../userError';

/** The runs of a question, and what is asked together of them. */
export type Said = {
  readonly runs: readonly Planned[];
  readonly asks?: readonly (readonly Question[])[];
};

/**
 * Of the module beside the notebooks where there is one, else of the one here. Undefined where nothing says them, as of a notebook
 * that a user has added. Throws a UserError for a module that says none.
 */
export async function saidOf(question: string): Promise<Said | undefined> {
  const places = [inProject('notebooks', `${question}.ts`), path.join(__dirname, `${question}.ts`)];
  const file = places.find((place) => fs.existsSync(place));
  if (file === undefined) return undefined;
  const said = (await import(file)) as Partial<Said>;
  if (Array.isArray(said.runs)) return { ...said, runs: said.runs };
  throw new UserError(`${portable(file)}: expected an export \`runs\`, a list of { on, experiments }`);
}

/** What questions plan and ask together, and which of them say nothing: their notebooks compute what they need. */
export async function plannedOf(questions: readonly string[]): Promise<{
  readonly planned: Planned[];
  readonly asks: { readonly question: string; readonly together: readonly Question[] }[];
  readonly silent: string[];
}> {
  const planned: Planned[] = [];
  const asks: { question: string; together: readonly Question[] }[] = [];
  const silent: string[] = [];
  for (const question of questions) {
    const said = await saidOf(question);
    if (!said) silent.push(question);
    planned.push(...(said?.runs ?? []));
    asks.push(...(said?.asks ?? []).map((together) => ({ question, together })));
  }
  return { planned, asks, silent };
}
