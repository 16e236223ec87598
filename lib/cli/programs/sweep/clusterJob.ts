/** Computes the documents of one job of a plan: what an engine starts on a node. */
import fs from 'node:fs';
import { UserError } from '../../../base/userError';
import type { BatchPlan } from '../../../experiments/cluster/batches';
import { requireSame } from '../../../experiments/runs/codes';
import { planOf, stemIn, unitsOf } from '../../../experiments/runs/plan';
import { computeAll, workerOn } from '../../../experiments/runs/run';
import { openWorkbench } from '../../../experiments/runs/workbench';
import { plannedOf } from '../../../questions/planned';
import { heldOut } from '../../../questions/studies/tune';
import { runCommand, stopSignal } from '../program';

/** `plan` is a file that all nodes see. */
type Options = { readonly plan: string; readonly name: string };

async function clusterJob({ plan: file, name }: Options): Promise<number> {
  const signal = stopSignal();
  const { parameters, rq, stage, codes, batches }: BatchPlan = JSON.parse(fs.readFileSync(file, 'utf8'));
  const bench = openWorkbench(parameters);
  const plan = stage
    ? planOf({ ...bench, ...stage, tasks: heldOut(bench.tasks), signal }, stage.planned)
    : planOf({ ...bench, signal }, (await plannedOf(rq)).planned);
  const byStem = new Map(unitsOf(plan).map((unit) => [stemIn(plan, unit), unit]));
  requireSame(codes);
  const batch = batches.find((one) => one.name === name);
  if (!batch) throw new UserError(`${file}: expected a job ${name}`);
  const units = batch.documents.map((stem) => {
    const unit = byStem.get(stem);
    if (!unit)
      throw new UserError(`${stem} is not planned on this node: its data or budgets differ from the plan's`);
    return unit;
  });
  console.log(`ready after ${process.uptime().toFixed(1)} s`);
  const worker = workerOn(plan);
  try {
    await computeAll(plan, units, [worker]);
  } finally {
    worker.dispose();
  }
  console.log(`${units.length} documents after ${process.uptime().toFixed(1)} s`);
  return 0;
}

runCommand(clusterJob);
