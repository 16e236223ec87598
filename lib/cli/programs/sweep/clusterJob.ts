/** Computes the documents of one job of a plan: what an engine starts on a node. */
import fs from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { BatchPlan } from '../../../cluster/batches';
import { plannedOf } from '../../../questions/planned';
import { computeAll } from '../../../runs/crew';
import { type Plan, planOf, stemIn, type Unit, unitsOf } from '../../../runs/plan';
import { openWorkbench } from '../../../runs/workbench';
import { workerOn } from '../../../runs/worker';
import { UserError } from '../../../userError';
import { runCommand } from '../runCommand';
import { stopSignal } from '../stop';

interface Options {
  /** A file that all nodes see. */
  readonly plan: string;
  readonly name: string;
}

async function clusterJob({ plan: file, name }: Options): Promise<number> {
  const signal = stopSignal();
  const { parameters, rq, codes, batches }: BatchPlan = JSON.parse(fs.readFileSync(file, 'utf8'));
  const batch = batches.find((one) => one.name === name);
  if (!batch) throw new UserError(`${file}: expected a job ${name}`);
  const bench = openWorkbench(parameters);
  const plan = planOf({ ...bench, signal }, (await plannedOf(rq)).planned);
  if (!isDeepStrictEqual(plan.session.codes, codes))
    throw new UserError(
      'The code that decides numbers has changed since the plan was made: run the command again',
    );
  const units = unitsNamed(plan, batch.documents);
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

/** The units of documents by their stems. Throws a UserError for one that is not planned: data or budgets are others here. */
function unitsNamed(plan: Plan, stems: readonly string[]): Unit[] {
  const byStem = new Map(unitsOf(plan).map((unit) => [stemIn(plan, unit), unit]));
  return stems.map((stem) => {
    const unit = byStem.get(stem);
    if (unit) return unit;
    throw new UserError(
      `${stem} is not planned on this node: its data or its budgets are other than where the plan was made`,
    );
  });
}

runCommand(clusterJob);
