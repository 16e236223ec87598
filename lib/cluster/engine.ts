/** Brings a plan to a cluster by Snakemake: one start of it, watched until it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from '../files/whole';
import { snakemake } from '../setup/parts/ownEnvironment';
import { inProject } from '../setup/tools/project';
import type { BatchPlan } from './batches';
import { hasAccounting, queued, slurmEnvironment } from './slurm';

/** Where jobs go, and how many there are at a time. */
export type Engine = {
  /** An executor plugin of Snakemake. */
  readonly on: string;
  readonly jobs: number;
  /** Options that are the engine's own. */
  readonly options: readonly string[];
};

export type Watching = {
  readonly signal: AbortSignal;
  /** Asked again and again while it runs. */
  readonly onLook: () => void;
};

/** How the engine ended: by itself, or since it had lost sight of its jobs. */
export type Ended = 'by itself' | 'lost';

/** Milliseconds between two looks at what is done. */
const LOOK = 5000;
/** Milliseconds without a job in the queue after which Snakemake has lost sight of them: it looks every 3 minutes at least. */
const LOST = 6 * 60_000;

const folderIn = (out: string) => path.join(out, 'cluster');
const logsIn = (out: string) => path.join(folderIn(out), 'logs');
const ownLogIn = (out: string) => path.join(folderIn(out), 'snakemake.log');

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** What the names of all jobs on a folder begin with. */
const prefixOf = (out: string) => `pw-${digestOf(out)}`;

/** Waits for jobs that a killed sweep left in the queue: what they compute is not asked for twice. */
export async function endOfLeftovers(out: string, { on }: Engine, signal: AbortSignal): Promise<void> {
  if (on !== 'slurm') return;
  for (let told = false; ; told = true) {
    signal.throwIfAborted();
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

/** Runs the jobs of a plan. */
export async function runBatches(
  out: string,
  plan: BatchPlan,
  engine: Engine,
  { signal, onLook }: Watching,
): Promise<Ended> {
  signal.throwIfAborted();
  // A group of its own, so that the terminal's Ctrl-C reaches it once, from here.
  const log = openLog(out);
  const child = spawn(snakemake, argumentsOf(out, written(out, plan), engine), {
    stdio: ['ignore', log, log],
    env: engine.on === 'slurm' ? slurmEnvironment(path.join(folderIn(out), 'bin')) : process.env,
    detached: true,
  });
  fs.closeSync(log);
  // SIGTERM would leave its jobs running.
  const end = () => child.kill('SIGINT');
  signal.addEventListener('abort', end);
  process.on('exit', end);
  try {
    return await watched(child, onLook, engine.on === 'slurm' ? prefixOf(out) : undefined);
  } finally {
    process.off('exit', end);
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
  }
}

function openLog(out: string): number {
  fs.mkdirSync(folderIn(out), { recursive: true });
  return fs.openSync(ownLogIn(out), 'a');
}

/** The plan in a file of its own, with what the nodes need besides. */
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
    ...['--snakefile', inProject('lib/cluster/Snakefile'), '--directory', out, '--configfile', plan],
    // What is in the plan is to be computed, whatever lies there; the claims of documents keep two sweeps apart.
    ...['--forceall', '--nolock', '--ignore-incomplete', '--keep-incomplete', '--keep-going'],
    ...['--rerun-triggers', 'mtime', '--scheduler', 'greedy', '--quiet', 'reason', 'host'],
    ...['--executor', on, '--jobs', `${jobs}`, '--retries', '2', '--latency-wait', '60'],
    ...(on === 'slurm' ? slurm : []),
    ...options,
  ];
}

/** What failed jobs wrote last since a time, in milliseconds, by their names; where none wrote anything, what the engine did. */
export function complaintsIn(out: string, names: readonly string[], since: number): string[] {
  const jobs = names.flatMap((name) => lastLines(path.join(logsIn(out), `${name}.log`), since));
  return jobs.length > 0 ? jobs : lastLines(ownLogIn(out), since);
}

const LINES = 4;

function lastLines(file: string, since: number): string[] {
  if (!fs.existsSync(file) || fs.statSync(file).mtimeMs < since) return [];
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LINES);
  return [`${file}:`, ...lines.map((line) => `  ${line}`)];
}
