/** Measures a step of each kind that the questions need and prints how long they will take, here and on many machines. */
import { powerOf } from '../../evidence/power';
import { plannedOf, saidOf } from '../../questions/planned';
import { onMachines, roughly } from '../../runs/estimate/forecast';
import { needsOn } from '../../runs/estimate/needs';
import { measured } from '../../runs/estimate/stepCost';
import { leftOf, planOf, workloadsOf } from '../../runs/plan';
import { seedsOf } from '../../runs/session';
import { openWorkbench } from '../../runs/workbench';
import { nameOf, secondsOf } from '../../runs/workload';
import { device } from '../../tensorflow/native';
import { threads } from '../../tensorflow/threads';
import { runCommand } from './runCommand';

interface Options {
  readonly questions: readonly string[];
  /** Of a workbench. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What computes the same without notebooks. */
  readonly command: string;
}

async function estimate({ questions, parameters, command }: Options): Promise<number> {
  const bench = openWorkbench(parameters);
  const { planned, asks, silent } = await plannedOf(questions);
  for (const question of silent)
    console.log(`${question}   is not estimated: lib/questions has no ${question}.ts`);
  for (const line of powerOf(asks, bench.tasks, seedsOf(bench))) console.log(line);
  const plan = planOf(bench, planned);
  const workloads = workloadsOf(plan, leftOf(plan));
  console.log(
    `Measuring steps of each kind, preset ${bench.preset.name}, on ${device === 'gpu' ? 'the GPU' : `${threads} processors`}`,
  );
  const costs = await measured(plan, workloads, ({ step, evaluation }, kind) =>
    console.log(`  ${nameOf(kind)}: ${step.toFixed(2)} s a step, ${evaluation.toFixed(1)} s an evaluation`),
  );
  for (const question of questions) {
    const own = planOf(bench, (await saidOf(question))?.runs ?? []);
    const seconds = secondsOf(workloadsOf(own, leftOf(own)), costs);
    if (!silent.includes(question)) console.log(`${question}   about ${roughly(seconds)} alone`);
  }
  const gigabytes = process.resourceUsage().maxRSS / 2 ** 20;
  console.log(
    `In all about ${roughly(secondsOf(workloads, costs))}, ${bench.seeds} seeds, what questions share once.`,
  );
  console.log(`Memory: about ${gigabytes.toFixed(1)} GB, as this measurement needed.`);
  const share = {
    cpus: threads,
    gpus: device === 'gpu' ? 1 : 0,
    memory: needsOn(bench, planned).memory,
  };
  if (workloads.length > 0)
    for (const line of onMachines(workloads, costs, share, command)) console.log(line);
  return 0;
}

runCommand(estimate);
