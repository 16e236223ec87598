import type { World } from '../../../datasets/synthetic/synthetic';
import { worldName, writeWorld } from '../../../datasets/synthetic/syntheticFiles';
import { inProject } from '../../../setup/tools/project';
import { shown } from '../../options/paths';
import { runCommand } from '../program';

/** What `commands.js` declares for synthesize, read and checked. */
interface Options extends Omit<World, 'kind'> {
  readonly world: World['kind'];
  /** An absolute folder. */
  readonly out?: string;
}

async function synthesize({ world: kind, out, ...sizes }: Options): Promise<number> {
  const start = performance.now();
  const world = { kind, ...sizes };
  const folder = out ?? inProject('data', worldName(world));
  const interactions = writeWorld(world, folder).toLocaleString('en');
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${shown(folder)}: ${interactions} interactions in ${seconds} s`);
  return 0;
}

runCommand(synthesize);
