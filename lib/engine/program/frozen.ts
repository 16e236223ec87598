import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { UserError } from '../../base/userError';
import { writeWhole } from '../../base/whole';
import { Graph } from '../graph/graph';
import { Recorder } from '../graph/record';
import type { Forward } from '../graph/signature';
import { tf } from '../native';
import { portable } from '../ops/kernels';
import { countWeights, leavesIn, mapLeaves, type Tensors, type Tree, type Weight } from '../weights';
import { placeholders, recordOutputs } from './builder';
import { GRAPH_FILE, graphFile, refsOf, type SignatureInfo } from './savedModel';

/** Limit of one protocol buffer, 2 GB, less room for the nodes around the weights. */
const MOST_VALUES = (2 ** 31 - 2 ** 24) / Float32Array.BYTES_PER_ELEMENT;

/** Records one signature over weights that are constants of the graph. */
function recorded<W>(graph: Graph, weights: W, signature: Forward<W>): SignatureInfo {
  const recorder = new Recorder(graph);
  const { inputs, batch } = placeholders(graph, recorder, signature.inputs);
  const constants = mapLeaves<Weight, Tensor>(weights as Tree<Weight>, ({ shape, values }) => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return recorder.input({ dtype: 'float32', shape }, graph.constant('float32', shape, bytes));
  }) as unknown as Tensors<W>;
  const outputs = recordOutputs(recorder, () => portable(() => signature.outputs(constants, batch)));
  tf.dispose([...leavesIn<Tensor>(constants as Tree<Tensor>), batch]);
  return { inputs, outputs };
}

/** TensorFlow's folder for files of others. */
const EXTRA = 'assets.extra';

/**
 * Writes `folder/saved_model.pb`, a SavedModel with the one signature `serving_default`: the weights are constants of
 * its graph and all ops are TensorFlow's own, so that Python and TensorFlow Serving load it without this project.
 * Writes `extra` before it, by name, as `folder/assets.extra/NAME.json`: a graph that is there is complete.
 * Throws a UserError for weights of more than 2 GB, which no such file holds, or a full disk.
 */
export function writeFrozenModel<W>(
  folder: string,
  weights: W,
  signature: Forward<W>,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  const values = countWeights(weights as Tree<Weight>);
  if (values > MOST_VALUES) {
    const gigabytes = ((values * Float32Array.BYTES_PER_ELEMENT) / 1e9).toFixed(1);
    throw new UserError(`${folder}: a SavedModel holds at most 2 GB of weights, these are ${gigabytes} GB`);
  }
  const graph = new Graph();
  const info = recorded(graph, weights, signature);
  const content = graphFile(graph.reachable(refsOf(info)), { serving_default: info });
  for (const [name, value] of Object.entries(extra))
    writeWhole(path.join(folder, EXTRA, `${name}.json`), `${JSON.stringify(value)}\n`);
  writeWhole(path.join(folder, GRAPH_FILE), content);
}
