/** Brings a plan to a cluster by Snakemake: one start of it, watched until it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from '../files/whole';
import { snakemake } from '../setup/parts/clusterEngine';
import { inProject } from '../setup/tools/project';
import type { BatchPlan } from './batches';
import { hasAccounting, queued, slurmEnvironment } from './slurm';

/** What every job is given, and how many there are at a time. */
export type Resources = {
  /** An executor of Snakemake; `local` are processes of this machine. */
  readonly on: string;
  readonly jobs: number;
  readonly cpus: number;
  readonly gpus: number;
  /** MB of memory and minutes, more at each further attempt. */
  readonly memory: number;
  readonly minutes: number;
  /** Threads of each job. */
  readonly threads: number;
  /** Options that are the engine's own. */
  readonly engine: readonly string[];
};

export type Watching = {
  readonly signal: AbortSignal;
  /** Asked again and again while it runs. */
  readonly onLook: () => void;
};

/** Milliseconds between two looks at what is done. */
const LOOK = 5000;
/** Milliseconds without a job in the queue after which Snakemake has lost sight of them: it looks every 3 minutes at least. */
const LOST = 6 * 60_000;

const folderIn = (out: string) => path.join(out, 'cluster');

/** Where the logs of jobs and the engine's own lie. */
export const logsIn = (out: string): string => path.join(folderIn(out), 'logs');

/** What the names of all jobs on a folder begin with. */
const prefixOf = (out: string) => `pw-${createHash('sha256').update(out).digest('hex').slice(0, 12)}`;

/** Waits for jobs that a killed sweep left in the queue: what they compute is not asked for twice. */
export async function endOfLeftovers(out: string, { on }: Resources, signal: AbortSignal): Promise<void> {
  if (on !== 'slurm') return;
  for (let told = false; ; told = true) {
    const count = queued(prefixOf(out));
    if (count === 0) return;
    if (!told)
      console.log(
        count === undefined
          ? 'Slurm does not answer (squeue): waiting until it does'
          : `${count} jobs of an earlier sweep are in the queue: waiting for them (scancel ends them)`,
      );
    await sleep(LOOK, undefined, { signal });
  }
}

/** Runs the jobs of a plan. True where the engine has ended; false where it lost sight of its jobs and was ended. */
export async function runBatches(
  out: string,
  plan: BatchPlan,
  resources: Resources,
  { signal, onLook }: Watching,
): Promise<boolean> {
  const file = path.join(folderIn(out), 'plan.json');
  writeWhole(file, JSON.stringify(plan));
  const log = fs.openSync(path.join(folderIn(out), 'snakemake.log'), 'a');
  // A group of its own, so that the terminal's Ctrl-C reaches it once, from here.
  const engine = spawn(snakemake, argumentsOf(out, file, resources), {
    stdio: ['ignore', log, log],
    env: slurmEnvironment(path.join(folderIn(out), 'bin')),
    detached: true,
  });
  fs.closeSync(log);
  // SIGTERM would leave its jobs running.
  const end = () => engine.kill('SIGINT');
  signal.addEventListener('abort', end);
  try {
    return await watched(engine, onLook, resources.on === 'slurm' ? prefixOf(out) : undefined);
  } finally {
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
  }
}

function watched(engine: ChildProcess, onLook: () => void, prefix: string | undefined): Promise<boolean> {
  let [seen, isLost] = [Date.now(), false];
  const look = () => {
    onLook();
    if (!prefix || queued(prefix) !== 0) seen = Date.now();
    isLost ||= Date.now() - seen > LOST;
    if (isLost) engine.kill('SIGKILL');
  };
  const timer = setInterval(look, LOOK);
  return new Promise((resolve, reject) => {
    engine.once('error', reject);
    engine.once('close', () => {
      clearInterval(timer);
      resolve(!isLost);
    });
  });
}

function argumentsOf(out: string, plan: string, resources: Resources): string[] {
  const { on, jobs, cpus, gpus, memory, minutes, threads, engine } = resources;
  const node = process.execPath;
  const config = { plan, project: inProject(), node, cpus, gpus, memory, minutes, threads };
  const where =
    on === 'local'
      ? ['--cores', `${jobs}`]
      : ['--executor', on, '--jobs', `${jobs}`, '--retries', '2', '--latency-wait', '60'];
  const slurm = [
    ...['--slurm-jobname-prefix', prefixOf(out), '--slurm-init-seconds-before-status-checks', '10'],
    ...['--slurm-status-command', hasAccounting() ? 'sacct' : 'squeue'],
  ];
  return [
    ...['--snakefile', inProject('lib/cluster/Snakefile'), '--directory', out],
    // What is there is complete, and the claims of documents keep two sweeps apart.
    ...['--nolock', '--ignore-incomplete', '--keep-incomplete', '--keep-going'],
    ...['--rerun-triggers', 'mtime', '--scheduler', 'greedy', '--quiet', 'reason', 'host'],
    ...where,
    ...(on === 'slurm' ? slurm : []),
    ...['--config', ...Object.entries(config).map(([name, value]) => `${name}=${value}`)],
    ...engine,
  ];
}

/** The last lines of what jobs wrote that failed. */
export function complaintsIn(out: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const file = path.join(logsIn(out), `${name}.log`);
    if (!fs.existsSync(file)) return [];
    const last = fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3);
    return [`${name}:`, ...last.map((line) => `  ${line}`)];
  });
}
