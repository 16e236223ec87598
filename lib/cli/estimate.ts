/** Measures a step of each kind that the questions need and prints how long they will take. */
import { type Cost, measure, nameOf, type Planned, secondsOf, stretchesOf } from '../experiments/estimate';
import { openWorkbench, type Workbench } from '../experiments/workbench';
import { plan } from './plan';
import { runCommand } from './runCommand';

interface Options {
  readonly questions: readonly string[];
  /** Of a workbench. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

async function estimate({ questions, parameters }: Options): Promise<number> {
  const bench = openWorkbench(parameters);
  const asked = questions.filter((question) => question in plan);
  const planned = asked.map((question) => plan[question](bench));
  console.log(`Measuring a step of each kind, preset ${bench.preset.name}`);
  const costs = measureAll(bench, planned.flat());
  for (const [i, question] of asked.entries()) {
    console.log(`${question}   about ${hours(secondsOf(stretchesOf(planned[i]), costs))} alone`);
  }
  const all = secondsOf(stretchesOf(planned.flat()), costs);
  const gigabytes = process.memoryUsage().rss / 2 ** 30;
  console.log(`In all about ${hours(all)}, ${bench.seeds} seeds, what questions share once.`);
  console.log(
    `Memory: this measurement needed ${gigabytes.toFixed(1)} GB. What ${bench.out} holds already is not computed again.`,
  );
  return 0;
}

function measureAll({ preset }: Workbench, planned: readonly Planned[]): Map<string, Cost> {
  const costs = new Map<string, Cost>();
  for (const { kind } of stretchesOf(planned)) {
    const name = nameOf(kind);
    if (costs.has(name)) continue;
    const cost = measure(kind, preset);
    costs.set(name, cost);
    console.log(`  ${name}: ${cost.step.toFixed(2)} s a step`);
  }
  return costs;
}

function hours(seconds: number): string {
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 48 * 3600
    ? `${(seconds / 3600).toFixed(1)} hours`
    : `${(seconds / 86_400).toFixed(1)} days`;
}

runCommand(estimate);
