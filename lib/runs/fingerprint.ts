import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { Source } from '../datasets/tasks/source';
import type { Task } from '../datasets/tasks/tasks';

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

/** The name belongs to it, since the random streams of a source are drawn by name. */
export function sourceFingerprint({ name, items, users, sequences, preceding, length }: Source): string {
  const hash = createHash('sha256').update(JSON.stringify([name, items, users, length]));
  for (const part of [...sequences, ...preceding]) hash.update(part).update('/');
  return hash.digest('hex').slice(0, DIGITS);
}

/** Of what decides the numbers of a task. */
export function taskFingerprint({ source, dropped: _, metric: __, ...task }: Task): string {
  return fingerprint({ ...task, source: sourceFingerprint(source) });
}

/** Files of the project that a module needs when it runs, itself included. */
function reachable(entry: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(entry)) return seen;
  const { outputText } = ts.transpileModule(fs.readFileSync(entry, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, removeComments: true },
  });
  seen.set(entry, outputText);
  for (const [, request] of outputText.matchAll(/require\("(\.[^"]*)"\)/g)) {
    reachable(`${path.resolve(path.dirname(entry), request)}.ts`, seen);
  }
  return seen;
}

/** Modules that, with what they import, decide the numbers of a result and the rows beside it. */
const DECIDING = [
  'recipes/pretrain',
  'recipes/finetune',
  'recipes/mostFrequent',
  'runs/trunks',
  'runs/runExperiment',
];

/** Stands for the code that decides the numbers: a comment keeps it, a changed loss changes it. */
export function codeFingerprint(): string {
  const seen = new Map<string, string>();
  for (const name of DECIDING) reachable(path.join(__dirname, '..', `${name}.ts`), seen);
  return fingerprint([...seen.values()].sort());
}
