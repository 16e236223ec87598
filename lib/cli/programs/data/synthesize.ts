import { UserError } from '../../../base/userError';
import type { World } from '../../../data/synthetic/synthetic';
import { worldName, writeWorld } from '../../../data/synthetic/syntheticFiles';
import { inProject } from '../../../setup/tools/project';
import { fromHere } from '../../values';
import { runCommand } from '../program';

type Options = Omit<World, 'kind'> & { readonly world: World['kind']; readonly out?: string };

async function synthesize({ world: kind, out, ...sizes }: Options): Promise<number> {
  const world = { kind, ...sizes };
  const { users, labelled = users } = world;
  if (labelled > users) throw new UserError(`--labelled ${labelled}: expected at most the ${users} users`);
  const folder = out ?? inProject('data', worldName(world));
  console.log(`${fromHere(folder)}: ${writeWorld(world, folder).toLocaleString('en')} interactions`);
  return 0;
}

runCommand(synthesize);
