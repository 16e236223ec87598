import { DTYPE, Graph } from '../graph/graph';
import { backend } from '../native';
import { call, open } from './session';

/**
 * Values of float32 variables of a TensorFlow checkpoint, in the order of their names, by TensorFlow's own RestoreV2:
 * the addon's eager calls cannot take its list of types, so it runs as a node of a graph.
 * Throws TensorFlow's error where the files are damaged or hold no such variable.
 */
export function restoreVariables(prefix: string, names: readonly string[]): Float32Array[] {
  const graph = new Graph();
  const inputs = [graph.texts([prefix], []), graph.texts(names), graph.texts(names.map(() => ''))];
  const dtypes = { list: { type: names.map(() => DTYPE.float32) } };
  const restored = graph.add('RestoreV2', inputs, { dtypes });
  const session = open([...graph.nodes.values()], {});
  try {
    return call(
      session,
      [],
      names.map((_, i) => `${restored}:${i}`),
    ) as Float32Array[];
  } finally {
    backend.deleteSavedModel(session);
  }
}
