/**
 * A recorded function of ids [B, T] as an ONNX graph for any B and T. It is recorded at a few sizes: a number in the graph that differs
 * between them is a + b B + c T + d B T. Letters as in the ops that are translated.
 */
import { UserError } from '../../base/userError';
import type { AttrValue, NodeDef, Ref } from '../graph/graph';
import { DTYPE } from '../native';
import type { SignatureInfo } from '../program/savedModel';
import { OnnxGraph, type OnnxType } from './file';
import { type Expression, type NodeContext, OPS, type OutputNames } from './ops';

/** A recording at one size. */
export type Recording = {
  readonly nodes: readonly NodeDef[];
  readonly shapes: ReadonlyMap<Ref, readonly number[]>;
  readonly info: SignatureInfo;
};

/** The sizes [B, T] that are recorded: four that decide the numbers, and one that checks them. */
export const SIZES = [
  [2, 17],
  [3, 17],
  [2, 19],
  [3, 19],
  [5, 23],
] as const;

/** The expression that gives these values at the recorded sizes. */
function expressionOf(values: readonly number[]): Expression {
  const [[B, T], [B1], [, T1]] = SIZES;
  const [v, ofB, ofT, ofBoth, checked] = values;
  const d = (ofBoth - ofB - ofT + v) / ((B1 - B) * (T1 - T));
  const b = (ofB - v) / (B1 - B) - d * T;
  const c = (ofT - v) / (T1 - T) - d * B;
  const a = v - b * B - c * T - d * B * T;
  const [lastB, lastT] = SIZES[4];
  if (Math.abs(a + b * lastB + c * lastT + d * lastB * lastT - checked) > 1e-6)
    throw new Error(`${values.join(', ')}: expected a number that follows from B and T`);
  return [a, b, c, d];
}

/** One node at all sizes. */
type Node = {
  readonly op: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly at: readonly NodeDef[];
};

type Held = Extract<AttrValue, { tensor: { tensorContent: Uint8Array } }>;
const tensorOf = ({ attr }: NodeDef) => (attr.value as Held).tensor;

/** The numbers of a constant. */
function numbersOf(node: NodeDef): number[] {
  const { dtype, tensorContent: bytes } = tensorOf(node);
  const own = bytes.slice().buffer;
  if (dtype === DTYPE.float32) return [...new Float32Array(own)];
  if (dtype === DTYPE.int32) return [...new Int32Array(own)];
  throw new UserError(`ONNX: expected constants of float32 or int32, found type ${dtype}`);
}

/** Values of attributes, whatever their kind. */
const plain = (value: AttrValue | undefined): unknown => value && Object.values(value)[0];

/** The name of the input. */
const IDS = 'ids';

/** Translates nodes in their order. */
export class Translation {
  readonly graph = new OnnxGraph('model');
  private readonly values = new Map<string, string>();
  private readonly constants = new Map<string, readonly (readonly number[])[]>();
  /** B and T, [1] each. */
  private readonly sizes: readonly [B: string, T: string];

  private constructor(private readonly shapes: Recording['shapes']) {
    this.graph.takes({ name: IDS, type: 'int64', dims: ['B', 'T'] });
    const shape = this.graph.one('Shape', [IDS]);
    const at = (i: number) => this.graph.one('Gather', [shape, this.graph.ints(i)]);
    this.sizes = [at(0), at(1)];
  }

  /** The graph of recordings at `SIZES`, which are the same but for their numbers; its outputs have the names of the recorded ones. */
  static of(recordings: readonly Recording[]): OnnxGraph {
    const [{ shapes, info }, , longer] = recordings;
    const translation = new Translation(shapes);
    translation.add(recordings.map(({ nodes }) => nodes));
    for (const [name, { ref, shape }] of Object.entries(info.outputs)) {
      const { shape: later } = longer.info.outputs[name];
      const dims = shape.map((size, axis) => (axis === 0 ? 'B' : size === later[axis] ? size : 'T'));
      translation.graph.gives(translation.values.get(ref) as string, { name, type: 'float32', dims });
    }
    return translation.graph;
  }

  private add(recordings: readonly (readonly NodeDef[])[]): void {
    for (const [i, { op, name, input }] of recordings[0].entries()) {
      const node = { op, name, input, at: recordings.map((nodes) => nodes[i]) };
      if (node.at.some((other) => other?.op !== op || other.input.join() !== input.join()))
        throw new Error(`${name}: expected the same graph at every size`);
      const given = this.outputsOf(node);
      for (const [o, value] of given.entries()) this.values.set(`${name}:${o}`, value);
    }
  }

  private outputsOf(node: Node): OutputNames {
    const { graph } = this;
    if (node.op === 'Placeholder') return [graph.one('Cast', [IDS], { to: 6 })];
    if (node.op === 'Const') return [this.constant(node)];
    const translate = OPS[node.op];
    if (!translate) throw new UserError(`ONNX: expected an op of lib/engine/onnx/ops.ts, found ${node.op}`);
    const found = translate(this.contextOf(node));
    return typeof found === 'string' ? [found] : found;
  }

  private contextOf({ input, at }: Node): NodeContext {
    const { graph } = this;
    const { attr } = at[0];
    const expressions = (i: number): Expression[] => {
      const all = this.constants.get(input[i]);
      if (!all) throw new Error(`${input[i]}: expected a constant`);
      return all[0].map((_, n) => expressionOf(all.map((values) => values[n])));
    };
    return {
      graph,
      x: input.map((ref) => this.values.get(ref) ?? ''),
      shape: (i) => this.shapes.get(input[i]) as readonly number[],
      isAbsent: (i) => this.constants.get(input[i])?.[0].length === 0,
      attr: (name) => plain(attr[name]) as never,
      varying: (name) => expressionOf(at.map((node) => Number(plain(node.attr[name])))),
      expressions,
      numbers: (i) => expressions(i).map(([a]) => a),
      vector: (of) => this.vector(of),
    };
  }

  /** Expressions as a vector of int64. */
  private vector(expressions: readonly Expression[]): string {
    const { graph } = this;
    const isFixed = ([, ...varying]: Expression) => varying.every((factor) => factor === 0);
    if (expressions.every(isFixed)) return graph.ints(...expressions.map(([a]) => a));
    const parts = expressions.map((one) => this.scalar(one));
    return parts.length === 1 ? parts[0] : graph.one('Concat', parts, { axis: 0 });
  }

  /** [1] */
  private scalar([a, b, c, d]: Expression): string {
    const { graph, sizes } = this;
    const [B, T] = sizes;
    const terms = [
      ...(b === 0 ? [] : [graph.one('Mul', [B, graph.ints(b)])]),
      ...(c === 0 ? [] : [graph.one('Mul', [T, graph.ints(c)])]),
      ...(d === 0 ? [] : [graph.one('Mul', [graph.one('Mul', [B, T]), graph.ints(d)])]),
    ];
    return terms.reduce((sum, term) => graph.one('Add', [sum, term]), graph.ints(a));
  }

  private constant({ name, at }: Node): string {
    const { graph } = this;
    const tensor = tensorOf(at[0]);
    const numbers = at.map(numbersOf);
    this.constants.set(`${name}:0`, numbers);
    const dims = tensor.tensorShape.dim.map(({ size }) => size);
    const type = (
      Object.entries(DTYPE).find(([, number]) => number === tensor.dtype) as [OnnxType, number]
    )[0];
    const isFixed = numbers.every((own) => own.every((value, n) => value === numbers[0][n]));
    if (isFixed) return graph.hold(type, dims, tensor.tensorContent);
    const vector = this.vector(numbers[0].map((_, n) => expressionOf(numbers.map((own) => own[n]))));
    const shaped = dims.length === 0 ? graph.one('Squeeze', [vector, graph.ints(0)]) : vector;
    return graph.one('Cast', [shaped], { to: type === 'float32' ? 1 : 6 });
  }
}
