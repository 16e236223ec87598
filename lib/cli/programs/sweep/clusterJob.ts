/** Computes the jobs of one batch of a plan: what Snakemake starts on a node. */
import fs from 'node:fs';
import { UserError } from '../../../base/userError';
import { openDataset } from '../../../data/open';
import type { BatchPlan } from '../../../experiments/cluster/batches';
import { runJobs } from '../../../experiments/runs/run';
import { runCommand, stopSignal } from '../program';

/** `plan` is a file that all nodes see. */
type Options = { readonly plan: string; readonly name: string };

async function clusterJob({ plan: file, name }: Options): Promise<number> {
  const signal = stopSignal();
  const { data, out, batches }: BatchPlan = JSON.parse(fs.readFileSync(file, 'utf8'));
  const batch = batches.find((one) => one.name === name);
  if (!batch) throw new UserError(`${file}: expected a batch ${name}`);
  const { tasks } = openDataset(data);
  console.log(`ready after ${process.uptime().toFixed(1)} s`);
  await runJobs(batch.jobs, { out, tasks, signal });
  console.log(`${batch.jobs.length} documents after ${process.uptime().toFixed(1)} s`);
  return 0;
}

runCommand(clusterJob);
