/** Turns ordinary tfjs functions over a weight tree into one TensorFlow program that lives in this process. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { Builder, type State } from './builder';
import type { Graph, NodeDef, Ref } from './graph';
import { backend, tf } from './native';
import { type SignatureInfo, writeSavedModel } from './savedModel';
import type { Signature } from './signature';
import { leaves, mapLeaves, type Tree, type Weight } from './weights';

/** Row-major values by input name. */
export type Batch = Readonly<Record<string, Float32Array | Int32Array>>;

/** All variables of a program, by path: `weights/trunk/embedding`, `train/adam/m/head/bias`. */
export type Snapshot = ReadonlyMap<string, Float32Array>;

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
