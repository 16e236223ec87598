import { createHash } from 'node:crypto';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { Source } from '../../datasets/tasks/source';
import type { Task } from '../../datasets/tasks/tasks';

/** Hex digits that name a document. */
const DIGITS = 12;

/** The same value gives the same digits, in whatever order its keys were written. */
export function fingerprint(value: unknown): string {
  const sorted = (_: string, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex').slice(0, DIGITS);
}

/** Worked out once for each value: a source holds the sequences of all users. */
function once<T extends object>(digitsOf: (value: T) => string): (value: T) => string {
  const known = new WeakMap<T, string>();
  return (value) => {
    const digits = known.get(value) ?? digitsOf(value);
    known.set(value, digits);
    return digits;
  };
}

/** The name belongs to it, since the random streams of a source are drawn by name. */
export const sourceFingerprint = once((source: Source): string => {
  const { name, items, users, sequences, preceding, length, before } = source;
  const hash = createHash('sha256').update(JSON.stringify([name, items, users, length]));
  for (const part of [...sequences, ...preceding]) hash.update(part).update('/');
  if (before) hash.update(sourceFingerprint(before));
  return hash.digest('hex').slice(0, DIGITS);
});

export const taskFingerprint = once(({ source, dropped: _, metric: __, ...task }: Task) =>
  fingerprint({ ...task, source: sourceFingerprint(source) }),
);

/** Modules that, with what they import, decide the numbers of a result and the rows beside it. */
const DECIDING = ['runs/jobs/trunkJob.ts', 'runs/jobs/experimentJob.ts'];

const library = path.join(__dirname, '..', '..');

/**
 * Stands for the code of modules of the library and of what they use of others, of those that decide the numbers if absent: a
 * comment keeps it, a changed loss changes it.
 */
export function codeFingerprint(modules: readonly string[] = DECIDING): string {
  const { outputFiles } = buildSync({
    absWorkingDir: library,
    entryPoints: [...modules],
    outdir: library, // nothing is written there
    write: false,
    bundle: true,
    minifyWhitespace: true,
    platform: 'node',
    tsconfigRaw: {},
    packages: 'external',
    logLevel: 'silent',
  });
  return fingerprint(outputFiles.map(({ text }) => text));
}
