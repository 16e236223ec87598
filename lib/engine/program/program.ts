/** Compiles tfjs functions over a weight tree into one TensorFlow program in this process. */
import type { Tensor } from '../../base/tensors';
import { UserError } from '../../base/userError';
import type { Graph } from '../graph/graph';
import type { Signature } from '../graph/signature';
import { type State, ZERO } from '../graph/state';
import { backend, tf } from '../native';
import { inPrecision, type Precision, refusalOf } from '../ops/kernels';
import { leaves, mapLeaves, type Tree, type Weight } from '../weights';
import { Builder } from './builder';
import { refsOf, type SignatureInfo } from './savedModel';
import { call, grouped, open, readVariables, writeVariables } from './session';

/** Row-major values by input name. */
export type Batch = Readonly<Record<string, Float32Array | Int32Array>>;

/** Variables of a program by path, `weights/trunk/embedding`, `adam/m/head/bias`; values are read when asked for. */
export type Variables = readonly Tensor[];

const WEIGHTS = 'weights/';

/** A compiled program: several signatures over shared weights. Dispose it when done. */
export class Program<W> {
  /** Whether the optimisers' variables are set; before training they take no memory. */
  private started = false;
  private isOpen = true;

  private constructor(
    /** The weight tree, shapes only. */
    private readonly layout: Tree<Weight>,
    private readonly graph: Graph,
    private readonly states: ReadonlyMap<string, State>,
    private readonly signatures: Readonly<Record<string, SignatureInfo>>,
    private readonly session: number,
  ) {}

  /**
   * Records and loads the signatures, whose specs fix all shapes; weights start at `weights`. Throws a UserError for a precision
   * that this machine lacks.
   */
  static compile<W>(
    weights: W,
    signatures: Readonly<Record<string, Signature<W>>>,
    precision: Precision = 'float32',
  ): Program<W> {
    const refusal = refusalOf(precision);
    if (refusal) throw new UserError(refusal);
    const builder = new Builder(weights);
    const record = ([name, signature]: [string, Signature<W>]) =>
      [name, inPrecision(precision, () => builder.signature(name, signature))] as const;
    const infos = Object.fromEntries(Object.entries(signatures).map(record));
    const { graph, states } = builder;
    const refs = Object.values(infos).flatMap(refsOf);
    const used = [...states.values()].flatMap((state) => [
      ...[state.value, state.assigned, state.started ?? [], state.rows?.cleared ?? []],
    ]);
    const session = open(graph.reachable([...refs, ...used.flat()]));
    const values = new Float32Array(0);
    const layout = mapLeaves<Weight, Weight>(weights as Tree<Weight>, ({ shape }) => ({ shape, values }));
    const program = new Program<W>(layout, graph, states, infos, session);
    program.initialise(weights);
    return program;
  }

  /**
   * One call of a signature: arrays in, arrays out (row-major). A training signature changes the weights.
   * An int32 output is an Int32Array: name the type where a signature has some, `run<Int32Array>(…)`.
   */
  run<Values extends Float32Array | Int32Array = Float32Array>(
    name: string,
    batch: Batch,
  ): Record<string, Values> {
    if (!(name in this.signatures)) throw new Error(`the program has no signature ${name}`);
    const { inputs, outputs } = this.signatures[name];
    const missing = Object.keys(inputs).find((key) => !(key in batch));
    if (missing) throw new Error(`the batch of ${name} has no ${missing}`);
    this.start();
    const fed = Object.entries(inputs).map(([key, { ref, dtype, shape }]) => ({
      ref,
      tensor: tf.tensor(batch[key], [...shape], dtype),
    }));
    const refs = Object.values(outputs).map(({ ref }) => ref);
    const values = call(this.session, fed, refs);
    return Object.fromEntries(Object.keys(outputs).map((key, i) => [key, values[i] as Values]));
  }

  /** A copy of the weights as they are now. */
  read(): W {
    const states = [...this.states].filter(([name]) => name.startsWith(WEIGHTS));
    const now = readVariables(this.session, states);
    return mapLeaves<Weight, Weight>(this.layout, ({ shape }, at) => ({
      shape,
      values: now.get(`${WEIGHTS}${at}`) as Float32Array,
    })) as W;
  }

  /** Sets all weights or some, as those of another task's patches, and starts every optimiser anew. Copies the arrays. */
  initialise(weights: Partial<W>): void {
    const given = leaves<Weight>(weights as Tree<Weight>).map(
      ([path, { values }]) => [`${WEIGHTS}${path}`, values] as const,
    );
    writeVariables(this.session, this.states, new Map(given));
    this.started = false;
  }

  /**
   * Every variable, optimiser state included, one by one: `restore` resumes training bit for bit. A group is read at its first
   * value; each value is given once.
   */
  variables(): Variables {
    this.start();
    return grouped([...this.states]).flatMap((group) => {
      let read = new Map<string, Float32Array>();
      const values = (name: string) => {
        if (!read.has(name)) read = readVariables(this.session, group);
        const found = read.get(name) as Float32Array;
        read.delete(name);
        return found;
      };
      return group.map(([name, { shape }]) => ({ name, shape, values: () => values(name) }));
    });
  }

  restore(snapshot: ReadonlyMap<string, Float32Array>): void {
    const unknown = [...snapshot.keys()].find((name) => !this.states.has(name));
    if (unknown) throw new Error(`the program has no variable ${unknown}`);
    this.start();
    writeVariables(this.session, this.states, snapshot);
  }

  private start(): void {
    if (this.started) return;
    const fetched = [...this.states.values()].flatMap(({ started }) => started ?? []);
    if (fetched.length > 0) call(this.session, [{ ref: ZERO, tensor: tf.scalar(0) }], fetched);
    this.started = true;
  }

  /** The TensorFlow ops that one signature runs, in graph order. */
  ops(name: string): string[] {
    const refs = Object.values(this.signatures[name].outputs).map(({ ref }) => ref);
    return this.graph.reachable(refs).map(({ op }) => op);
  }

  /** Releases the session and its memory; a second call does nothing. */
  dispose(): void {
    if (this.isOpen) backend.deleteSavedModel(this.session);
    this.isOpen = false;
  }
}
