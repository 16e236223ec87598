import type { Result } from '../documents/document';
import { documentsOf } from '../documents/store';
import { codeFingerprint } from './fingerprint';

/**
 * Results, and before them those of earlier runs that lie in OUT and can stand beside them: of experiments whose name
 * begins so, on the same tasks, preset and seeds, computed by the code as it is. Of two that are called alike the newer
 * stands; what lacks a seed is left out.
 */
export function withEarlier(out: string, results: readonly Result[], beginning: string): Result[] {
  const have = <K extends keyof Result>(key: K) => new Set(results.map((result) => result[key]));
  const [tasks, presets, seeds] = [have('task'), have('preset'), have('seed')];
  const code = codeFingerprint();
  const earlier = documentsOf(out, beginning).filter(
    ({ task, experiment, preset, seed, environment }) =>
      experiment.startsWith(beginning) &&
      tasks.has(task) &&
      presets.has(preset) &&
      seeds.has(seed) &&
      environment.source === code,
  );
  const all = newest([...earlier, ...results]);
  const runsOf = ({ task, method }: Result) =>
    all.filter((other) => other.task === task && other.method === method);
  return all.filter((result) => runsOf(result).length === seeds.size);
}

/** The last of each task, method and seed, where it stands. */
function newest(results: readonly Result[]): Result[] {
  const named = new Map<string, Result>();
  for (const result of results) {
    const name = JSON.stringify([result.task, result.method, result.seed]);
    named.delete(name);
    named.set(name, result);
  }
  return [...named.values()];
}
