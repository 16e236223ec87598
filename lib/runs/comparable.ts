import { methodOf, type Result } from '../documents/document';
import type { Ran } from '../documents/ran';
import { documentsOf } from '../documents/store';
import { identityOf } from '../methods/identity';
import { experimentIn, isOfToday } from './jobs/experimentJob';
import { isTrunk } from './jobs/trunks';
import { codeOf } from './session/codes';

/**
 * What ran, and before it the wanted documents of other methods that lie in OUT and can stand beside it: on the same tasks and
 * seeds, computed as they would be today, by the code, with the budgets and in the precision as they are. Of two of one method the newer
 * stands; what lacks a seed is left out.
 */
export function withComparable(ran: Ran, isWanted: (document: Result) => boolean): Ran {
  const { out, results, preset, tasks } = ran;
  const have = <K extends keyof Result>(key: K) => new Set(results.map((result) => result[key]));
  const [data, names, presets, seeds] = [have('data'), have('task'), have('preset'), have('seed')];
  const precisionOf = ({ declaration }: Result) => declaration.precision ?? 'float32';
  const today = { preset, codes: {} };
  const others = documentsOf(out).filter((document) => {
    const task = tasks.find(({ name }) => name === document.task);
    return (
      task !== undefined &&
      isWanted(document) &&
      data.has(document.data) &&
      names.has(document.task) &&
      presets.has(document.preset) &&
      precisionOf(document) === (preset.precision ?? 'float32') &&
      seeds.has(document.seed) &&
      isOfToday(today, task, document)
    );
  });
  const all = newest([...others, ...results]);
  const nameOf = (result: Result) => JSON.stringify([result.task, identityOf(methodOf(result))]);
  const seedsOf = (result: Result) => all.filter((other) => nameOf(other) === nameOf(result));
  return { ...ran, results: all.filter((result) => seedsOf(result).length === seeds.size) };
}

/** The last of each task, method and seed, where it stands. */
function newest(results: readonly Result[]): Result[] {
  const named = new Map<string, Result>();
  for (const result of results) {
    const name = JSON.stringify([result.task, identityOf(methodOf(result)), result.seed]);
    named.delete(name);
    named.set(name, result);
  }
  return [...named.values()];
}

/** The documents in OUT that the code as it is has computed. */
export function ofToday(out: string): Result[] {
  const codes = {};
  return documentsOf(out).filter(
    (document) =>
      document.environment.source === codeOf(isTrunk(document) ? 'trunk' : experimentIn(document), codes),
  );
}
