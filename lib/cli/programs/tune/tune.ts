import path from 'node:path';
import { UserError } from '../../../base/userError';
import { requireWritable } from '../../../base/whole';
import { percentOf } from '../../../experiments/methods/identity';
import { tunedAs } from '../../../experiments/methods/space';
import { processesFor, sideBySide } from '../../../experiments/runs/beside/process';
import { ofToday } from '../../../experiments/runs/declaration';
import { forecast } from '../../../experiments/runs/estimate/forecast';
import { needsOn, shortages } from '../../../experiments/runs/estimate/needs';
import { type Compute, leftOf, planOf, unitsOf } from '../../../experiments/runs/plan';
import {
  readTuned,
  requireSameTrials,
  tunedFileOf,
  withEarlier,
  writeTuned,
} from '../../../experiments/runs/tuned';
import { openWorkbench } from '../../../experiments/runs/workbench';
import { clock } from '../../../notebook/kernel/progress';
import { plannedOf } from '../../../questions/planned';
import {
  bestTrials,
  pointsOf,
  tune as runTrials,
  STAGES,
  stageOf,
  studySeeds,
  tasksNamed,
  tunedFile,
  tunedMethods,
} from '../../../questions/studies/tune';
import { tuningFigures, tuningTable } from '../../../questions/studies/tuneDrawn';
import { exportFigure, exportTable } from '../../../report/export';
import { provenanceOf } from '../../../report/provenance';
import { toMarkdown } from '../../../report/table/formats';
import { inProject, portable } from '../../../setup/tools/project';
import { questions, shown } from '../../values';
import { runCommand, stopSignal, terminalProgress } from '../program';
import { type ClusterOptions, computeAsAsked, requireCluster, shortageOnCluster } from '../sweep/cluster';

interface Options extends ClusterOptions {
  readonly data: string;
  readonly rq?: readonly string[];
  readonly tasks?: readonly string[];
  readonly trials?: number;
  readonly seeds?: number;
  readonly device: string;
  /** An absolute folder. */
  readonly out?: string;
}

/** Up to one document in this many may be left by the cluster: its training is taken to have diverged. */
const FEW = 10;

async function tune(options: Options): Promise<number> {
  requireCluster(options);
  const { data, rq = questions(), device } = options;
  const bench = openWorkbench({ data, preset: 'default', seeds: null, out: null, device });
  requireWritable(tunedFileOf(bench.dataset));
  const before = options.rq && readTuned(bench.dataset);
  const names = options.tasks ?? before?.tasks;
  const trials = options.trials ?? before?.trials ?? 12;
  const out = options.out ?? inProject('figures/runs', `${bench.data}-tune`);
  const planned = (await plannedOf(rq)).planned;
  const needs = needsOn(bench, planned);
  for (const line of options.on === 'local' ? shortages(needs) : shortageOnCluster(needs, options))
    console.log(line);
  const tasks = names ? tasksNamed(bench.tasks, names) : bench.tasks;
  const methods = tunedMethods({ all: bench.tasks, tasks }, planned);
  const processes = processesFor(bench.untuned, needs);
  const seeds = studySeeds(options.seeds ?? before?.seeds.length ?? 2);
  const parameters = { data, preset: 'default', seeds: null, device, out };
  const here = sideBySide(processes);
  /** Computes on the cluster, and here the few documents that it leaves, so that divergence is reported. */
  const spread: Compute = async (plan) => {
    const stage = {
      planned: plan.planned,
      preset: plan.session.preset,
      seeds,
    };
    try {
      await computeAsAsked(plan, { rq, parameters, stage }, options);
    } catch (error) {
      if (!(error instanceof UserError) || leftOf(plan).length > unitsOf(plan).length / FEW) throw error;
      console.log(error.message);
      await here(plan, leftOf(plan));
    }
  };
  const tuning = {
    ...{ data: bench.data, out, all: bench.tasks, tasks, methods, trials, seeds },
    preset: bench.untuned,
    compute: options.on === 'local' ? here : spread,
    signal: stopSignal(),
  };
  const by = { trials, stages: STAGES.length, seeds, tasks: tasks.map(({ name }) => name) };
  if (before) requireSameTrials(before, by);
  console.log(
    `${rq.join(', ')} on ${bench.data}: ${methods.length} methods by kind of task, ${trials} trials each, seeds ${tuning.seeds.join(', ')}`,
  );
  if (options.on === 'local') {
    const first = stageOf(tuning, 0, pointsOf(tuning));
    const plan = planOf(first.options, first.planned);
    const said = await forecast(plan, leftOf(plan), processes, 'first stages');
    if (said) console.log(`First of ${STAGES.length} stages; the others take no longer. ${said}`);
  }
  const start = performance.now();
  const onStage = (stage: number, left: number) =>
    console.log(
      `Stage ${stage + 1} of ${STAGES.length}: ${left} trials of ${percentOf(STAGES[stage])} of the passes, ${clock((performance.now() - start) / 1000)} so far`,
    );
  const found = await runTrials({ ...tuning, onProgress: terminalProgress(), onStage });
  const table = tuningTable(found, tuning);
  console.log(`\n${toMarkdown(table)}`);
  const from = provenanceOf({ data: bench.data, preset: 'default', out: portable(out) }, ofToday(out));
  for (const file of exportTable(table, path.join(out, 'tables'), from)) console.log(shown(file));
  for (const figure of tuningFigures(found))
    for (const file of await exportFigure(figure, path.join(out, 'figures'), from)) console.log(shown(file));
  const now = tunedFile(tuning, bestTrials(found));
  const isTunedNow: Parameters<typeof withEarlier>[2] = (kind, name) =>
    methods.some((one) => one.kind === kind && tunedAs(one.experiment) === name);
  const others = options.rq && readTuned(bench.dataset); // of another run too, which ended meanwhile
  if (others) requireSameTrials(others, by);
  console.log(shown(writeTuned(bench.dataset, others ? withEarlier(others, now, isTunedNow) : now)));
  return 0;
}

runCommand(tune);
