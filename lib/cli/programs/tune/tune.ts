import { UserError } from '../../../base/userError';
import { requireWritable } from '../../../base/whole';
import { percentOf } from '../../../experiments/methods/identity';
import { tunedAs } from '../../../experiments/methods/space';
import { type Job, resolve } from '../../../experiments/resolve/resolve';
import { ofToday } from '../../../experiments/runs/comparable';
import { needsOf, shortages } from '../../../experiments/runs/estimate/memory';
import { forecast } from '../../../experiments/runs/estimate/time';
import { leftOf } from '../../../experiments/runs/run';
import { processesFor, sideBySide } from '../../../experiments/runs/workers/process';
import {
  bestTrials,
  inTrial,
  jobsOfStage,
  pointsOf,
  tune as runTrials,
  STAGES,
  studySeeds,
  tasksNamed,
  tunedFile,
  tunedMethods,
} from '../../../experiments/tuning/tune';
import {
  readTuned,
  requireSameTrials,
  tunedFileOf,
  withEarlier,
  writeTuned,
} from '../../../experiments/workbench/tuned';
import { openWorkbench } from '../../../experiments/workbench/workbench';
import { clock } from '../../../notebook/kernel/progress';
import { plannedOf } from '../../../questions/planned';
import { exportTo, publishedFrom } from '../../../report/export';
import { toMarkdown } from '../../../report/table/formats';
import { expectedBestFigures, tuningFigures, tuningTable } from '../../../report/tuning';
import { inProject } from '../../../setup/tools/project';
import { fromHere, questions } from '../../values';
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
  const needs = needsOf(resolve(planned, { ...bench, seeds: 1 }), bench.tasks);
  for (const line of options.on === 'local' ? shortages(needs) : shortageOnCluster(needs, options))
    console.log(line);
  const tasks = names ? tasksNamed(bench.tasks, names) : bench.tasks;
  const methods = tunedMethods({ all: bench.tasks, tasks }, planned);
  const processes = processesFor(bench.untuned, needs);
  const seeds = studySeeds(options.seeds ?? before?.seeds.length ?? 2);
  const running = {
    ...bench,
    out,
    tasks: inTrial(bench.tasks),
    preset: bench.untuned,
    signal: stopSignal(),
    typed: data,
  };
  /** Computes on the cluster; the few documents that it leaves are computed here, so that divergence is reported. */
  const spread = async (jobs: readonly Job[]) => {
    try {
      await computeAsAsked(jobs, running, options);
    } catch (error) {
      if (!(error instanceof UserError) || leftOf(jobs, out).length > jobs.length / FEW) throw error;
      console.log(error.message);
    }
  };
  const tuning = {
    ...{ data: bench.data, out, all: bench.tasks, tasks, methods, trials, seeds },
    preset: bench.untuned,
    workersFor: sideBySide(processes, bench.untuned.threads),
    ...(options.on === 'local' ? {} : { onJobs: spread }),
    signal: running.signal,
  };
  const by = { trials, stages: STAGES.length, seeds, tasks: tasks.map(({ name }) => name) };
  if (before) requireSameTrials(before, by);
  console.log(
    `${rq.join(', ')} on ${bench.data}: ${methods.length} methods by kind of task, ${trials} trials each, seeds ${tuning.seeds.join(', ')}`,
  );
  if (options.on === 'local') {
    const left = leftOf(jobsOfStage(tuning, 0, pointsOf(tuning)), out);
    const bounds = { ...running, atOnce: processes, threads: bench.untuned.threads, isTrial: false };
    const said = await forecast(left, bounds, 'first stages');
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
  const from = publishedFrom(bench, ofToday(out));
  for (const thing of [table, ...tuningFigures(found), ...expectedBestFigures(found)])
    for (const file of await exportTo(out, thing, from)) console.log(fromHere(file));
  const now = tunedFile(tuning, bestTrials(found));
  const isTunedNow: Parameters<typeof withEarlier>[2] = (kind, name) =>
    methods.some((one) => one.kind === kind && tunedAs(one.experiment) === name);
  const others = options.rq && readTuned(bench.dataset); // of another run too, which ended meanwhile
  if (others) requireSameTrials(others, by);
  console.log(fromHere(writeTuned(bench.dataset, others ? withEarlier(others, now, isTunedNow) : now)));
  return 0;
}

runCommand(tune);
