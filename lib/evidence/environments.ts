/** Whether documents that stand side by side were computed alike. */
import type { Result } from '../documents/document';

/** What moves last digits, as a reader calls it. */
const FACTORS: readonly (readonly [name: string, of: (result: Result) => string])[] = [
  ['devices', ({ environment }) => environment.device],
  ['processors', ({ environment }) => environment.processor ?? 'unknown'],
  ['instruction sets', ({ environment }) => environment.kernels ?? 'unknown'],
  ['threads', ({ environment }) => String(environment.threads)],
  ['versions of TensorFlow', ({ environment }) => environment.versions.tensorflow],
];

/** A sentence that names what documents do not have in common; nothing where they were computed alike. */
export function mixtureOf(results: readonly Result[]): string | undefined {
  const mixed = FACTORS.flatMap(([name, of]) => {
    const counts = new Map<string, number>();
    for (const result of results) counts.set(of(result), (counts.get(of(result)) ?? 0) + 1);
    const values = [...counts].map(([value, count]) => `${value} (${count})`);
    return values.length > 1 ? [`${name} ${values.join(', ')}`] : [];
  });
  return mixed.length === 0
    ? undefined
    : `Computed under unlike conditions, which move the 4th to 7th digit of a loss: ${mixed.join('; ')}.`;
}
