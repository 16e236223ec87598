/** What the notebook of a question runs, by the question's name. */
import fs from 'node:fs';
import path from 'node:path';
import type { Planned } from '../methods/experiment';

/** The runs of a question; undefined where nothing says them, as of a notebook that a user has added. */
export async function plannedFor(question: string): Promise<readonly Planned[] | undefined> {
  const file = path.join(__dirname, `${question}.ts`);
  if (!fs.existsSync(file)) return undefined;
  const { runs } = (await import(file)) as { readonly runs: readonly Planned[] };
  return runs;
}

/** What questions plan together, and which of them say nothing: their notebooks compute what they need. */
export async function plannedOf(
  questions: readonly string[],
): Promise<{ readonly planned: Planned[]; readonly silent: string[] }> {
  const planned: Planned[] = [];
  const silent: string[] = [];
  for (const question of questions) {
    const runs = await plannedFor(question);
    if (runs) planned.push(...runs);
    else silent.push(question);
  }
  return { planned, silent };
}
