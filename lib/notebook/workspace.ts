/** What a notebook holds in memory, and how to free it. */
import { UserError } from '../base/userError';
import { tf } from '../engine/native';
import { livingPrograms, Program } from '../engine/program/program';
import { leaves } from '../engine/weights';
import type { Table } from '../report/table/table';
import { cellVariables } from './kernel/kernel';
import { isExperiment, isWeights, show } from './show';

/** Shows the variables of the cells with the bytes that each reaches, the largest first, and what the engine holds. */
export const workspace = (): Promise<void> => show(workspaceTable());

/** Empties a variable of a cell and releases the tensors or the program in it. Throws a UserError for an unknown name. */
export function free(name: string): void {
  const variables = cellVariables();
  if (!(name in variables))
    throw new UserError(`free: expected the name of a variable that workspace() shows, found ${name}`);
  const value = variables[name];
  if (value instanceof Program) value.dispose();
  if (isWeights(value)) for (const [, leaf] of leaves(value)) if (leaf instanceof tf.Tensor) leaf.dispose();
  variables[name] = undefined;
}

/** Whether a value came with an import: a function, or a whole module, which `import *` gives a default. */
const isImported = (value: unknown) =>
  typeof value === 'function' || ['__esModule', 'default'].some((key) => key in Object(value));

export function workspaceTable(): Table {
  const rows = Object.entries(cellVariables())
    .filter(([, value]) => value !== undefined && !isImported(value))
    .map(([name, value]) => ({ name, what: kindOf(value), bytes: bytesIn(value) }));
  const { numTensors, numBytes } = tf.memory();
  return {
    name: 'workspace',
    caption: 'What this notebook holds, the largest first.',
    columns: [
      { key: 'name', label: 'Variable' },
      { key: 'what', label: 'What' },
      { key: 'bytes', label: 'Bytes' },
    ],
    rows: rows.sort((a, b) => b.bytes - a.bytes),
    note:
      `TensorFlow: tensors ${numTensors}, ${megabytes(numBytes)}; compiled programs ${livingPrograms().length}. ` +
      `Resident memory: ${megabytes(process.memoryUsage.rss())}. Variables that share a value both count it. ` +
      "To empty one: free('name') from the module of workspace.",
  };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function kindOf(value: unknown): string {
  if (isExperiment(value)) return 'experiment';
  if (isWeights(value) && !(value instanceof tf.Tensor)) return 'weights';
  return Object(value).constructor?.name ?? 'object';
}

/** Bytes of text, numbers, buffers, tensors and programs that a value reaches, each counted once; closures are not seen. */
function bytesIn(root: unknown): number {
  const seen = new Set<unknown>();
  const ahead: unknown[] = [root];
  let bytes = 0;
  while (ahead.length > 0) {
    const next = ahead.pop();
    const value = ArrayBuffer.isView(next) ? next.buffer : next;
    if (typeof value === 'string') bytes += value.length;
    if (typeof value === 'number') bytes += 8;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof ArrayBuffer) bytes += value.byteLength;
    else if (value instanceof Program) bytes += value.memory().bytes;
    else if (value instanceof tf.Tensor)
      bytes += value.isDisposed ? 0 : value.size * tf.util.bytesPerElement(value.dtype);
    else for (const child of childrenOf(value)) ahead.push(child);
  }
  return bytes;
}

function childrenOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return value instanceof Set || Array.isArray(value) ? value : Object.values(value);
}
