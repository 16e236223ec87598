import { inProject } from '../setup/tools/project';

/** Where a run leaves what it makes, unless it is told: an absolute folder. */
export const folderOf = (data: string, preset: string, precision: string): string =>
  inProject('figures/runs', `${data}-${preset}${precision === 'float32' ? '' : `-${precision}`}`);
