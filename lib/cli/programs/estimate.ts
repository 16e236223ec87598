/** Measures a step of each kind that the questions need and prints how long they will take. */
import type { Planned } from '../../methods/experiment';
import { plannedFor } from '../../questions/planned';
import { secondsOf } from '../../runs/estimate/estimate';
import { leftOn, measureAll, roughly } from '../../runs/estimate/forecast';
import { openWorkbench } from '../../runs/workbench';
import { runCommand } from './runCommand';

interface Options {
  readonly questions: readonly string[];
  /** Of a workbench. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

async function estimate({ questions, parameters }: Options): Promise<number> {
  const bench = openWorkbench(parameters);
  const planned = new Map<string, readonly Planned[]>();
  for (const question of questions) {
    const runs = await plannedFor(question);
    if (runs) planned.set(question, runs);
    else console.log(`${question}   is not estimated: lib/questions has no ${question}.ts`);
  }
  const leftFor = leftOn(bench);
  const left = leftFor([...planned.values()].flat());
  console.log(`Measuring steps of each kind, preset ${bench.preset.name}`);
  const costs = measureAll(bench, left, (name, { step, evaluation }) =>
    console.log(`  ${name}: ${step.toFixed(2)} s a step, ${evaluation.toFixed(1)} s an evaluation`),
  );
  for (const [question, runs] of planned)
    console.log(`${question}   about ${roughly(secondsOf(leftFor(runs), costs))} alone`);
  const gigabytes = process.resourceUsage().maxRSS / 2 ** 20;
  console.log(
    `In all about ${roughly(secondsOf(left, costs))}, ${bench.seeds} seeds, what questions share once.`,
  );
  console.log(`Memory: about ${gigabytes.toFixed(1)} GB, as this measurement needed.`);
  return 0;
}

runCommand(estimate);
