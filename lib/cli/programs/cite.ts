import { UserError } from '../../base/userError';
import { locate } from '../../data/loading/locate';
import { documentsOf } from '../../experiments/documents/results';
import { bibliography } from '../../report/cite';
import { inProject } from '../../setup/tools/project';
import { fromHere } from '../values';
import { runCommand } from './program';

/** The citation on the card of a data set; nothing where it has none, or lies elsewhere, which is said. */
function citationOf(name: string): [string, string][] {
  try {
    const { citation } = locate(name).card;
    return citation ? [[name, citation]] : [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`${name}: expected data/${name} with a card, found none: its citation is left out`);
    return [];
  }
}

/** Prints what a run rests on as BibTeX. */
async function cite({
  run = inProject('figures/reference/movielens-100k'),
}: {
  readonly run?: string;
}): Promise<number> {
  const results = documentsOf(run);
  if (results.length === 0)
    throw new UserError(`${fromHere(run)} holds no results/: expected the folder of a run`);
  const names = [...new Set(results.map(({ data }) => data))];
  process.stdout.write(bibliography(results, new Map(names.flatMap(citationOf))));
  return 0;
}

runCommand(cite);
