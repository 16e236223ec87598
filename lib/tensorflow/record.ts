import type { TensorInfo } from '@tensorflow/tfjs-node-gpu';
import { attrValue, DTYPE, type DType, type Graph, type Ref, typeAttr } from './graph';
import { type Attribute, backend, tf } from './native';

/** tfjs hands 64-bit scalars to the addon in this wrapper. */
type Int64Scalar = { readonly valueArray: Int32Array };
type OpInput = TensorInfo | Int64Scalar;

const isInt64 = (input: OpInput): input is Int64Scalar => 'valueArray' in input;
const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Remembers which graph output each eager tensor stands for, and writes down what the backend executes. */
export class Recorder {
  /** Variables, inputs and results of recorded ops. */
  private readonly refs = new Map<object, Ref>();
  /** Values that JavaScript made: axes, shapes, zeros. */
  private readonly constants = new Map<object, Ref>();

  constructor(private readonly graph: Graph) {}

  /** From now on the tensor stands for this output of the graph. */
  bind(tensor: TensorInfo, ref: Ref): void {
    this.refs.set(tensor.dataId, ref);
  }

  /** The graph output of a tensor; a value that JavaScript made becomes a constant. */
  ref(input: OpInput): Ref {
    if (isInt64(input)) return this.graph.constant('int64', [], bytesOf(input.valueArray));
    const known = this.refs.get(input.dataId) ?? this.constants.get(input.dataId);
    if (known) return known;
    const values = backend.readSync(input.dataId) as unknown as ArrayBufferView;
    const dtype = input.dtype as DType;
    if (!(dtype in DTYPE)) throw new Error(`a program cannot hold a constant of type ${input.dtype}`);
    const ref = this.graph.constant(dtype, input.shape, new Uint8Array(bytesOf(values)));
    this.constants.set(input.dataId, ref);
    return ref;
  }

  /**
   * Runs `body` eagerly and adds each op that it executes to the graph.
   * Throws when the body reads the value of a recorded tensor or draws a random number:
   * both would freeze what happened once into every later step.
   */
  record<R>(body: () => R): R {
    const { executeSingleOutput, executeMultipleOutputs, readSync } = backend;
    const random = Math.random;
    let lastOp = 'the start';
    const add = (op: string, attributes: Attribute[], inputs: OpInput[], outputs: TensorInfo[]) => {
      const attr = Object.fromEntries(attributes.map((a) => [a.name, attrValue(a)]));
      if (op === 'ExpandDims') attr.T = typeAttr((inputs[0] as TensorInfo).dtype as DType); // tfjs leaves it out
      const name = this.graph.add(
        op,
        inputs.map((input) => this.ref(input)),
        attr,
      );
      for (const [i, output] of outputs.entries()) this.bind(output, `${name}:${i}`);
      lastOp = op;
    };
    backend.executeSingleOutput = (op, attributes, inputs) => {
      const output = executeSingleOutput.call(backend, op, attributes, inputs);
      add(op, attributes, inputs, [output]);
      return output;
    };
    backend.executeMultipleOutputs = (op, attributes, inputs, count) => {
      const outputs = executeMultipleOutputs.call(backend, op, attributes, inputs, count);
      add(op, attributes, inputs, outputs);
      return outputs;
    };
    backend.readSync = (dataId) => {
      if (this.refs.has(dataId)) {
        throw new Error(`a program cannot read the value of a tensor (after ${lastOp}); compute it outside`);
      }
      return readSync.call(backend, dataId);
    };
    Math.random = () => {
      throw new Error(`a program cannot draw random numbers (after ${lastOp}); pass them in as an input`);
    };
    try {
      return tf.tidy(() => body() as never) as R;
    } finally {
      Object.assign(backend, { executeSingleOutput, executeMultipleOutputs, readSync });
      Math.random = random;
    }
  }
}
