/** Measures a step of each kind that the questions need and prints how long they will take. */
import fs from 'node:fs';
import { type Key, modelFile, stored } from '../../documents/store';
import type { Planned } from '../../methods/experiment';
import { plannedFor } from '../../questions/planned';
import {
  type Cost,
  leftOf,
  nameOf,
  type PlannedTraining,
  secondsOf,
  trainingsOf,
} from '../../runs/estimate/estimate';
import { measure } from '../../runs/estimate/stepCost';
import { codeFingerprint } from '../../runs/fingerprint';
import { pairsOf } from '../../runs/pairs';
import { seedsOf } from '../../runs/session';
import { isTrunk } from '../../runs/trunks';
import { openWorkbench, type Workbench } from '../../runs/workbench';
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
  const costs = measureAll(bench, left);
  for (const [question, runs] of planned)
    console.log(`${question}   about ${hours(secondsOf(leftFor(runs), costs))} alone`);
  const gigabytes = process.resourceUsage().maxRSS / 2 ** 20;
  console.log(
    `In all about ${hours(secondsOf(left, costs))}, ${bench.seeds} seeds, what questions share once.`,
  );
  console.log(`Memory: about ${gigabytes.toFixed(1)} GB, as this measurement needed.`);
  return 0;
}

/** The training that planned runs still need, where documents are there for the rest. */
function leftOn(bench: Workbench): (planned: readonly Planned[]) => PlannedTraining[] {
  const { tasks, preset, out } = bench;
  const of = { preset, code: codeFingerprint(), seeds: seedsOf(bench) };
  const isThere = (key: Key) =>
    stored(out, key) !== undefined && (!isTrunk(key) || fs.existsSync(modelFile(out, key)));
  return (planned) => leftOf(trainingsOf(of, pairsOf(tasks, planned)), isThere);
}

function measureAll({ preset }: Workbench, trainings: readonly PlannedTraining[]): Map<string, Cost> {
  const kinds = new Map(trainings.map(({ kind }) => [nameOf(kind), kind]));
  return new Map(
    [...kinds].map(([name, kind]) => {
      const cost = measure(kind, preset);
      console.log(
        `  ${name}: ${cost.step.toFixed(2)} s a step, ${cost.evaluation.toFixed(1)} s an evaluation`,
      );
      return [name, cost];
    }),
  );
}

function hours(seconds: number): string {
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 48 * 3600
    ? `${(seconds / 3600).toFixed(1)} hours`
    : `${(seconds / 86_400).toFixed(1)} days`;
}

runCommand(estimate);
