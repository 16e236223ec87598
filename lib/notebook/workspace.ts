/** What a notebook holds in memory, and how to free it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { UserError } from '../base/userError';
import { tf } from '../engine/native';
import { livingPrograms, Program } from '../engine/program/program';
import { leaves } from '../engine/weights';
import type { Table } from '../report/table/table';
import { bytesIn, kindOf, programsIn } from './held';
import { cellVariables } from './kernel/kernel';
import { trainings } from './live/trainings';
import { say, show } from './show';
import { isWeights } from './showable';

/** Shows every variable of the cells with its kind and the bytes that hang on it, the largest first, and what the engine holds. */
export const workspace = (): Promise<void> => show(workspaceTable());

/** Compiled programs that no variable of a cell reaches. */
function unheldPrograms(): Program<unknown>[] {
  const reached = new Set(Object.values(cellVariables()).flatMap(programsIn));
  return livingPrograms().filter((program) => !reached.has(program));
}

/**
 * Empties variables of cells, with the tensors and programs in them, and disposes of programs that no variable reaches. Throws a
 * UserError for an unknown name, or while something trains.
 */
export function free(...names: readonly string[]): void {
  const variables = cellVariables();
  const unknown = names.find((name) => !(name in variables));
  if (unknown !== undefined)
    throw new UserError(`free: expected names of variables that workspace() shows, found ${unknown}`);
  if (trainings().length > 0)
    throw new UserError(`free: ${trainings().join(', ')} is training; stop it, or wait until it has ended`);
  const before = process.memoryUsage.rss();
  for (const name of names) empty(variables, name);
  for (const program of unheldPrograms()) program.dispose();
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  say(`Resident memory: ${megabytes(before)} before, ${megabytes(process.memoryUsage.rss())} now.`);
}

function empty(variables: Record<string, unknown>, name: string): void {
  const value = variables[name];
  if (value instanceof Program) value.dispose();
  if (isWeights(value)) for (const [, leaf] of leaves(value)) if (leaf instanceof tf.Tensor) leaf.dispose();
  variables[name] = undefined;
}

/** Whether a value came with an import: a function, or a whole module. */
function isImported(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  if ('__esModule' in value) return true;
  const { default: whole } = value as { readonly default?: unknown };
  if (typeof whole === 'function') return true;
  return typeof whole === 'object' && whole !== null && Object.keys(whole).every((key) => key in value);
}

export function workspaceTable(): Table {
  const rows = Object.entries(cellVariables())
    .filter(([, value]) => value !== undefined && !isImported(value))
    .map(([name, value]) => ({ name, ...kindOf(value), bytes: bytesIn(value) }));
  return {
    name: 'workspace',
    caption: 'What this notebook holds, the largest first.',
    columns: [
      { key: 'name', label: 'Variable' },
      { key: 'what', label: 'What' },
      { key: 'size', label: 'Size', align: 'right' },
      { key: 'bytes', label: 'Bytes' },
    ],
    rows: rows.sort((a, b) => b.bytes - a.bytes),
    note: [
      `${inEngine()} Resident memory: ${megabytes(process.memoryUsage.rss())}.`,
      'What two variables share counts with both.',
      "To empty a variable: free('name') from the module of workspace.",
    ].join(' '),
  };
}

/** `TensorFlow: 3 tensors, 1.2 MB; 1 program, 40 variables, 5.1 MB. Training: nothing.` */
function inEngine(): string {
  const { numTensors, numBytes } = tf.memory();
  const programs = livingPrograms().map((program) => program.held());
  const sum = (key: 'variables' | 'bytes') => programs.reduce((all, held) => all + held[key], 0);
  return (
    `TensorFlow: tensors ${numTensors}, ${megabytes(numBytes)}; ` +
    `compiled programs ${programs.length}, of ${sum('variables')} variables, ${megabytes(sum('bytes'))}. ` +
    `Training: ${trainings().join(', ') || 'nothing'}.`
  );
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
