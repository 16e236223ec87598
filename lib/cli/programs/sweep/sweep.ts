import { stemIn } from '../../../cluster/batches';
import { stemOf } from '../../../documents/store';
import { plannedOf } from '../../../questions/planned';
import { measuredBeside, processesFor } from '../../../runs/beside/process';
import { sideBySide } from '../../../runs/beside/sideBySide';
import { forecast, leftOn } from '../../../runs/estimate/forecast';
import { needsOn, shortages } from '../../../runs/estimate/needs';
import { leftOf, type Plan, planOf, type Unit, unitsOf } from '../../../runs/plan';
import { prepare } from '../../../runs/run';
import type { Progress } from '../../../runs/session/session';
import { openWorkbench } from '../../../runs/workbench';
import { setUpEngine } from '../../../setup/parts/clusterEngine';
import { shown } from '../../options/shown';
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
  /** An absolute folder. */
  readonly out?: string;
  /** Only say what is missing. */
  readonly plan?: boolean;
  /** `local`, this machine, or an executor of Snakemake; and what it gives each job. */
  readonly on: string;
  readonly jobs: number;
  readonly cpus: number;
  readonly gpus: number;
  readonly memory: number;
  readonly minutes: number;
  /** Options of the engine's own. */
  readonly engine?: readonly string[];
}

/** Computes the documents that questions read; their notebooks then only read them. */
async function sweep(options: Options): Promise<number> {
  const { rq = questions(), on, data, preset, seeds = null, device, out = null } = options;
  const signal = stopSignal();
  const bench = openWorkbench({ data, preset, seeds, device, out });
  const { planned, silent } = await plannedOf(rq);
  for (const question of silent)
    console.log(`${question}: lib/questions has no ${question}.ts, its notebook computes what it needs`);
  const onProgress = reporting(bench.out, `${rq.join(', ')} on ${bench.data}`);
  const plan = planOf({ ...bench, signal, onProgress }, planned);
  prepare(plan);
  const left = leftOf(plan);
  console.log(summary(plan, left));
  if (options.plan) for (const unit of left) console.log(`  ${nameOf(plan, unit)}`);
  if (on !== 'local') await setUpEngine(console.log);
  const needs = needsOn(bench, planned);
  const processes = processesFor(bench.preset, needs);
  if (on === 'local' || options.plan) {
    if (left.length > 0) for (const line of shortages(needs, bench.out)) console.log(line);
    const trainings = leftOn(bench, plan.session.code)(planned);
    const said = await forecast(bench, trainings, measuredBeside(processes, signal));
    if (said) console.log(said);
  }
  if (options.plan) return 0;
  if (on === 'local') await sideBySide(processes)(plan, left);
  else {
    const { jobs, cpus, gpus, memory, minutes, engine = [] } = options;
    const threads = bench.preset.threads ?? cpus;
    await computeOnCluster({
      ...{ bench, plan, planned, rq },
      parameters: { data, preset, seeds, device, out: bench.out },
      resources: { on, jobs, cpus, gpus, memory, minutes, threads, engine },
    });
  }
  console.log(`\nAll documents are in ${shown(bench.out)}`);
  return 0;
}

/** To the terminal and to a page. */
function reporting(out: string, title: string): (progress: Progress) => void {
  const each = [terminalProgress(), progressPage(out, title)];
  return (progress) => {
    for (const report of each) report(progress);
  };
}

function summary(plan: Plan, left: readonly Unit[]): string {
  const trunks = left.filter(({ place }) => plan.jobs[place].of === 'trunk').length;
  const missing =
    left.length === 0 ? 'all are there' : `${left.length} are missing, ${trunks} of them trunks`;
  return `${unitsOf(plan).length} documents in ${shown(plan.session.out)}: ${missing}`;
}

/** A document's name, what it is, and the trunk that it starts from. */
function nameOf(plan: Plan, unit: Unit): string {
  const { labelOf, trunkOf } = plan.jobs[unit.place];
  const trunk = trunkOf(unit.seed);
  return `${stemIn(plan, unit)}  ${labelOf(unit.seed)}${trunk ? `, from ${stemOf(trunk)}` : ''}`;
}

runCommand(sweep);
