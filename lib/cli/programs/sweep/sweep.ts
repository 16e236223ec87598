import { plannedOf } from '../../../questions/planned';
import { measuredBeside, processesFor } from '../../../runs/beside/process';
import { sideBySide } from '../../../runs/beside/sideBySide';
import { forecast, leftOn } from '../../../runs/estimate/forecast';
import { needsOn, shortages } from '../../../runs/estimate/needs';
import { leftOf, type Plan, planOf, stemIn, trunkIn, type Unit, unitsOf } from '../../../runs/plan';
import { complete, prepare } from '../../../runs/run';
import type { Progress } from '../../../runs/session/session';
import { openWorkbench, type Workbench } from '../../../runs/workbench';
import { UserError } from '../../../userError';
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
  readonly on: string;
  /** What an executor of Snakemake is told, where `on` names one. */
  readonly jobs?: number;
  readonly cpus?: number;
  readonly gpus?: number;
  readonly memory?: number;
  readonly minutes?: number;
  /** Options of the engine's own. */
  readonly engine?: readonly string[];
}

/** Computes the documents that questions read; their notebooks then only read them. */
async function sweep(options: Options): Promise<number> {
  requireCluster(options);
  const { rq = questions(), on, data, preset, seeds = null, device, out = null } = options;
  const signal = stopSignal();
  const bench = openWorkbench({ data, preset, seeds, device, out });
  const { planned, silent } = await plannedOf(rq);
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
  const plan = planOf({ ...bench, signal, onProgress }, planned);
  const left = leftOf(plan);
  console.log(summary(plan, left));
  if (options.plan) for (const unit of left) console.log(`  ${nameOf(plan, unit)}`);
  const needs = needsOn(bench, planned);
  const processes = processesFor(bench.preset, needs);
  if (on === 'local' || options.plan) {
    if (left.length > 0) for (const line of shortages(needs, bench.out)) console.log(line);
    const trainings = leftOn(bench, plan.session.code)(planned);
    const said = await forecast(bench, trainings, measuredBeside(processes, signal));
    if (said) console.log(said);
  }
  if (options.plan) return 0;
  try {
    if (on === 'local') await complete(plan, sideBySide(processes));
    else await onCluster(options, bench, plan, rq);
    page.end('Done');
  } catch (error) {
    page.end('Ended before all was done');
    throw error;
  }
  console.log(`\nAll documents are in ${shown(bench.out)}`);
  return 0;
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

async function onCluster(
  options: Options,
  bench: Workbench,
  plan: Plan,
  rq: readonly string[],
): Promise<void> {
  const { on, data, preset, seeds = null, device, engine = [] } = options;
  const { jobs = 10, cpus = 1, gpus = 0, memory = 3000, minutes = 240 } = options;
  prepare(plan);
  const threads = bench.preset.threads ?? cpus;
  await computeOnCluster({
    ...{ bench, plan },
    asked: {
      ...{ rq, parameters: { data, preset, seeds, device, out: bench.out } },
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
