/** Whether documents that stand side by side were computed alike. */
import type { Result } from '../documents/document';

/** `avx512, bf16 by amx`: the instructions of a document, and what multiplied in bfloat16 if anything did. */
const kernelsOf = ({ environment }: Result): string[] => environment.kernels?.split(', ') ?? [];

/** In which precision a document's convolutions were computed, and by what; nothing where it has none. */
function precisionOf(result: Result): string | undefined {
  const { shape, trunk } = result.declaration;
  if (shape === undefined && typeof trunk !== 'object') return undefined;
  return kernelsOf(result)[1] ?? 'float32';
}

/** What moves digits, as a reader calls it; where that means nothing for a document, it has none. */
const FACTORS: readonly (readonly [name: string, of: (result: Result) => string | undefined])[] = [
  ['precisions', precisionOf],
  ['devices', ({ environment }) => environment.device],
  ['processors', ({ environment }) => environment.processor ?? 'unknown'],
  ['instruction sets', (result) => kernelsOf(result)[0] ?? 'unknown'],
  ['threads', ({ environment }) => String(environment.threads)],
  ['versions of TensorFlow', ({ environment }) => environment.versions.tensorflow],
];

/** A sentence that names what documents do not have in common; nothing where they were computed alike. */
export function mixtureOf(results: readonly Result[]): string | undefined {
  const mixed = FACTORS.flatMap(([name, of]) => {
    const counts = new Map<string, number>();
    for (const value of results.map(of))
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    const values = [...counts].map(([value, count]) => `${value} (${count})`);
    return values.length > 1 ? [`${name} ${values.join(', ')}`] : [];
  });
  if (mixed.length === 0) return undefined;
  const first = mixed.some((one) => one.startsWith('precisions')) ? '3rd' : '4th';
  return `Computed under unlike conditions, which move the ${first} to 7th digit of a loss: ${mixed.join('; ')}.`;
}
