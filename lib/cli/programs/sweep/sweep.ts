import { refusalOf } from '../../../engine/ops/kernels';
import { powerOf } from '../../../evidence/power';
import { isTrial } from '../../../experiments/methods/presets';
import { type Job, jobsOf, resolve, seedsOf, startsOf, stemIn } from '../../../experiments/resolve/resolve';
import { needsOf, shortages } from '../../../experiments/runs/estimate/memory';
import { amountOf, forecast } from '../../../experiments/runs/estimate/time';
import type { Stage } from '../../../experiments/runs/queue';
import { leftOf, runJobs } from '../../../experiments/runs/run';
import { processesFor, sideBySide } from '../../../experiments/runs/workers/process';
import { openWorkbench, type Workbench } from '../../../experiments/workbench/workbench';
import { moduleOf, plannedOf } from '../../../questions/planned';
import { fromHere, questions } from '../../values';
import { NOT_BEGUN, type PlanOptions, runCommand, stopSignal, terminalProgress } from '../program';
import {
  type ClusterOptions,
  computeAsAsked,
  forecastOnCluster,
  requireCluster,
  shortageOnCluster,
} from './cluster';

interface Options extends PlanOptions, ClusterOptions {
  /** Only say what is missing. */
  readonly plan?: boolean;
  /** How to begin for `reproduce`. */
  readonly reproduce?: 'at once' | 'forecast' | 'forecast only';
}

/** A run that is open already, and who is told that the first seed of a question is there. */
type Watching = { readonly bench: Workbench; readonly onFirstSeed: (question: string) => void };

/** Computes the documents that questions read; their notebooks then only read them. Returns the exit code. */
export async function sweep(options: Options, watching?: Watching): Promise<number> {
  requireCluster(options);
  const { rq = questions(), on, data, preset: name, seeds = null, device, precision, out = null } = options;
  const { reproduce, plan: isPlan = false } = options;
  const signal = stopSignal();
  const bench = watching?.bench ?? openWorkbench({ data, preset: name, seeds, device, precision, out });
  const { preset, tasks } = bench;
  const { planned, asks, silent } = await plannedOf(rq);
  for (const question of silent)
    console.log(`${question}: lib/questions has no ${question}.ts, its notebook computes what it needs`);
  const jobs = resolve(planned, bench);
  const left = leftOf(jobs, bench.out);
  console.log(summary(jobs, left, bench.out));
  if ((isPlan || left.length > 0) && !isTrial(preset))
    for (const line of powerOf(asks, tasks, seedsOf(bench))) console.log(line);
  const refusal = refusalOf(precision);
  if (refusal && on === 'local' && left.length > 0 && !isPlan) {
    console.error(refusal);
    return NOT_BEGUN;
  }
  const needs = needsOf(jobs, tasks);
  if (isPlan) for (const job of left) console.log(`  ${lineOf(job)}`);
  const processes = () => processesFor(preset, needs); // what was measured may still hold memory
  if (on === 'local' && left.length > 0) for (const line of shortages(needs)) console.log(line);
  const running = { ...bench, signal, onProgress: terminalProgress() };
  if (reproduce === 'at once') {
    const amount = amountOf(left); // first answers do not wait for a measurement
    if (amount) console.log(amount);
  } else if (reproduce || (isPlan && on !== 'local')) {
    for (const line of await forecastOnCluster(left, running, options)) console.log(line);
  } else if (on === 'local') {
    const bounds = { tasks, atOnce: processes(), threads: preset.threads, signal, isTrial: isTrial(preset) };
    const said = await forecast(left, bounds);
    if (said) console.log(said);
  }
  if (isPlan) return 0;
  if (reproduce === 'forecast only' && left.length > 0) {
    console.log('Nothing was begun: add --yes to begin.');
    return NOT_BEGUN;
  }
  if (on === 'local') {
    const first = watching ? await firstSeeds(jobs, left, rq, watching) : [];
    await runJobs(jobs, { ...running, first }, sideBySide(processes(), preset.threads));
  } else {
    for (const line of shortageOnCluster(needs, options)) console.log(line);
    await computeAsAsked(jobs, { ...running, typed: data }, options);
  }
  console.log(`\nAll documents are in ${fromHere(bench.out)}`);
  return 0;
}

/** The document that a job leaves, what it is, and the trunk that it starts from. */
function lineOf(job: Job): string {
  const [trunk] = startsOf(job);
  return `${stemIn(job)}  ${job.label}${trunk ? `, from ${trunk}` : ''}`;
}

/** The first seed of each question, told once it is there: at once if it was before and other seeds are missing. */
async function firstSeeds(
  jobs: readonly Job[],
  left: readonly Job[],
  rq: readonly string[],
  { bench, onFirstSeed }: Watching,
): Promise<Stage[]> {
  if (bench.seeds === 1) return [];
  const missing = new Set(left);
  const [firstSeed] = seedsOf(bench);
  const stages: Stage[] = [];
  for (const question of rq) {
    const said = await moduleOf(question);
    if (!said) continue;
    const own = jobsOf(jobs, bench.tasks, said.runs).filter((job) => missing.has(job));
    const first = own.filter(({ record }) => record.seed === firstSeed);
    if (first.length > 0)
      stages.push({ stems: new Set(first.map(stemIn)), onThere: () => onFirstSeed(question) });
    else if (own.length > 0) onFirstSeed(question);
  }
  return stages;
}

function summary(jobs: readonly Job[], left: readonly Job[], out: string): string {
  const trunks = left.filter(({ record }) => record.kind === 'trunk').length;
  const missing =
    left.length === 0 ? 'all are there' : `${left.length} are missing, ${trunks} of them trunks`;
  return `${jobs.length} documents in ${fromHere(out)}: ${missing}`;
}

if (require.main === module) runCommand(sweep);
