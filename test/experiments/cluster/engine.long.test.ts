/** Jobs of a plan on this machine, as an engine starts them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { computeOnCluster } from '../../../lib/cli/programs/sweep/cluster';
import { batchesOf } from '../../../lib/experiments/cluster/batches';
import { causal } from '../../../lib/experiments/methods/family';
import { leftOf, planOf } from '../../../lib/experiments/runs/plan';
import { run } from '../../../lib/experiments/runs/run';
import { sideBySide } from '../../../lib/experiments/runs/workers/process';
import { pointsOf, stageOf, tunedMethods } from '../../../lib/experiments/tuning/tune';
import { openWorkbench } from '../../../lib/experiments/workbench/workbench';
import { plannedOf } from '../../../lib/questions/planned';
import { enginePython } from '../../../lib/setup/parts/ownEnvironment';
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
  return { folder, bench, planned, plan: planOf(bench, planned), rq: ['rq2'], parameters };
}

const skip = fs.existsSync(enginePython) ? false : 'no .venv-cluster: the first `sweep --on slurm` makes it';

test('by Snakemake’s local executor a plan leaves what one process leaves', { skip }, async () => {
  const { folder, bench, planned, plan, rq, parameters } = await asked();
  const engine = { on: 'local', jobs: 2, options: ['--cores', '2'] };
  await computeOnCluster(plan, { rq, parameters, resources }, engine);
  assert.deepEqual(leftOf(plan), []);
  const ran = await run(bench, planned);
  const alone = await run({ ...bench, out: path.join(folder, 'alone') }, planned, sideBySide(1));
  assert.deepEqual(allNumbers(ran), allNumbers(alone));
});

test('a job refuses to compute by other code than its plan was made with', async () => {
  const { folder, plan, rq, parameters } = await asked();
  const batches = batchesOf(plan, leftOf(plan), () => 1);
  const file = path.join(folder, 'plan.json');
  const codes = { trunk: '0123456789ab' };
  fs.writeFileSync(file, JSON.stringify({ rq, parameters, resources, batches, codes }));
  const { status, stderr } = runScript('sweep/clusterJob', { plan: file, name: batches[0].name });
  assert.equal(status, 1);
  assert.match(stderr, /^The code that decides numbers has changed since the plan was made: /m);
  assert.ok(!fs.existsSync(path.join(parameters.out, 'results')));
});

test('jobs of a stage of tuning leave its documents, which test nothing', async () => {
  const { bench, parameters } = await asked();
  const planned = everywhere(causal.PeterRec);
  const methods = tunedMethods({ all: bench.tasks, tasks: bench.tasks }, planned);
  const tuning = { ...bench, all: bench.tasks, methods, trials: 2, seeds: [101] };
  const stage = stageOf(tuning, 0, pointsOf(tuning));
  const planOfStage = () => planOf(stage.options, stage.planned);
  const plan = planOfStage();
  const batches = batchesOf(plan, leftOf(plan), () => 1);
  const file = path.join(bench.out, 'plan.json');
  fs.mkdirSync(bench.out, { recursive: true });
  const { preset } = stage.options;
  const told = { planned: stage.planned, preset, seeds: [101] };
  const { codes } = plan.session;
  fs.writeFileSync(file, JSON.stringify({ rq: ['rq1'], parameters, resources, batches, codes, stage: told }));
  for (const { name } of batches) {
    const { status, stderr } = runScript('sweep/clusterJob', { plan: file, name });
    assert.equal(status, 0, stderr);
  }
  assert.deepEqual(leftOf(planOfStage()), []);
  const { results } = await run(stage.options, stage.planned);
  assert.equal(results.length, 2 * 2); // points on each of two tasks
  assert.ok(results.every(({ metrics }) => Object.keys(metrics.test).length === 0));
});
