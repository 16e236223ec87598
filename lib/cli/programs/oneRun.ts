import { createHash } from 'node:crypto';
import path from 'node:path';
import { withLock } from '../../setup/tools/lock';
import { inProject } from '../../setup/tools/project';

/**
 * Does work while no other run computes in the folder `out`: the trunks and documents of two would be written over each
 * other's. A second run waits and then finds what the first has computed.
 */
export function oneRunIn<T>(out: string, work: () => Promise<T>): Promise<T> {
  const name = createHash('sha256').update(out).digest('hex').slice(0, 16);
  const waiting = () => console.log(`Another run computes in ${shown(out)}: waiting for its end`);
  return withLock(inProject('.cache/runs', `${name}.lock`), waiting, work);
}

/** A file as the user may name it from where the command runs. */
export const shown = (file: string): string => path.relative(process.cwd(), file);
