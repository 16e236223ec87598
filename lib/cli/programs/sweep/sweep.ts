import fs from 'node:fs';
import { counted } from '../../../counted';
import { removeUnasked } from '../../../documents/checkpoint';
import { powerOf } from '../../../evidence/power';
import { plannedByAll, plannedOf, saidOf } from '../../../questions/planned';
import { processesFor, sideBySide } from '../../../runs/beside/process';
import { amountOf, forecast, onMachines } from '../../../runs/estimate/forecast';
import { type Needs, needsOn, shortageOfJobs, shortages } from '../../../runs/estimate/needs';
import { measured } from '../../../runs/estimate/stepCost';
import {
  leftOf,
  type Plan,
  planOf,
  type Stage,
  stemIn,
  trunkIn,
  type Unit,
  unitsOf,
  workloadsOf,
} from '../../../runs/plan';
import { complete, prepare } from '../../../runs/run';
import { type Progress, seedsOf } from '../../../runs/session';
import { openWorkbench } from '../../../runs/workbench';
import { device } from '../../../tensorflow/native';
import { type Precision, refusalOf } from '../../../tensorflow/ops/kernels';
import { threads } from '../../../tensorflow/threads';
import { UserError } from '../../../userError';
import { shown } from '../../options/shown';
import { sweepCommand, UNABLE } from '../../options/sweepCommand';
import { questions } from '../../options/values';
import { runCommand } from '../runCommand';
import { stopSignal } from '../stop';
import { terminalProgress } from '../terminalProgress';
import { computeOnCluster } from './computeOnCluster';
import { progressPage } from './progressPage';

/** What `commands.js` declares for sweep, read and checked. */
interface Options {
  readonly rq?: readonly string[];
  readonly data: string;
  readonly preset: string;
  readonly seeds?: number;
  readonly device: string;
  readonly precision: Precision;
  /** An absolute folder. */
  readonly out?: string;
  /** Only say what is missing. */
  readonly plan?: boolean;
  readonly on: string;
  /** What an executor of Snakemake is told, where `on` names one. */
  readonly jobs?: number;
  readonly cpus?: number;
  readonly gpus?: number;
  readonly memory?: number;
  readonly minutes?: number;
  /** Options of the engine's own. */
  readonly engine?: readonly string[];
  /** Called by `reproduce`, which reads on this file descriptor of which questions the first seed is there. */
  readonly tell?: number;
}

/** Computes the documents that questions read; their notebooks then only read them. */
async function sweep(options: Options): Promise<number> {
  requireCluster(options);
  const { rq = questions(), on, data, preset, seeds = null, device, precision, out = null, tell } = options;
  const signal = stopSignal();
  const bench = openWorkbench({ data, preset, seeds, device, precision, out });
  const { planned, asks, silent } = await plannedOf(rq);
  for (const question of silent)
    console.log(`${question}: lib/questions has no ${question}.ts, its notebook computes what it needs`);
  const [inTerminal, page] = [
    terminalProgress(),
    progressPage(bench.out, `${rq.join(', ')} on ${bench.data}`),
  ];
  const onProgress = (progress: Progress) => {
    inTerminal(progress);
    page.report(progress);
  };
  const all = planOf({ ...bench, signal, onProgress }, planned);
  const left = leftOf(all);
  const plan = tell === undefined ? all : { ...all, first: await firstParts(all, left, rq, tell) };
  console.log(summary(plan, left));
  if (left.length > 0 && bench.preset.name !== 'quick')
    for (const line of powerOf(asks, bench.tasks, seedsOf(bench))) console.log(line);
  const refusal = refusalOf(precision);
  if (refusal && on === 'local' && left.length > 0 && !options.plan) {
    console.error(refusal);
    return UNABLE;
  }
  const needs = needsOn(bench, planned);
  if (options.plan) for (const unit of left) console.log(`  ${nameOf(plan, unit)}`);
  const processes = () => processesFor(bench.preset, needs); // what was measured may still hold memory
  if (on === 'local') {
    if (left.length > 0) for (const line of shortages(needs)) console.log(line);
    // Where first answers are awaited, how long it takes is not measured before it begins.
    const workloads = workloadsOf(plan, left);
    const said =
      tell === undefined
        ? await forecast(plan, left, processes())
        : workloads.length > 0 && amountOf(workloads);
    if (said) console.log(said);
  } else if (options.plan) {
    const command = sweepCommand(rq, options);
    for (const line of await forecastOnCluster({ plan, left, needs }, command, options.gpus ?? 0))
      console.log(line);
  }
  if (options.plan) return 0;
  for (const line of await tidied(plan)) console.log(line);
  try {
    if (on === 'local') await complete(plan, sideBySide(processes()));
    else await onCluster(options, { plan, needs, rq });
    page.end('Done');
  } catch (error) {
    page.end('Ended before all was done');
    throw error;
  }
  console.log(`\nAll documents are in ${shown(bench.out)}`);
  return 0;
}

/** What all of the project's questions ask for, by hashes; undefined where a researcher's own module cannot be read. */
async function askedByAll({ session, tasks, seeds }: Plan): Promise<ReadonlySet<string> | undefined> {
  try {
    const { jobs } = planOf({ ...session, tasks, seeds }, await plannedByAll());
    return new Set(jobs.map(({ keyOf }) => keyOf(0).hash));
  } catch {
    return undefined; // who asks for it is told
  }
}

/** Removes checkpoints that no question asks for any more; lines. */
async function tidied(plan: Plan): Promise<string[]> {
  const { session } = plan;
  const asked = await askedByAll(plan);
  if (!asked) return [];
  const { count, bytes } = await removeUnasked(session.out, (hash) => asked.has(hash));
  if (count === 0) return [];
  const freed = `${(bytes / 1e6).toFixed(1)} MB freed`;
  return [
    `Removed ${counted(count, 'checkpoint')} of trainings that no question asks for any more: ${freed}`,
  ];
}

/** The first seed of each question; that it is there is told as `rq1 now`, or `rq1 before` where it was there before. */
async function firstParts(
  plan: Plan,
  left: readonly Unit[],
  rq: readonly string[],
  tell: number,
): Promise<Stage[]> {
  const missing = new Set(left.map((unit) => stemIn(plan, unit)));
  const parts: Stage[] = [];
  for (const question of rq) {
    const said = await saidOf(question);
    if (!said) continue;
    const { session, tasks, seeds } = plan;
    const own = planOf({ ...session, tasks, seeds }, said.runs);
    const stemsOf = (units: readonly Unit[]) =>
      new Set(units.map((unit) => stemIn(own, unit)).filter((stem) => missing.has(stem)));
    const units = unitsOf(own);
    const stems = stemsOf(units.filter(({ seed }) => seed === seeds[0]));
    const say = (since: string) => void fs.writeSync(tell, `${question} ${since}\n`);
    if (stems.size > 0) parts.push({ stems, onThere: () => say('now') });
    else if (stemsOf(units).size > 0) say('before');
  }
  return parts;
}

/** Throws a UserError where something is asked of a cluster and none is named. */
function requireCluster({ on, engine, ...options }: Options): void {
  const asked = (['jobs', 'cpus', 'gpus', 'memory', 'minutes'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (on === 'local' && (asked || engine))
    throw new UserError(
      `${asked ? `--${asked}` : `-- ${engine?.[0]}`} is for a cluster: expected --on slurm, or another executor`,
    );
}

/** What many machines would take, as far as this one can tell: lines. */
async function forecastOnCluster(
  { plan, left, needs }: { readonly plan: Plan; readonly left: readonly Unit[]; readonly needs: Needs },
  command: string,
  gpus: number,
): Promise<string[]> {
  const workloads = workloadsOf(plan, left);
  if (workloads.length === 0) return [];
  const amount = amountOf(workloads);
  const { preset } = plan.session;
  if (preset.name === 'quick') return [amount];
  if (gpus > 0 && device !== 'gpu')
    return [amount, 'How long a GPU takes is measured where there is one: run the same there.'];
  const costs = await measured(plan, workloads);
  const share = {
    cpus: preset.threads ?? threads,
    gpus: device === 'gpu' ? Math.max(1, gpus) : 0,
    memory: needs.memory,
  };
  return [amount, ...onMachines(workloads, costs, share, command)];
}

type Asked = { readonly plan: Plan; readonly needs: Needs; readonly rq: readonly string[] };

async function onCluster(options: Options, { plan, needs, rq }: Asked): Promise<void> {
  const { on, data, preset, seeds = null, device, precision, engine = [] } = options;
  const { jobs = 10, cpus = 1, gpus = 0, memory = 3000, minutes = 240 } = options;
  const {
    out,
    preset: { threads = cpus },
  } = plan.session;
  prepare(plan);
  for (const line of shortageOfJobs(needs, memory)) console.log(line);
  await computeOnCluster({
    plan,
    asked: {
      ...{ rq, parameters: { data, preset, seeds, device, precision, out } },
      resources: { cpus, gpus, memory, minutes, threads },
    },
    engine: { on, jobs, options: engine },
  });
}

function summary(plan: Plan, left: readonly Unit[]): string {
  const trunks = left.filter(({ place }) => plan.jobs[place].of === 'trunk').length;
  const missing =
    left.length === 0 ? 'all are there' : `${left.length} are missing, ${trunks} of them trunks`;
  return `${unitsOf(plan).length} documents in ${shown(plan.session.out)}: ${missing}`;
}

/** A document's name, what it is, and the trunk that it starts from. */
function nameOf(plan: Plan, unit: Unit): string {
  const trunk = trunkIn(plan, unit);
  return `${stemIn(plan, unit)}  ${plan.jobs[unit.place].labelOf(unit.seed)}${trunk ? `, from ${trunk}` : ''}`;
}

runCommand(sweep);
