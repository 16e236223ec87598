/** Remarks on a run: what the data lacks, what was not tuned, what was cut short, and what was computed otherwise. */
import { mixtureOf } from '../evidence/environments';
import type { CompletedRun } from '../experiments/documents/completedRun';
import type { Result } from '../experiments/documents/document';
import { chooseTasks, lackOf } from '../experiments/methods/chosenTasks';
import type { Planned } from '../experiments/methods/experiment';
import { distinct } from '../experiments/methods/identity';
import { takesTuned } from '../experiments/methods/presets';
import { untunedOf } from '../experiments/tuning/points';
import type { BenchFacts } from '../experiments/workbench/workbench';
import { inProject, shellWord } from '../setup/tools/project';
import { lengthRemarks } from './curves';

const there = (...sentences: readonly (string | undefined)[]): string[] =>
  sentences.filter((one) => one !== undefined);

/** Remarks on the data: which of the paper's tasks it lacks, and that budgets are not tuned on it. */
export const dataRemarks = (bench: BenchFacts): string[] => there(...lackOf(bench.tasks), tuningGap(bench));

/** Remarks on a plan: tasks that stand in for others or are left out, and methods that were not tuned. */
export const planRemarks = (bench: BenchFacts, planned: readonly Planned[]): string[] =>
  there(
    ...new Set(planned.flatMap(({ on }) => chooseTasks(bench.tasks, on).gaps)),
    untunedAmong(bench, planned),
  );

/** Remarks on results: trainings that were cut short, and documents that were computed on different machines. */
export const resultRemarks = (completed: CompletedRun, documents: readonly Result[]): string[] =>
  there(...lengthRemarks(completed), mixtureOf(documents));

function tuningGap({ dataset, trials, preset }: BenchFacts): string | undefined {
  if (trials > 0 || !takesTuned(preset)) return undefined;
  return `Learning rates and dropout are those of the preset, the card or this notebook, not tuned on ${dataset.name}: \`npm run tune -- --data ${typed(dataset)}\` tunes them.`;
}

/** A data set as it is typed behind `--data`. */
const typed = ({ folder, name }: BenchFacts['dataset']) =>
  shellWord(folder === inProject('data', name) ? name : folder);

/** Methods that a sentence names. */
const NAMED = 5;

/** Names planned methods that were not tuned where others were. */
function untunedAmong(
  { trials, preset, data, dataset }: BenchFacts,
  planned: readonly Planned[],
): string | undefined {
  const methods = distinct(planned.flatMap(({ experiments }) => experiments));
  const untuned = untunedOf(methods, preset);
  if (trials === 0 || !takesTuned(preset) || untuned.length === 0) return undefined;
  const names = untuned.slice(0, NAMED).map(({ label }) => label);
  const more = untuned.length > NAMED ? [`${untuned.length - NAMED} more`] : [];
  return `At the preset’s rates, never tuned on ${data} as other methods were: ${[...names, ...more].join('; ')}. \`npm run tune -- --data ${typed(dataset)} --rq …\` tunes the methods of a question.`;
}
