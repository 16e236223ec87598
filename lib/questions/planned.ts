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
