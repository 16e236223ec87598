/** Turns ordinary tfjs functions over a weight tree into one TensorFlow program that lives in this process. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { Graph, type NodeDef, type Ref, shapeAttr, textAttr, typeAttr } from './graph';
import { backend, tf } from './native';
import { Recorder } from './record';
import { type SignatureInfo, type TensorInfo, writeSavedModel } from './savedModel';
import { leaves, mapLeaves, type Tensors, type Tree, upload, type Weight, zeros } from './weights';

export type InputSpec = { readonly dtype: 'float32' | 'int32'; readonly shape: readonly number[] };
export type Batch = Readonly<Record<string, Float32Array | Int32Array>>;
type Specs = Readonly<Record<string, InputSpec>>;

/** A function of weights and a batch, for example ids to hidden states. */
export interface Forward<W> {
  readonly inputs: Specs;
  readonly outputs: (weights: Tensors<W>, batch: NamedTensorMap) => NamedTensorMap;
}

/** A training step: lowers `loss` by changing the weights that `tuned` selects, and no other. */
export interface Training<W> {
  readonly inputs: Specs;
  readonly loss: (weights: Tensors<W>, batch: NamedTensorMap) => Scalar;
  readonly tuned: (weights: Tensors<W>) => readonly Tree<Tensor>[];
  readonly optimizer: Optimizer;
}
export type Signature<W> = Forward<W> | Training<W>;

/** An update rule in graph form. All of its state are variables of the program, so it can be saved and resumed. */
export interface Optimizer {
  readonly name: string;
  /** Variables of a weight's shape that start at zero, one of each for each tuned weight. */
  readonly slots: readonly string[];
  /** Scalar variables and the values that they start from. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Adds the update of one weight and returns its node. */
  update(graph: Graph, weight: Variable, slots: Variable[], scalars: Variable[], gradient: Ref): string;
  /** Adds the update of the scalars, to run after all weights are updated, and returns its nodes. */
  advance(graph: Graph, scalars: Variable[], after: readonly string[]): string[];
}

/** A resource variable: its handle, and its value at the start of a step. */
export type Variable = { readonly handle: Ref; readonly value: Ref };

type State = Variable & { readonly shape: readonly number[]; readonly assign: Ref; readonly assigned: Ref };

/** All variables of a program, by path: `weights/trunk/embedding`, `train/adam/m/head/bias`. */
export type Snapshot = ReadonlyMap<string, Float32Array>;

/** Values that every kernel accepts: nothing of them stays in the program. */
const example = ({ dtype, shape }: InputSpec) =>
  dtype === 'int32' ? tf.zeros([...shape], 'int32') : tf.ones([...shape]);

class Builder<W> {
  readonly graph = new Graph();
  readonly states = new Map<string, State>();
  readonly initial = new Map<string, Float32Array>();
  private readonly recorder = new Recorder(this.graph);

  constructor(private readonly weights: W) {
    for (const [name, { shape, values }] of leaves<Weight>(weights as Tree<Weight>)) {
      this.variable(`weights/${name}`, shape, values);
    }
  }

  private variable(name: string, shape: readonly number[], initial: Float32Array): State {
    const { graph } = this;
    const dtype = typeAttr('float32');
    const attrs = { dtype, shape: shapeAttr(shape), shared_name: textAttr(name) };
    const handle = `${graph.add('VarHandleOp', [], attrs, name)}:0`;
    const value = `${graph.add('ReadVariableOp', [handle], { dtype }, `${name}/value`)}:0`;
    const assign = graph.placeholder(`${name}/assign`, 'float32', shape);
    // The addon may lend a JavaScript array's own memory to the fed tensor; a variable must not live in it.
    const copy = `${graph.add('DeepCopy', [assign], { T: dtype })}:0`;
    const assigned = graph.add('AssignVariableOp', [handle, copy], { dtype });
    const done = graph.add('Identity', [graph.scalar(0), `^${assigned}`], { T: dtype }, `${name}/assigned`);
    const state = { handle, value, shape, assign, assigned: `${done}:0` };
    this.states.set(name, state);
    this.initial.set(name, initial);
    return state;
  }

  /** Records one signature and returns what it takes and gives. */
  signature(name: string, signature: Signature<W>): SignatureInfo {
    const weights = upload(this.weights);
    const batch = Object.fromEntries(
      Object.entries(signature.inputs).map(([key, spec]) => [key, example(spec)]),
    );
    const inputs: Record<string, TensorInfo> = {};
    for (const [path_, tensor] of leaves<Tensor>(weights as Tree<Tensor>)) {
      this.recorder.bind(tensor, (this.states.get(`weights/${path_}`) as State).value);
    }
    for (const [key, { dtype, shape }] of Object.entries(signature.inputs)) {
      const ref = this.graph.placeholder(`${name}/${key}`, dtype, shape);
      this.recorder.bind(batch[key], ref);
      inputs[key] = { ref, dtype, shape };
    }
    try {
      const outputs =
        'loss' in signature
          ? this.train(name, signature, weights, batch)
          : this.forward(signature, weights, batch);
      return { inputs, outputs };
    } finally {
      tf.dispose([...leaves<Tensor>(weights as Tree<Tensor>).map(([, t]) => t), ...Object.values(batch)]);
    }
  }

  private info(tensor: Tensor, ref = this.recorder.ref(tensor)): TensorInfo {
    return { ref, dtype: tensor.dtype as InputSpec['dtype'], shape: tensor.shape };
  }

  private forward({ outputs }: Forward<W>, weights: Tensors<W>, batch: NamedTensorMap) {
    const tensors = this.recorder.record(() => outputs(weights, batch));
    const infos = Object.entries(tensors).map(([key, tensor]) => [key, this.info(tensor)]);
    tf.dispose(tensors);
    return Object.fromEntries(infos);
  }

  private train(name: string, signature: Training<W>, weights: Tensors<W>, batch: NamedTensorMap) {
    const { graph, recorder } = this;
    const { optimizer } = signature;
    const tuned = new Set(signature.tuned(weights).flatMap((tree) => leaves<Tensor>(tree).map(([, t]) => t)));
    const paths = leaves<Tensor>(weights as Tree<Tensor>).filter(([, tensor]) => tuned.has(tensor));
    const { value, grads } = recorder.record(() =>
      tf.engine().gradients(
        () => signature.loss(weights, batch),
        paths.map(([, tensor]) => tensor),
      ),
    );
    const unused = paths.find((_, i) => grads[i] === undefined || grads[i] === null);
    if (unused) throw new Error(`${name}: the loss does not depend on the tuned weight ${unused[0]}`);
    const scalars = Object.entries(optimizer.scalars).map(([scalar, start]) =>
      this.variable(`${name}/${optimizer.name}/${scalar}`, [], new Float32Array([start])),
    );
    const updates = paths.map(([weight, { shape }], i) => {
      const slots = optimizer.slots.map((slot) =>
        this.variable(`${name}/${optimizer.name}/${slot}/${weight}`, shape, zeros(shape).values),
      );
      const state = this.states.get(`weights/${weight}`) as State;
      return optimizer.update(graph, state, slots, scalars, recorder.ref(grads[i]));
    });
    const done = [...updates, ...optimizer.advance(graph, scalars, updates)].map((node) => `^${node}`);
    const loss = graph.add('Identity', [recorder.ref(value), ...done], { T: typeAttr('float32') });
    const outputs = { loss: this.info(value, `${loss}:0`) };
    tf.dispose([value, ...grads]);
    return outputs;
  }
}

/** Opens a session on the graph, which TensorFlow takes from a file; the file is gone before this returns. */
function load(nodes: readonly NodeDef[], signatures: Readonly<Record<string, SignatureInfo>>): number {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'program-'));
  try {
    writeSavedModel(folder, nodes, signatures);
    return backend.loadSavedModelMetaGraph(folder, 'serve');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** A compiled program: several signatures over shared weights. Dispose it when done. */
export class Program<W> {
  private constructor(
    private readonly weights: W,
    private readonly graph: Graph,
    private readonly states: ReadonlyMap<string, State>,
    private readonly initial: Snapshot,
    private readonly signatures: Readonly<Record<string, SignatureInfo>>,
    private readonly session: number,
  ) {}

  /** Records and loads the signatures; weights start at `weights`. Shapes are fixed by the specs. */
  static compile<W>(weights: W, signatures: Readonly<Record<string, Signature<W>>>): Program<W> {
    const builder = new Builder(weights);
    const infos = Object.fromEntries(
      Object.entries(signatures).map(([name, signature]) => [name, builder.signature(name, signature)]),
    );
    const { graph, states, initial } = builder;
    const outputs = Object.values(infos).flatMap((info) => Object.values(info.outputs).map(({ ref }) => ref));
    const inputs = Object.values(infos).flatMap((info) => Object.values(info.inputs).map(({ ref }) => ref));
    const used = [...states.values()].flatMap(({ value, assigned }) => [value, assigned]);
    const session = load(graph.reachable([...inputs, ...outputs, ...used]), infos);
    const program = new Program(weights, graph, states, initial, infos, session);
    program.restore(initial);
    return program;
  }

  /** One call of a signature: arrays in, arrays out (row-major). A training signature changes the weights. */
  run(name: string, batch: Batch): Record<string, Float32Array> {
    if (!(name in this.signatures)) throw new Error(`the program has no signature ${name}`);
    const { inputs, outputs } = this.signatures[name];
    const fed = Object.entries(inputs).map(([key, { ref, dtype, shape }]) => ({
      ref,
      tensor: tf.tensor(batch[key], [...shape], dtype),
    }));
    const values = this.call(
      fed,
      Object.values(outputs).map(({ ref }) => ref),
    );
    return Object.fromEntries(Object.keys(outputs).map((key, i) => [key, values[i]]));
  }

  /** The weights as they are now. */
  read(): W {
    const now = this.snapshot();
    return mapLeaves<Weight, Weight>(this.weights as Tree<Weight>, ({ shape }, at) => ({
      shape,
      values: now.get(`weights/${at}`) as Float32Array,
    })) as W;
  }

  /** Sets the weights and starts every optimiser anew. */
  initialise(weights: W): void {
    const given = leaves<Weight>(weights as Tree<Weight>).map(
      ([name, { values }]) => [`weights/${name}`, values] as const,
    );
    this.restore(new Map([...this.initial, ...given]));
  }

  /** Every variable, optimiser state included: with `restore` training goes on exactly where it was. */
  snapshot(): Snapshot {
    const names = [...this.states.keys()];
    const values = this.call(
      [],
      [...this.states.values()].map(({ value }) => value),
    );
    return new Map(names.map((name, i) => [name, values[i]]));
  }

  restore(snapshot: Snapshot): void {
    const states = [...snapshot].map(([name, values]) => ({ values, ...(this.states.get(name) as State) }));
    const fed = states.map(({ assign, shape, values }) => ({
      ref: assign,
      tensor: tf.tensor(values, [...shape]),
    }));
    this.call(
      fed,
      states.map(({ assigned }) => assigned),
    );
  }

  /** The TensorFlow ops that one signature runs, in graph order. */
  ops(name: string): string[] {
    const refs = Object.values(this.signatures[name].outputs).map(({ ref }) => ref);
    return this.graph.reachable(refs).map(({ op }) => op);
  }

  /** Releases the session and its memory. */
  dispose(): void {
    backend.deleteSavedModel(this.session);
  }

  private call(fed: { ref: Ref; tensor: Tensor }[], fetched: Ref[]): Float32Array[] {
    const tensors = fed.map(({ tensor }) => tensor);
    const infos = fed.map(({ ref, tensor }) => ({ name: ref, shape: tensor.shape, dtype: tensor.dtype }));
    try {
      const outputs = backend.runSavedModel(this.session, tensors, infos, fetched);
      const values = outputs.map((output) => output.dataSync() as Float32Array);
      tf.dispose(outputs);
      return values;
    } finally {
      tf.dispose(tensors);
    }
  }
}
