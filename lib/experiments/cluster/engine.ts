/** Brings a plan to a cluster by Snakemake: one start of it, watched until it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from '../../base/whole';
import { snakemake } from '../../setup/parts/ownEnvironment';
import { inProject } from '../../setup/tools/project';
import type { BatchPlan } from './batches';
import { hasAccounting, queued, slurmEnvironment } from './slurm';

export type Engine = {
  /** An executor plugin of Snakemake. */
  readonly on: string;
  /** Jobs at a time. */
  readonly jobs: number;
  /** Options of Snakemake's own. */
  readonly options: readonly string[];
};

export type Watching = {
  readonly signal: AbortSignal;
  /** Called every few seconds while it runs. */
  readonly onLook: () => void;
};

/** How Snakemake ended: by itself, or killed because it had lost its jobs. */
export type Ended = 'by itself' | 'lost';

/** Milliseconds between two looks at what is done. */
const LOOK = 5000;
/** Milliseconds with an empty queue after which Snakemake has lost its jobs: it looks every 3 minutes at least. */
const LOST = 6 * 60_000;

const folderIn = (out: string) => path.join(out, 'cluster');
const logIn = (out: string) => path.join(folderIn(out), 'snakemake.log');

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** The beginning of the names of all jobs on a folder. */
const prefixOf = (out: string) => `pw-${digestOf(out)}`;

/** Waits for the jobs that a killed sweep left in the queue, so that nothing is computed twice. */
export async function endOfLeftovers(out: string, { on }: Engine, signal: AbortSignal): Promise<void> {
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

/** Runs the jobs of a plan. */
export async function runBatches(
  out: string,
  plan: BatchPlan,
  engine: Engine,
  { signal, onLook }: Watching,
): Promise<Ended> {
  signal.throwIfAborted();
  fs.mkdirSync(folderIn(out), { recursive: true });
  const log = fs.openSync(logIn(out), 'a');
  const isSlurm = engine.on === 'slurm';
  const child = spawn(snakemake, argumentsOf(out, written(out, plan), engine), {
    stdio: ['ignore', log, log],
    env: isSlurm ? slurmEnvironment(path.join(folderIn(out), 'bin')) : process.env,
    detached: true, // its own group: the terminal's Ctrl-C reaches it once, from here
  });
  fs.closeSync(log);
  const end = () => child.kill('SIGINT'); // SIGTERM would leave its jobs running
  signal.addEventListener('abort', end);
  process.on('exit', end);
  try {
    return await watched(child, onLook, isSlurm ? prefixOf(out) : undefined);
  } finally {
    process.off('exit', end);
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
  }
}

/** Writes the plan, with what the nodes need besides, to a file and returns its name. */
function written(out: string, plan: BatchPlan): string {
  const content = { ...plan, project: inProject(), node: process.execPath };
  const file = path.join(folderIn(out), `plan-${digestOf(JSON.stringify(content))}.json`);
  writeWhole(file, JSON.stringify({ ...content, file }));
  return file;
}

function watched(engine: ChildProcess, onLook: () => void, prefix: string | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let [seen, isLost] = [Date.now(), false];
    let failure: unknown;
    const look = () => {
      try {
        onLook();
        if (!prefix || queued(prefix) !== 0) seen = Date.now();
      } catch (error) {
        failure ??= error;
        engine.kill('SIGINT');
      }
      isLost ||= Date.now() - seen > LOST;
      if (isLost) engine.kill('SIGKILL');
    };
    const timer = setInterval(look, LOOK);
    const end = (error?: unknown) => {
      clearInterval(timer);
      if (failure ?? error) reject(failure ?? error);
      else resolve(isLost ? 'lost' : 'by itself');
    };
    engine.once('error', end);
    engine.once('close', () => end());
  });
}

function argumentsOf(out: string, plan: string, { on, jobs, options }: Engine): string[] {
  const slurm = [
    ...['--slurm-jobname-prefix', prefixOf(out), '--slurm-init-seconds-before-status-checks', '10'],
    ...['--slurm-status-command', hasAccounting() ? 'sacct' : 'squeue'],
  ];
  return [
    ...[
      '--snakefile',
      inProject('lib/experiments/cluster/Snakefile'),
      '--directory',
      out,
      '--configfile',
      plan,
    ],
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

const LINES = 4;

function lastLines(file: string, since: number): string[] {
  if (!fs.existsSync(file) || fs.statSync(file).mtimeMs < since) return [];
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LINES);
  return [`${file}:`, ...lines.map((line) => `  ${line}`)];
}
