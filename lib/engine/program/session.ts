/** TensorFlow sessions on graphs, and reading and writing their variables. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { UserError } from '../../base/userError';
import { toldAs } from '../../base/whole';
import { Graph, type NodeDef, type Ref } from '../graph/graph';
import { type State, VALUES_AT_ONCE, ZERO } from '../graph/state';
import { backend, DTYPE, tf } from '../native';
import { sizeOf } from '../weights';
import { GRAPH_FILE, graphFile } from './savedModel';

type Values = Float32Array | Int32Array;
type Named = readonly [name: string, state: State];

/** Opens a session on the graph, which TensorFlow reads from a temporary file. */
export function open(nodes: readonly NodeDef[]): number {
  const root = os.tmpdir();
  if (!fs.existsSync(root)) throw new UserError(`TMPDIR is ${root}, expected a folder that is there`);
  let folder = '';
  try {
    folder = fs.mkdtempSync(path.join(root, 'program-'));
    fs.writeFileSync(path.join(folder, GRAPH_FILE), graphFile(nodes));
    return backend.loadSavedModelMetaGraph(folder, 'serve');
  } catch (error) {
    throw toldAs(root, error);
  } finally {
    if (folder) fs.rmSync(folder, { recursive: true });
  }
}

/** Feeds tensors, disposes them, and fetches values. */
export function call(
  session: number,
  fed: readonly { readonly ref: Ref; readonly tensor: Tensor }[],
  fetched: Ref[],
): Values[] {
  const tensors = fed.map(({ tensor }) => tensor);
  const infos = fed.map(({ ref, tensor }) => ({ name: ref, shape: tensor.shape, dtype: tensor.dtype }));
  try {
    const outputs = backend.runSavedModel(session, tensors, infos, fetched);
    const values = outputs.map((output) => output.dataSync() as Values);
    tf.dispose(outputs);
    return values;
  } finally {
    tf.dispose(tensors);
  }
}

/** Variables in groups that one call reads or writes; a larger one stands alone. */
export function grouped(states: readonly Named[]): Named[][] {
  const groups: Named[][] = [];
  let room = 0;
  for (const named of states) {
    const size = sizeOf(named[1].shape);
    if (size > room) {
      groups.push([]);
      room = VALUES_AT_ONCE;
    }
    groups[groups.length - 1].push(named);
    room -= size;
  }
  return groups;
}

/** Sets a large variable, a few rows at a time. */
function writeRows(session: number, { rows, assign, assigned, shape }: State, values: Float32Array): void {
  const { cleared, from, to } = rows as NonNullable<State['rows']>;
  call(session, [{ ref: ZERO, tensor: tf.scalar(0) }], [cleared]);
  const [count, ...row] = shape;
  const width = sizeOf(row);
  const some = Math.max(1, Math.floor(VALUES_AT_ONCE / width));
  for (let at = 0; at < count; at += some) {
    const end = Math.min(at + some, count);
    const part = tf.tensor(values.subarray(at * width, end * width), [end - at, ...row]);
    const ends = [tf.tensor([at], [1], 'int32'), tf.tensor([end], [1], 'int32')];
    const fed = [from, to].map((ref, i) => ({ ref, tensor: ends[i] }));
    call(session, [...fed, { ref: assign, tensor: part }], [assigned]);
  }
}

/** Sets those of the variables that `values` names. */
export function writeVariables(
  session: number,
  states: ReadonlyMap<string, State>,
  values: ReadonlyMap<string, Float32Array>,
): void {
  for (const group of grouped([...states].filter(([name]) => values.has(name)))) {
    const [[first, large]] = group;
    if (large.rows) {
      writeRows(session, large, values.get(first) as Float32Array);
      continue;
    }
    const fed = group.map(([name, { assign, shape }]) => ({
      ref: assign,
      tensor: tf.tensor(values.get(name) as Float32Array, [...shape]),
    }));
    const assigned = group.map(([, state]) => state.assigned);
    call(session, fed, assigned);
  }
}

/** Copies of the variables' values. */
export function readVariables(session: number, states: readonly Named[]): Map<string, Float32Array> {
  const read = new Map<string, Float32Array>();
  for (const group of grouped(states)) {
    const refs = group.map(([, { value }]) => value);
    const values = call(session, [], refs);
    for (const [i, [name]] of group.entries()) read.set(name, values[i] as Float32Array);
  }
  return read;
}

/**
 * Float32 variables of a TensorFlow checkpoint in the order of `names`, by TensorFlow's RestoreV2: the addon's eager calls take
 * no list of types, so it runs in a graph. Throws TensorFlow's error where a file is damaged or a variable missing.
 */
export function restoreVariables(prefix: string, names: readonly string[]): Float32Array[] {
  const graph = new Graph();
  const inputs = [graph.texts([prefix], []), graph.texts(names), graph.texts(names.map(() => ''))];
  const dtypes = { list: { type: names.map(() => DTYPE.float32) } };
  const restored = graph.add('RestoreV2', inputs, { dtypes });
  const session = open([...graph.nodes.values()]);
  const refs = names.map((_, i) => `${restored}:${i}`);
  try {
    return call(session, [], refs) as Float32Array[];
  } finally {
    backend.deleteSavedModel(session);
  }
}
