import readline from 'node:readline/promises';
import { refusalOf } from '../../../engine/ops/kernels';
import { powerOf } from '../../../evidence/power';
import { processesFor, sideBySide } from '../../../experiments/runs/beside/process';
import { amountOf, forecast } from '../../../experiments/runs/estimate/forecast';
import { type Needs, needsOn, shortages } from '../../../experiments/runs/estimate/needs';
import type { Plan, Stage, Unit } from '../../../experiments/runs/plan';
import { leftOf, planOf, stemIn, trunkIn, unitsOf } from '../../../experiments/runs/plan';
import { complete, prepare } from '../../../experiments/runs/run';
import { seedsOf } from '../../../experiments/runs/session';
import { openWorkbench, type Workbench } from '../../../experiments/runs/workbench';
import { workloadsOf } from '../../../experiments/runs/workloads';
import { moduleOf, plannedOf } from '../../../questions/planned';
import { questions, shown } from '../../values';
import { NOT_BEGUN, type PlanOptions, runCommand, stopSignal, terminalProgress } from '../program';
import {
  type ClusterOptions,
  computeAsAsked,
  forecastOnCluster,
  requireCluster,
  shortageOnCluster,
  sweepCommand,
} from './cluster';

interface Options extends PlanOptions, ClusterOptions {
  /** Only say what is missing. */
  readonly plan?: boolean;
  /** How to begin for `reproduce`. */
  readonly reproduce?: 'at once' | 'forecast' | 'ask';
}

/** A run that is open already, and who is told that the first seed of a question is there. */
type Watching = { readonly bench: Workbench; readonly onFirstSeed: (question: string) => void };

/** Computes the documents that questions read; their notebooks then only read them. Returns the exit code. */
export async function sweep(options: Options, watching?: Watching): Promise<number> {
  requireCluster(options);
  const { rq = questions(), on, data, preset, seeds = null, device, precision, out = null } = options;
  const { reproduce, plan: isPlan = false } = options;
  const signal = stopSignal();
  const bench = watching?.bench ?? openWorkbench({ data, preset, seeds, device, precision, out });
  const { planned, asks, silent } = await plannedOf(rq);
  for (const question of silent)
    console.log(`${question}: lib/questions has no ${question}.ts, its notebook computes what it needs`);
  const all = planOf({ ...bench, signal, onProgress: terminalProgress() }, planned);
  const left = leftOf(all);
  const first = watching && bench.seeds > 1 ? await firstParts(all, left, rq, watching.onFirstSeed) : [];
  const plan = { ...all, first };
  console.log(summary(plan, left));
  if ((isPlan || left.length > 0) && bench.preset.name !== 'quick')
    for (const line of powerOf(asks, bench.tasks, seedsOf(bench))) console.log(line);
  const refusal = refusalOf(precision);
  if (refusal && on === 'local' && left.length > 0 && !isPlan) {
    console.error(refusal);
    return NOT_BEGUN;
  }
  const needs = needsOn(bench, planned);
  if (isPlan)
    for (const unit of left) {
      const trunk = trunkIn(plan, unit);
      const label = plan.jobs[unit.place].labelOf(unit.seed);
      console.log(`  ${stemIn(plan, unit)}  ${label}${trunk ? `, from ${trunk}` : ''}`);
    }
  const processes = () => processesFor(bench.preset, needs); // what was measured may still hold memory
  if (on === 'local' && left.length > 0) for (const line of shortages(needs)) console.log(line);
  if (reproduce === 'at once') {
    const workloads = workloadsOf(plan, left);
    if (workloads.length > 0) console.log(amountOf(workloads)); // first answers do not wait for a measurement
  } else if (reproduce || (isPlan && on !== 'local')) {
    const command = sweepCommand(rq, reproduce ? 'slurm' : on, options);
    for (const line of await forecastOnCluster(plan, needs, command, options)) console.log(line);
  } else if (on === 'local') {
    const said = await forecast(plan, left, processes());
    if (said) console.log(said);
  }
  if (isPlan) return 0;
  if (reproduce === 'ask' && left.length > 0 && !(await isToldToBegin(signal))) return NOT_BEGUN;
  if (on === 'local') await complete(plan, sideBySide(processes()));
  else await onCluster(options, plan, needs, rq);
  console.log(`\nAll documents are in ${shown(bench.out)}`);
  return 0;
}

async function isToldToBegin(signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log('Nothing was begun: add --yes to begin.');
    return false;
  }
  process.stdout.write('Begin? [y/N] ');
  // Without `output` the terminal stays as it is, and Ctrl-C a signal.
  const terminal = readline.createInterface({ input: process.stdin, signal });
  const { value: answer = '' } = await terminal[Symbol.asyncIterator]().next();
  terminal.close();
  signal.throwIfAborted();
  return /^y(es)?$/i.test(answer.trim());
}

/** The first seed of each question, told once it is there: at once if it was before and other seeds are missing. */
async function firstParts(
  plan: Plan,
  left: readonly Unit[],
  rq: readonly string[],
  onThere: Watching['onFirstSeed'],
): Promise<Stage[]> {
  const missing = new Set(left.map((unit) => stemIn(plan, unit)));
  const parts: Stage[] = [];
  for (const question of rq) {
    const declared = await moduleOf(question);
    if (!declared) continue;
    const { session, tasks, seeds } = plan;
    const own = planOf({ ...session, tasks, seeds }, declared.runs);
    const stemsOf = (units: readonly Unit[]) =>
      new Set(units.map((unit) => stemIn(own, unit)).filter((stem) => missing.has(stem)));
    const units = unitsOf(own);
    const stems = stemsOf(units.filter(({ seed }) => seed === seeds[0]));
    if (stems.size > 0) parts.push({ stems, onThere: () => onThere(question) });
    else if (stemsOf(units).size > 0) onThere(question);
  }
  return parts;
}

async function onCluster(options: Options, plan: Plan, needs: Needs, rq: readonly string[]): Promise<void> {
  const { data, preset, seeds = null, device, precision } = options;
  for (const line of shortageOnCluster(needs, options)) console.log(line);
  const parameters = { data, preset, seeds, device, precision, out: plan.session.out };
  prepare(plan);
  await computeAsAsked(plan, { rq, parameters }, options);
}

function summary(plan: Plan, left: readonly Unit[]): string {
  const trunks = left.filter(({ place }) => plan.jobs[place].of === 'trunk').length;
  const missing =
    left.length === 0 ? 'all are there' : `${left.length} are missing, ${trunks} of them trunks`;
  return `${unitsOf(plan).length} documents in ${shown(plan.session.out)}: ${missing}`;
}

if (require.main === module) runCommand(sweep);
