/** Kind, size and bytes of a variable of a cell. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../engine/native';
import { Program } from '../engine/program/program';
import { leaves } from '../engine/weights';
import { isArquero, isDanfo, isExperiment, isTable, isWeights } from './showable';

/** A kind, and its size in its own unit. */
export type Kind = { readonly what: string; readonly size: string };

const counted = (count: number, what: string) => `${count.toLocaleString('en')} ${what}`;
const sidesOf = (...shape: readonly number[]) => shape.join(' x ');

export function kindOf(value: unknown): Kind {
  if (value instanceof tf.Tensor)
    return { what: value.isDisposed ? 'disposed tensor' : 'tensor', size: sidesOf(...value.shape) };
  if (value instanceof Program)
    return { what: 'program', size: counted(value.held().variables, 'variables') };
  if (isArquero(value)) return { what: 'table', size: sidesOf(value.numRows(), value.columnNames().length) };
  if (isDanfo(value)) return { what: 'frame', size: sidesOf(...value.shape) };
  if (isTable(value)) return { what: 'table', size: sidesOf(value.rows.length, value.columns.length) };
  if (isExperiment(value)) return { what: 'experiment', size: value.label };
  if (ArrayBuffer.isView(value) && 'length' in value)
    return { what: value.constructor.name, size: counted(Number(value.length), 'numbers') };
  if (isWeights(value)) return { what: 'weights', size: counted(leaves(value).length, 'arrays') };
  if (Array.isArray(value)) return { what: 'array', size: counted(value.length, 'elements') };
  if (typeof value !== 'object' || value === null) return { what: typeof value, size: '' };
  return { what: 'object', size: counted(Object.keys(value).length, 'keys') };
}

/** Bytes of a number or a reference inside an array, and about those of a character. */
const [PLACE, CHARACTER] = [8, 1];

/** Bytes of arrays, text, tensors and programs that a value reaches, each counted once; closures are not seen. */
export function bytesIn(root: unknown): number {
  let bytes = 0;
  for (const value of reachedFrom(root)) {
    if (typeof value === 'string') bytes += value.length * CHARACTER;
    if (typeof value === 'object') bytes += ownBytes(value) ?? 0;
    if (Array.isArray(value)) bytes += value.length * PLACE;
  }
  return bytes;
}

/** Programs that a value reaches. */
export const programsIn = (root: unknown): Program<unknown>[] =>
  [...reachedFrom(root)].flatMap((value) => (value instanceof Program ? [value as Program<unknown>] : []));

/** Objects that a value reaches, each once, and text as often as it is met; not into tensors, buffers and programs. */
function* reachedFrom(root: unknown): Generator<object | string> {
  const seen = new Set<unknown>();
  const ahead: unknown[] = [root];
  while (ahead.length > 0) {
    const next = ahead.pop();
    const value = ArrayBuffer.isView(next) ? next.buffer : next;
    if (typeof value === 'string') yield value;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    yield value;
    if (ownBytes(value) === undefined) for (const child of childrenOf(value)) ahead.push(child);
  }
}

/** Bytes of buffers, programs and tensors. */
function ownBytes(value: object): number | undefined {
  if (value instanceof ArrayBuffer) return value.byteLength;
  if (value instanceof Program) return value.held().bytes;
  if (value instanceof tf.Tensor) return bytesOfTensor(value);
  return undefined;
}

const bytesOfTensor = ({ isDisposed, size, dtype }: Tensor) =>
  isDisposed || dtype === 'string' ? 0 : size * tf.util.bytesPerElement(dtype);

function childrenOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return value instanceof Set || Array.isArray(value) ? value : Object.values(value);
}
