/** What Slurm is asked beside Snakemake. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../base/userError';

const ask = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', timeout: 30_000 });

/** Jobs in the queue whose names begin so; undefined if Slurm does not answer. Throws a UserError if it is missing. */
export function queued(prefix: string): number | undefined {
  try {
    const names = ask('squeue', '--me', '--noheader', '--format=%j').split('\n');
    return names.filter((name) => name.startsWith(`${prefix}_`)).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UserError('squeue is missing: expected the commands of Slurm on PATH');
    return undefined;
  }
}

/** Whether Slurm keeps accounts; without them the queue itself tells the state of jobs. */
export function hasAccounting(): boolean {
  try {
    ask('sacct', '--noheader', '--starttime=now');
    return true;
  } catch {
    return false;
  }
}

/** Commands that Snakemake's executor calls. */
const COMMANDS = ['srun', 'sbatch', 'squeue', 'sacct', 'scancel', 'scontrol', 'sinfo', 'sacctmgr', 'sshare'];

/**
 * The environment of Snakemake. Its executor removes SLURM_CONF from every job: if it is set, scripts in `folder` with the names of
 * Slurm's commands restore it. They come first on PATH, here and, as `sbatch` passes PATH on, in jobs.
 */
export function slurmEnvironment(folder: string): NodeJS.ProcessEnv {
  const { SLURM_CONF, PATH = '' } = process.env;
  if (!SLURM_CONF) return process.env;
  fs.mkdirSync(folder, { recursive: true });
  for (const name of COMMANDS) {
    const places = PATH.split(path.delimiter).map((place) => path.join(place, name));
    const file = places.find((place) => fs.existsSync(place));
    if (!file) continue;
    const script = `#!/bin/sh\nSLURM_CONF='${SLURM_CONF}' exec '${file}' "$@"\n`;
    fs.writeFileSync(path.join(folder, name), script, { mode: 0o755 });
  }
  return { ...process.env, PATH: `${folder}${path.delimiter}${PATH}` };
}
