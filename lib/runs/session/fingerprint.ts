import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { Source } from '../../datasets/tasks/source';
import type { Task } from '../../datasets/tasks/tasks';
import { headlineOf } from '../../paper/tasks';
import { compiledKernels } from '../../setup/parts/addon';

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

/** A state is kept by the metric that stands for the task, so one that is not the usual one belongs to it. */
export const taskFingerprint = once(({ source, dropped: _, metric, ...task }: Task) => {
  const own = metric === headlineOf(task.name, task.kind) ? {} : { metric };
  return fingerprint({ ...task, ...own, source: sourceFingerprint(source) });
});

/** Modules that, with what they import, decide the numbers of a result and the rows beside it. */
const DECIDING = ['runs/jobs/trunkJob.ts', 'runs/jobs/experimentJob.ts'];

const library = path.join(__dirname, '..', '..');

type Known = { readonly written: string; readonly print: string; readonly files: readonly string[] };

/** The module by which others reach the engine's addon. */
const ADDON = 'tensorflow/native.ts';

/** Fingerprints by their modules, with the files that they are of and what tells whether these were written since. */
const known = new Map<string, Known>();

const writtenOf = (files: readonly string[]): string =>
  files
    .map((file) => fs.statSync(file, { throwIfNoEntry: false }))
    .map((stat) => `${stat?.mtimeMs}/${stat?.size}`)
    .join();

/**
 * Stands for the code of modules of the library and of what they use of others, of those that decide the numbers if absent: a
 * comment keeps it, a changed loss changes it, and so does what the engine's addon was compiled from. Worked out again where a file was
 * written since.
 */
export function codeFingerprint(modules: readonly string[] = DECIDING): string {
  const name = modules.join();
  const before = known.get(name);
  if (before && before.written === writtenOf(before.files)) return before.print;
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: library,
    entryPoints: [...modules],
    outdir: library, // nothing is written there
    write: false,
    metafile: true,
    bundle: true,
    minifyWhitespace: true,
    legalComments: 'none',
    platform: 'node',
    tsconfigRaw: {},
    packages: 'external',
    logLevel: 'silent',
  });
  const files = Object.keys(metafile.inputs).map((file) => path.join(library, file));
  const engine = ADDON in metafile.inputs ? compiledKernels() : [];
  const print = fingerprint([...outputFiles.map(({ text }) => text), ...engine]);
  known.set(name, { written: writtenOf(files), print, files });
  return print;
}
