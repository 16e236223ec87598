/** Brings a plan to a cluster by Snakemake: one start of it, watched until it ends. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fingerprint } from '../../base/fingerprint';
import { UserError } from '../../base/userError';
import { writeWhole } from '../../base/whole';
import { snakemake } from '../../setup/parts/ownEnvironment';
import { inProject } from '../../setup/tools/project';
import type { BatchPlan } from './batches';

export type Executor = {
  /** An executor plugin of Snakemake. */
  readonly on: string;
  /** Jobs at a time. */
  readonly jobs: number;
  /** Options of Snakemake's own. */
  readonly options: readonly string[];
};

/** How Snakemake ended: by itself, or killed because it had lost its jobs. */
export type Ended = 'by itself' | 'lost';

/** Milliseconds between two looks at what is done. */
const LOOK = 5000;
/** Milliseconds with an empty queue after which Snakemake has lost its jobs: it looks every 3 minutes at least. */
const LOST = 6 * 60_000;

const folderIn = (out: string) => path.join(out, 'cluster');
const logIn = (out: string) => path.join(folderIn(out), 'snakemake.log');

/** The beginning of the names of all jobs on a folder. */
const prefixOf = (out: string) => `pw-${fingerprint(out)}`;

/** Waits for the jobs that a killed sweep left in the queue, so that nothing is computed twice. */
export async function endOfLeftovers(out: string, { on }: Executor, signal: AbortSignal): Promise<void> {
  if (on !== 'slurm') return;
  for (let isTold = false; ; isTold = true) {
    signal.throwIfAborted();
    const count = queued(prefixOf(out));
    if (count === 0) return;
    const waiting =
      count === undefined
        ? 'Slurm does not answer (squeue): waiting until it does'
        : `${count} jobs of an earlier sweep are in the queue: waiting for them (scancel ends them)`;
    if (!isTold) console.log(waiting);
    await sleep(LOOK, undefined, { signal });
  }
}

/** Runs the jobs of a plan; `onLook` is called every few seconds. */
export async function runBatches(
  out: string,
  plan: BatchPlan,
  executor: Executor,
  signal: AbortSignal,
  onLook: () => void,
): Promise<Ended> {
  signal.throwIfAborted();
  fs.mkdirSync(folderIn(out), { recursive: true });
  const log = fs.openSync(logIn(out), 'a');
  const isSlurm = executor.on === 'slurm';
  const args = ['-m', 'snakemake', ...argumentsOf(out, written(out, plan), executor)];
  const child = spawn(snakemake.python, args, {
    stdio: ['ignore', log, log],
    env: isSlurm ? slurmEnvironment(path.join(folderIn(out), 'bin')) : process.env,
    detached: true, // its own group: the terminal's Ctrl-C reaches it once, from here
  });
  fs.closeSync(log);
  const end = () => child.kill('SIGINT'); // SIGTERM would leave its jobs running
  signal.addEventListener('abort', end);
  process.on('exit', end);
  try {
    return await untilEnd(child, onLook, isSlurm ? prefixOf(out) : undefined);
  } finally {
    process.off('exit', end);
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
  }
}

/** Writes the plan, with what the nodes need besides, to a file and returns its name. */
function written(out: string, plan: BatchPlan): string {
  const content = { ...plan, project: inProject(), node: process.execPath };
  const file = path.join(folderIn(out), `plan-${fingerprint(content)}.json`);
  writeWhole(file, JSON.stringify({ ...content, file }));
  return file;
}

function untilEnd(snakemake: ChildProcess, onLook: () => void, prefix: string | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let [seen, isLost] = [Date.now(), false];
    let failure: unknown;
    const look = () => {
      try {
        onLook();
        if (!prefix || queued(prefix) !== 0) seen = Date.now();
      } catch (error) {
        failure ??= error;
        snakemake.kill('SIGINT');
      }
      isLost ||= Date.now() - seen > LOST;
      if (isLost) snakemake.kill('SIGKILL');
    };
    const timer = setInterval(look, LOOK);
    const end = (error?: unknown) => {
      clearInterval(timer);
      if (failure ?? error) reject(failure ?? error);
      else resolve(isLost ? 'lost' : 'by itself');
    };
    snakemake.once('error', end);
    snakemake.once('close', () => end());
  });
}

function argumentsOf(out: string, plan: string, { on, jobs, options }: Executor): string[] {
  const snakefile = inProject('lib/experiments/cluster/Snakefile');
  const slurm = [
    ...['--slurm-jobname-prefix', prefixOf(out), '--slurm-init-seconds-before-status-checks', '10'],
    ...['--slurm-status-command', hasAccounting() ? 'sacct' : 'squeue'],
  ];
  return [
    ...['--snakefile', snakefile, '--directory', out, '--configfile', plan],
    // All of the plan is to be computed, whatever lies there; the locks of documents keep two sweeps apart.
    ...['--forceall', '--nolock', '--ignore-incomplete', '--keep-incomplete', '--keep-going'],
    ...['--rerun-triggers', 'mtime', '--scheduler', 'greedy', '--quiet', 'reason', 'host'],
    ...['--executor', on, '--jobs', `${jobs}`, '--retries', '2', '--latency-wait', '60'],
    ...(on === 'slurm' ? slurm : []),
    ...options,
  ];
}

/** The last lines of jobs, by their names, written since a time in milliseconds; else the last lines of Snakemake. */
export function complaintsIn(out: string, names: readonly string[], since: number): string[] {
  const logs = names.map((name) => path.join(folderIn(out), 'logs', `${name}.log`));
  const jobs = logs.flatMap((file) => lastLines(file, since));
  return jobs.length > 0 ? jobs : lastLines(logIn(out), since);
}

function lastLines(file: string, since: number): string[] {
  if (!fs.existsSync(file) || fs.statSync(file).mtimeMs < since) return [];
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-4);
  return [`${file}:`, ...lines.map((line) => `  ${line}`)];
}

const ask = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', timeout: 30_000 });

/** Jobs in the queue whose names begin so; undefined if Slurm does not answer. Throws a UserError if it is missing. */
function queued(prefix: string): number | undefined {
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
function hasAccounting(): boolean {
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
function slurmEnvironment(folder: string): NodeJS.ProcessEnv {
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
