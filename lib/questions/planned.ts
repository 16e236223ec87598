/** What the notebook of a question runs and asks, by the question's name. */
import fs from 'node:fs';
import path from 'node:path';
import type { Question } from '../evidence/questions';
import type { Planned } from '../methods/experiment';

/** The runs of a question, and what is asked together of them. */
export type Said = {
  readonly runs: readonly Planned[];
  readonly asks?: readonly (readonly Question[])[];
};

/** Undefined where nothing says them, as of a notebook that a user has added. */
export async function saidOf(question: string): Promise<Said | undefined> {
  const file = path.join(__dirname, `${question}.ts`);
  return fs.existsSync(file) ? ((await import(file)) as Said) : undefined;
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
