import { isDeepStrictEqual } from 'node:util';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-node-gpu';
import { type Attribute, backend, DTYPE, tf } from '../native';
import { nothingAdded } from '../ops/define';
import { haveKernels } from '../ops/kernels';
import { haveDilatedGradients } from '../ops/paddedConv';
import { attrValue, type DType, type Graph, type Ref, typeAttr } from './graph';
import { drawsRandom, type Hooks, hooked, readsValue, requireRecordable } from './refusal';
import { inferred } from './shapes';
import type { InputSpec, Variable } from './signature';

type Run = Hooks['executeMultipleOutputs'];

const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A recorded tensor has a shape and no values. */
const valueless = ({ shape, dtype }: Pick<TensorInfo, 'shape' | 'dtype'>): Tensor =>
  tf.engine().makeTensor(new Float32Array(0), shape, dtype);

/** Values that every kernel accepts, to learn the shape of an op's output. */
const example = ({ shape, dtype }: TensorInfo): Tensor =>
  dtype === 'float32' ? tf.ones(shape) : tf.zeros(shape, dtype);

/** Adds each op that the backend is asked to run to a graph, and knows the graph output of each eager tensor. */
export class Recorder {
  /** Variables, inputs and results of recorded ops. */
  private readonly refs = new Map<object, Ref>();
  /** Shapes of what is recorded. */
  readonly shapes = new Map<Ref, readonly number[]>();
  /** Values that JavaScript made: axes, shapes, zeros. */
  private readonly constants = new Map<object, Ref>();
  /** Handles of variables by the reference of their value. */
  private readonly handles = new Map<Ref, Ref>();
  /** Recorded ops by what they compute: the same op on the same inputs is one node. */
  private readonly nodes = new Map<string, string>();
  /** Thrown when the body is through: a promise that nobody awaits would lose it. */
  private missed: Error | undefined;

  constructor(private readonly graph: Graph) {}

  /** A tensor that stands for an output of the graph. The caller disposes it. */
  input({ dtype, shape }: InputSpec, ref: Ref): Tensor {
    const tensor = valueless({ shape: [...shape], dtype });
    this.refs.set(tensor.dataId, ref);
    this.shapes.set(ref, shape);
    return tensor;
  }

  /** A tensor that stands for the value of a variable. The caller disposes it. */
  variable({ handle, value }: Variable, shape: readonly number[]): Tensor {
    this.handles.set(value, handle);
    return this.input({ dtype: 'float32', shape }, value);
  }

  /** The graph output of a tensor; a value that JavaScript made becomes a constant. */
  ref(input: TensorInfo): Ref {
    const known = this.refs.get(input.dataId) ?? this.constants.get(input.dataId);
    if (known) return known;
    const values = backend.readSync(input.dataId) as unknown as ArrayBufferView;
    const dtype = input.dtype as DType;
    if (!(dtype in DTYPE)) throw new Error(`a program cannot hold a constant of type ${input.dtype}`);
    const ref = this.graph.constant(dtype, input.shape, new Uint8Array(bytesOf(values)));
    this.constants.set(input.dataId, ref);
    this.shapes.set(ref, input.shape);
    return ref;
  }

  /**
   * Runs `body` and adds each op that it asks for to the graph. Outputs are tensors without values; an op without a rule for its
   * shape runs on example values. Throws when the body reads the value of a recorded tensor, draws a random number, or makes a
   * shape of values: every later step would repeat what happened once.
   */
  record<R>(body: () => R): R {
    this.nodes.clear(); // the next body may read other values of the same variables
    this.missed = undefined;
    for (const probe of [haveKernels, haveDilatedGradients]) probe(); // by ops, which are not the body's
    const tidy = () => tf.tidy(() => body() as never) as R;
    const result = hooked((own) => this.hooks(own), drawsRandom, tidy);
    if (this.missed) throw this.missed;
    return result;
  }

  /** Methods of the backend while a function is recorded. */
  private hooks(own: Hooks): Partial<Hooks> {
    const run: Run = (...call) => own.executeMultipleOutputs.apply(backend, call);
    return {
      executeSingleOutput: (op, attributes, inputs) => this.op(run, op, attributes, inputs, 1)[0],
      executeMultipleOutputs: (...call) => this.op(run, ...call),
      readSync: (dataId) => {
        if (this.refs.has(dataId)) throw readsValue('dataSync');
        return own.readSync.call(backend, dataId);
      },
      read: (dataId) => {
        if (!this.refs.has(dataId)) return own.read.call(backend, dataId);
        this.missed ??= readsValue('data');
        return new Promise(() => {});
      },
    };
  }

  private op(run: Run, ...call: Parameters<Run>): Tensor[] {
    const [op, attributes, inputs] = call;
    requireRecordable(op);
    const known = inferred(op, attributes, inputs);
    const outputs = known ? known.map(valueless) : this.tried(run, call);
    const name = this.add(op, attributes, inputs);
    for (const [i, { dataId, shape }] of outputs.entries()) {
      this.refs.set(dataId, `${name}:${i}`);
      this.shapes.set(`${name}:${i}`, shape);
    }
    return outputs;
  }

  /** Outputs without values; running the op on example values gives their shapes. */
  private tried(run: Run, [op, attributes, inputs, count]: Parameters<Run>): Tensor[] {
    const lent = inputs.map((input) => (this.refs.has(input.dataId) ? example(input) : undefined));
    const given = inputs.map((input, i) => lent[i] ?? input);
    const outputs = run(op, attributes, given, count);
    const shapes = outputs.map(valueless);
    tf.dispose([...lent.filter((tensor) => tensor !== undefined), ...outputs]);
    return shapes;
  }

  private add(op: string, attributes: Attribute[], inputs: TensorInfo[]): string {
    const refs = inputs.map((input) => this.ref(input));
    const attrs = Object.fromEntries(attributes.map((a) => [a.name, attrValue(a)]));
    if (op === 'ExpandDims') attrs.T = typeAttr(inputs[0].dtype as DType); // tfjs leaves it out
    const key = JSON.stringify([op, refs, attrs]);
    const known = this.nodes.get(key);
    if (known) return known;
    const handle = this.handles.get(refs[0]);
    // Rows come straight from a variable: its value may be a copy of the whole table.
    const isGather = op === 'GatherV2' && handle && this.takesRows(attributes, inputs);
    const types = { dtype: attrs.Tparams, Tindices: attrs.Tindices };
    const name = isGather
      ? this.graph.add('ResourceGather', [handle, refs[1]], types)
      : (op === 'Add' && this.addInside(refs)) || this.graph.add(op, refs, attrs);
    this.nodes.set(key, name);
    return name;
  }

  /** Adds a sum as the op of one of its parts, where that takes in the other; undefined where none does. */
  private addInside(refs: readonly Ref[]): string | undefined {
    const [one, other] = refs.map((ref) => this.shapes.get(ref));
    const inputs = refs.map((ref) => this.graph.node(ref).input);
    const open = this.constants.get(nothingAdded().dataId);
    const at = inputs.map((input) => open !== undefined && input.includes(open)).lastIndexOf(true);
    if (at < 0 || !isDeepStrictEqual(one, other)) return undefined;
    const { op, attr } = this.graph.node(refs[at]);
    const filled = inputs[at].map((input) => (input === open ? refs[1 - at] : input));
    return this.graph.add(op, filled, attr);
  }

  private takesRows(attributes: Attribute[], inputs: TensorInfo[]): boolean {
    const axis = (backend.readSync(inputs[2].dataId) as Int32Array)[0];
    return axis === 0 && attributes.every(({ name, value }) => name !== 'batch_dims' || value === 0);
  }
}
