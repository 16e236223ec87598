/** Documents of earlier runs that today's code would make again. */
import type { Task } from '../../data/tasks/tasks';
import type { CompletedRun } from '../documents/completedRun';
import { methodOf, type Result } from '../documents/document';
import { documentsOf } from '../documents/results';
import type { Experiment } from '../methods/experiment';
import { identityOf } from '../methods/identity';
import type { Preset } from '../methods/presets';
import { nameOf, type TrainingRecord } from '../records/record';
import { codeOf } from '../resolve/codes';
import { resolveOne } from '../resolve/resolve';

/** The record of a document; undefined for one of an earlier form. */
const recordIn = ({ declaration }: Result): TrainingRecord | undefined =>
  typeof declaration.seed === 'number' ? (declaration as unknown as TrainingRecord) : undefined;

/** The documents in OUT that today's code has computed. */
export function ofToday(out: string): Result[] {
  const codes = {};
  return documentsOf(out).filter((document) => {
    const record = recordIn(document);
    return record !== undefined && codeOf(record, codes) === record.code;
  });
}

/** Whether a document has the record that its experiment has today; of fused patches its plan alone knows. */
function isOfToday(document: Result, task: Task, preset: Preset): boolean {
  const { data, seed, declared } = document;
  const record = recordIn(document);
  if (!record || !declared || (record.kind === 'fine-tuning' && record.fused.length > 0)) return false;
  return nameOf(resolveOne(task, declared as Experiment, { data, preset }, seed).record) === nameOf(record);
}

/**
 * The results, after the wanted documents in OUT of other methods that compare with them: on the same tasks and seeds, with today's
 * code and budgets. Of two documents of one method the newer counts; a method that lacks a seed is left out.
 */
export function withComparable(
  completed: CompletedRun,
  { tasks, preset }: { readonly tasks: readonly Task[]; readonly preset: Preset },
  isWanted: (document: Result) => boolean,
): CompletedRun {
  const { out, results } = completed;
  const same = (['data', 'task', 'preset', 'seed'] as const).map(
    (key) => [key, new Set(results.map((result) => result[key]))] as const,
  );
  const others = documentsOf(out).filter((document) => {
    const task = tasks.find(({ name }) => name === document.task);
    const isNear = task && isWanted(document) && same.every(([key, values]) => values.has(document[key]));
    return isNear && isOfToday(document, task, preset);
  });
  const nameOfResult = (result: Result) => JSON.stringify([result.task, identityOf(methodOf(result))]);
  const newest = new Map<string, Result>();
  for (const result of [...others, ...results]) {
    const name = `${nameOfResult(result)} ${result.seed}`;
    newest.delete(name);
    newest.set(name, result);
  }
  const all = [...newest.values()];
  const seeds = new Set(results.map(({ seed }) => seed)).size;
  const isWhole = (result: Result) =>
    all.filter((other) => nameOfResult(other) === nameOfResult(result)).length === seeds;
  return { ...completed, results: all.filter(isWhole) };
}
