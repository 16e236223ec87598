/** Measures a step of each kind that the questions need and prints how long they will take. */
import fs from 'node:fs';
import path from 'node:path';
import type { Result } from '../../documents/document';
import { documentsOf } from '../../documents/store';
import { type Cost, leftOf, nameOf, type Stretch, secondsOf, stretchesOf } from '../../runs/estimate';
import { codeFingerprint } from '../../runs/fingerprint';
import { measure } from '../../runs/stepCost';
import { openWorkbench, type Workbench } from '../../runs/workbench';
import { plan } from './plan';
import { runCommand } from './runCommand';

interface Options {
  readonly questions: readonly string[];
  /** Of a workbench. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

async function estimate({ questions, parameters }: Options): Promise<number> {
  const bench = openWorkbench(parameters);
  const known = knownDocuments(bench);
  const planned = questions.filter((question) => question in plan);
  const runs = planned.map((question) => plan[question](bench));
  const left = leftOf(stretchesOf(runs.flat()), known);
  console.log(`Measuring steps of each kind, preset ${bench.preset.name}`);
  const costs = measureAll(bench, left);
  for (const [i, question] of planned.entries()) {
    const alone = secondsOf(leftOf(stretchesOf(runs[i]), known), costs);
    console.log(`${question}   about ${hours(alone)} alone`);
  }
  const gigabytes = process.resourceUsage().maxRSS / 2 ** 20;
  console.log(
    `In all about ${hours(secondsOf(left, costs))}, ${bench.seeds} seeds, what questions share once.`,
  );
  console.log(`Memory: about ${gigabytes.toFixed(1)} GB, as this measurement needed.`);
  return 0;
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
      (run.method !== 'pre-training' || isThere('models', run.instances.replace(/\.tsv$/, '.safetensors'))),
  );
}

function measureAll({ preset }: Workbench, stretches: readonly Stretch[]): Map<string, Cost> {
  const kinds = new Map(stretches.map(({ kind }) => [nameOf(kind), kind]));
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
