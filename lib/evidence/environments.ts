/** Whether documents that stand side by side were computed alike. */
import type { Result } from '../experiments/documents/document';

/** `avx512, bf16 by amx`: the instructions of a document, and what multiplied in bfloat16 if anything did. */
const kernelsOf = ({ environment }: Result): string[] => environment.kernels?.split(', ') ?? [];

const hasConvolutions = ({ declaration }: Result) => declaration.precision !== undefined;

/** Conditions that move digits, by name; undefined where one means nothing for a document. */
const FACTORS: readonly (readonly [name: string, of: (result: Result) => string | undefined])[] = [
  ['precisions', (result) => (hasConvolutions(result) ? (kernelsOf(result)[1] ?? 'float32') : undefined)],
  ['devices', ({ environment }) => environment.device],
  ['processors', ({ environment }) => environment.processor ?? 'unknown'],
  ['instruction sets', (result) => kernelsOf(result)[0] ?? 'unknown'],
  ['threads', ({ environment }) => String(environment.threads)],
  ['versions of TensorFlow', ({ environment }) => environment.versions.tensorflow],
];

/** A sentence that names what documents do not have in common; undefined where they were computed alike. */
export function mixtureOf(results: readonly Result[]): string | undefined {
  const mixed = FACTORS.flatMap(([name, of]) => {
    const all = results.flatMap((result) => of(result) ?? []);
    const values = [...new Set(all)].map(
      (value) => `${value} (${all.filter((one) => one === value).length})`,
    );
    return values.length > 1 ? [`${name} ${values.join(', ')}`] : [];
  });
  if (mixed.length === 0) return undefined;
  const first = mixed.some((one) => one.startsWith('precisions')) ? '3rd' : '4th';
  return `Computed under unlike conditions, which move the ${first} to 7th digit of a loss: ${mixed.join('; ')}.`;
}
