/** One training: its record becomes a recipe; what it finds becomes a document. */
import type { Watch } from '../../training/fit';
import { removeCheckpoint } from '../documents/checkpoint';
import { SCHEMA, store } from '../documents/document';
import { opponentRecipe } from '../opponents/opponents';
import { countingRecipe } from '../recipes/counting';
import { fineTuningRecipe } from '../recipes/finetune';
import { pretrainingRecipe } from '../recipes/pretrain';
import type { Found, Recipe } from '../recipes/recipe';
import type { From } from '../recipes/settings';
import type { TrainingRecord } from '../records/record';
import { type Job, stemIn } from '../resolve/resolve';
import { saveArtifacts } from './artifacts';
import { sourceOf, type Tasks, taskOf } from './data';
import { environmentOf } from './watch';

/** The recipe of a record; serves all records that `programOf` takes for alike. */
export function recipeFor(record: TrainingRecord, tasks: Tasks): Recipe {
  if (record.kind === 'trunk') return pretrainingRecipe(record, sourceOf(record, tasks)) as Recipe;
  const task = taskOf(record, tasks);
  if (record.kind === 'fine-tuning') return fineTuningRecipe(record, task) as Recipe;
  if (record.kind === 'opponent') return opponentRecipe(record, task) as Recipe;
  return countingRecipe(record, task) as Recipe;
}

/** What the training of a record finds. */
export async function train(
  record: TrainingRecord,
  tasks: Tasks,
  watch?: Watch,
  from?: From,
): Promise<Found> {
  const recipe = recipeFor(record, tasks);
  const start = performance.now();
  try {
    const found = await recipe.run(record.seed, watch, from);
    return recipe.measure(found, (performance.now() - start) / 1000);
  } finally {
    recipe.dispose();
  }
}

/** Writes the weights, then the document with its rows, and removes the checkpoint of the training. */
export function save(out: string, job: Job, found: Found, tasks: Tasks, startedFrom?: string): void {
  const { rows, trunk: _, models: __, ...measured } = found;
  const { record, about } = job;
  const stem = stemIn(job);
  const left = saveArtifacts(out, job, found, tasks)?.checksum;
  const own = { seed: record.seed, ...measured, startedFrom, left, environment: environmentOf(record) };
  store(out, stem, { schema: SCHEMA, ...about, ...own, declaration: record }, rows);
  removeCheckpoint(out, stem);
}
