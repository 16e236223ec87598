/** Functions of weights and ids as ONNX files. Letters: B batch, T length. */
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { UserError } from '../../base/userError';
import { writeWhole } from '../../base/whole';
import { Graph } from '../graph/graph';
import { Recorder } from '../graph/record';
import { type Forward, int32 } from '../graph/signature';
import { tf } from '../native';
import { asKernels } from '../ops/kernels';
import { placeholders, recordOutputs } from '../program/builder';
import { refsOf } from '../program/savedModel';
import { countWeights, leavesIn, mapLeaves, type Tensors, type Tree, type Weight } from '../weights';
import { modelFile } from './file';
import { type Recording, SIZES, Translation } from './translate';

/** Limit of one protocol buffer, 2 GB, less room for the nodes around the weights. */
const MOST_VALUES = (2 ** 31 - 2 ** 24) / Float32Array.BYTES_PER_ELEMENT;

/** Records outputs over weights that are constants of the graph. */
function recorded<W>(weights: W, outputs: Forward<W>['outputs'], B: number, T: number): Recording {
  const graph = new Graph();
  const recorder = new Recorder(graph);
  const { inputs, batch } = placeholders(graph, recorder, { ids: int32(B, T) });
  const constants = mapLeaves<Weight, Tensor>(weights as Tree<Weight>, ({ shape, values }) => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return recorder.input({ dtype: 'float32', shape }, graph.constant('float32', shape, bytes));
  }) as unknown as Tensors<W>;
  const info = { inputs, outputs: recordOutputs(recorder, () => asKernels(() => outputs(constants, batch))) };
  tf.dispose([...leavesIn<Tensor>(constants as Tree<Tensor>), batch]);
  return { nodes: graph.reachable(refsOf(info)), shapes: recorder.shapes, info };
}

/**
 * Writes outputs of ids [B, T] (int64) as an ONNX file for any B and T, with texts beside them. All positions of a sequence must be
 * computed, so that the graph is the same at every length. Throws a UserError for weights of more than 2 GB, or a full disk.
 */
export function writeOnnx<W>(
  file: string,
  weights: W,
  outputs: Forward<W>['outputs'],
  metadata: Readonly<Record<string, string>>,
): void {
  const values = countWeights(weights as Tree<Weight>);
  if (values > MOST_VALUES) {
    const gigabytes = ((values * Float32Array.BYTES_PER_ELEMENT) / 1e9).toFixed(1);
    throw new UserError(`${file}: an ONNX file holds at most 2 GB of weights, these are ${gigabytes} GB`);
  }
  const recordings = SIZES.map(([B, T]) => recorded(weights, outputs, B, T));
  writeWhole(path.resolve(file), modelFile(Translation.of(recordings), metadata));
}
