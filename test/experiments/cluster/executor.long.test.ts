/** Jobs of a plan on this machine, as an engine starts them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { computeOnCluster } from '../../../lib/cli/programs/sweep/cluster';
import { batchesOf } from '../../../lib/experiments/cluster/batches';
import { causal } from '../../../lib/experiments/methods/family';
import { type Job, resolve } from '../../../lib/experiments/resolve/resolve';
import { leftOf, run, runJobs } from '../../../lib/experiments/runs/run';
import { sideBySide } from '../../../lib/experiments/runs/workers/process';
import { inTrial, jobsOfStage, pointsOf, tunedMethods } from '../../../lib/experiments/tuning/tune';
import { openWorkbench } from '../../../lib/experiments/workbench/workbench';
import { plannedOf } from '../../../lib/questions/planned';
import { snakemake } from '../../../lib/setup/parts/ownEnvironment';
import { folderWith } from '../../data/folders';
import { runScript } from '../../model/exchange/command';
import { writeTinyDataset } from '../../notebooks/tinyDataset';
import { allNumbers, everywhere } from '../runs/tinyRun';

const resources = { cpus: 1, gpus: 0, memory: 3000, minutes: 60, threads: 1 };

/** What RQ2 needs on a tiny data set, in a folder of its own. */
async function asked() {
  const folder = folderWith({});
  const [data, out] = [path.join(folder, 'data'), path.join(folder, 'out')];
  writeTinyDataset(data);
  const parameters = { data, preset: 'quick', seeds: 1, device: 'auto', out };
  const bench = openWorkbench(parameters);
  const { planned } = await plannedOf(['rq2']);
  return { folder, data, out, bench, planned, jobs: resolve(planned, bench) };
}

const skip = fs.existsSync(snakemake.python)
  ? false
  : 'no .venv-cluster: the first `sweep --on slurm` makes it';

test('by Snakemake’s local executor a plan leaves what one process leaves', { skip }, async () => {
  const { folder, data, out, bench, planned, jobs } = await asked();
  const engine = { on: 'local', jobs: 2, options: ['--cores', '2'] };
  const { signal } = new AbortController();
  await computeOnCluster(jobs, { ...bench, typed: data, signal }, resources, engine);
  assert.deepEqual(leftOf(jobs, out), []);
  const completed = await run(bench, planned);
  const alone = await run({ ...bench, out: path.join(folder, 'alone') }, planned, sideBySide(1));
  assert.deepEqual(allNumbers(completed), allNumbers(alone));
});

/** A plan whose batches nodes compute, in a file. */
function planIn(folder: string, { data, out }: { data: string; out: string }, jobs: readonly Job[]) {
  const batches = batchesOf(jobs, () => 1);
  const file = path.join(folder, 'plan.json');
  fs.writeFileSync(file, JSON.stringify({ data, out, resources, batches }));
  return { file, batches };
}

test('a job refuses to compute by other code than its plan was made with', async () => {
  const { folder, jobs, ...places } = await asked();
  const others = jobs.map((job): Job => ({ ...job, record: { ...job.record, code: '0123456789ab' } }));
  const { file, batches } = planIn(folder, places, others);
  const { status, stderr } = runScript('sweep/clusterJob', { plan: file, name: batches[0].name });
  assert.equal(status, 1);
  assert.match(stderr, /^The code that decides numbers has changed since the plan was made: /m);
  assert.deepEqual(leftOf(others, places.out), others);
});

test('jobs of a stage of tuning leave its documents, which test nothing', async () => {
  const { folder, bench, ...places } = await asked();
  const { tasks } = bench;
  const methods = tunedMethods({ all: tasks, tasks }, everywhere(causal.PeterRec));
  const tuning = { ...bench, all: tasks, methods, trials: 2, seeds: [101] };
  const jobs = jobsOfStage(tuning, 0, pointsOf(tuning));
  const { file, batches } = planIn(folder, places, jobs);
  for (const { name } of batches) {
    const { status, stderr } = runScript('sweep/clusterJob', { plan: file, name });
    assert.equal(status, 0, stderr);
  }
  assert.deepEqual(leftOf(jobs, places.out), []);
  const documents = await runJobs(jobs, { out: places.out, tasks: inTrial(tasks) });
  const results = documents.filter(({ declaration }) => declaration.kind !== 'trunk');
  assert.equal(results.length, 2 * 2); // points on each of two tasks
  assert.ok(results.every(({ metrics }) => Object.keys(metrics.test).length === 0));
});
