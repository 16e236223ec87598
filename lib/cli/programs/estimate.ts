/** Measures a step of each kind that the questions need and prints how long they will take. */

import fs from 'node:fs';
import path from 'node:path';
import type { Result } from '../../documents/document';
import { documentsOf } from '../../documents/store';
import type { Planned } from '../../methods/experiment';
import { type Cost, leftOf, nameOf, type PlannedTraining, secondsOf, trainingsOf } from '../../runs/estimate';
import { codeFingerprint } from '../../runs/fingerprint';
import { pairsOf } from '../../runs/pairs';
import { measure } from '../../runs/stepCost';
import { openWorkbench, type Workbench } from '../../runs/workbench';
import { runCommand } from './runCommand';

interface Options {
  readonly questions: readonly string[];
  /** Of a workbench. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

async function estimate({ questions, parameters }: Options): Promise<number> {
  const bench = openWorkbench(parameters);
  const known = knownDocuments(bench);
  const planned = await Promise.all(questions.map(runsOf));
  const leftFor = (runs: readonly Planned[]) => leftOf(trainingsOf(bench, pairsOf(bench.tasks, runs)), known);
  const left = leftFor(planned.flat());
  console.log(`Measuring steps of each kind, preset ${bench.preset.name}`);
  const costs = measureAll(bench, left);
  for (const [i, question] of questions.entries()) {
    const alone = secondsOf(leftFor(planned[i]), costs);
    console.log(`${question}   about ${hours(alone)} alone`);
  }
  const gigabytes = process.resourceUsage().maxRSS / 2 ** 20;
  console.log(
    `In all about ${hours(secondsOf(left, costs))}, ${bench.seeds} seeds, what questions share once.`,
  );
  console.log(`Memory: about ${gigabytes.toFixed(1)} GB, as this measurement needed.`);
  return 0;
}

/** What the notebook of a question runs. */
async function runsOf(question: string): Promise<readonly Planned[]> {
  const { runs } = (await import(`../../questions/${question}`)) as { readonly runs: readonly Planned[] };
  return runs;
}

/** Documents that the run will read: of this data, preset and code, with all that must lie beside them. */
function knownDocuments({ out, data, preset }: Workbench): Result[] {
  const code = codeFingerprint();
  const isThere = (folder: string, file: string) => fs.existsSync(path.join(out, folder, file));
  return documentsOf(out).filter(
    (run) =>
      run.data === data &&
      run.preset === preset.name &&
      run.environment.source === code &&
      isThere('results', run.instances) &&
      (run.experiment !== 'pretrain' || isThere('models', run.instances.replace(/\.tsv$/, '.safetensors'))),
  );
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
