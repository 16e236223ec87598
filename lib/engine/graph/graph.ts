import { ATTRIBUTE, type Attribute, DTYPE } from '../native';

/** An output of a node, `name:index`, or a control dependency, `^name`. */
export type Ref = string;

/** Types that a program uses. */
export type DType = keyof typeof DTYPE;

/** Fields as in TensorFlow's graph.proto, attr_value.proto and tensor.proto. */
export type ShapeProto = { dim: { size: number }[] };
export type AttrValue =
  | { list: { i: readonly number[] } | { type: readonly number[] } }
  | { s: Uint8Array }
  | { i: number }
  | { f: number }
  | { b: boolean }
  | { type: number }
  | { shape: ShapeProto }
  | { tensor: { dtype: number; tensorShape: ShapeProto; tensorContent: Uint8Array } }
  | { tensor: { dtype: number; tensorShape: ShapeProto; stringVal: readonly Uint8Array[] } };
export type NodeDef = { name: string; op: string; input: Ref[]; attr: Record<string, AttrValue> };

export const shapeProto = (shape: readonly number[]): ShapeProto => ({
  dim: shape.map((size) => ({ size })),
});
export const typeAttr = (dtype: DType): AttrValue => ({ type: DTYPE[dtype] });
export const shapeAttr = (shape: readonly number[]): AttrValue => ({ shape: shapeProto(shape) });
export const textAttr = (text: string): AttrValue => ({ s: Buffer.from(text) });

/** An eager op's attribute as a graph attribute. */
export function attrValue({ name, type, value }: Attribute): AttrValue {
  switch (type) {
    case ATTRIBUTE.type:
      return { type: value as number };
    case ATTRIBUTE.text:
      return textAttr(value as string);
    case ATTRIBUTE.flag:
      return { b: value as boolean };
    case ATTRIBUTE.float:
      return { f: value as number };
    case ATTRIBUTE.int:
      return Array.isArray(value) ? { list: { i: value } } : { i: value as number };
    default:
      throw new Error(`the attribute ${name} has a type that a graph cannot hold`);
  }
}

/** Ops by the cheaper op that gives their first output alone. */
const ALONE: Readonly<Record<string, string>> = { NormReluGrads: 'NormReluGrad' };

const constantAttrs = (dtype: DType, shape: readonly number[], bytes: Uint8Array) => ({
  dtype: typeAttr(dtype),
  value: { tensor: { dtype: DTYPE[dtype], tensorShape: shapeProto(shape), tensorContent: bytes } },
});

/** A TensorFlow graph under construction: plain nodes in the order in which they were added. */
export class Graph {
  readonly nodes = new Map<string, NodeDef>();
  private readonly known = new Map<string, Ref>();

  /** Adds a node and returns its name. */
  add(op: string, input: Ref[], attr: Record<string, AttrValue>, name = `${op}_${this.nodes.size}`): string {
    if (this.nodes.has(name)) throw new Error(`the graph has a node ${name} already`);
    this.nodes.set(name, { name, op, input, attr });
    return name;
  }

  /** Output of an op without state: one node, however often it is asked for. */
  once(op: string, input: Ref[], attr: Record<string, AttrValue>): Ref {
    const key = JSON.stringify([op, input, attr]);
    const ref = this.known.get(key) ?? `${this.add(op, input, attr)}:0`;
    this.known.set(key, ref);
    return ref;
  }

  constant(dtype: DType, shape: readonly number[], bytes: Uint8Array): Ref {
    return `${this.add('Const', [], constantAttrs(dtype, shape, bytes))}:0`;
  }

  /** A float, one node for each value. */
  scalar(value: number): Ref {
    const bytes = new Uint8Array(Float32Array.of(value).buffer);
    return this.once('Const', [], constantAttrs('float32', [], bytes));
  }

  ints(values: readonly number[], shape: readonly number[] = [values.length]): Ref {
    return this.constant('int32', shape, new Uint8Array(Int32Array.from(values).buffer));
  }

  texts(values: readonly string[], shape: readonly number[] = [values.length]): Ref {
    const stringVal = values.map((value) => Buffer.from(value));
    const tensor = { dtype: DTYPE.string, tensorShape: shapeProto(shape), stringVal };
    return `${this.add('Const', [], { dtype: typeAttr('string'), value: { tensor } })}:0`;
  }

  placeholder(name: string, dtype: DType, shape: readonly number[]): Ref {
    return `${this.add('Placeholder', [], { dtype: typeAttr(dtype), shape: shapeAttr(shape) }, name)}:0`;
  }

  /** The node that an output belongs to. */
  node(ref: Ref): NodeDef {
    const node = this.nodes.get(nodeOf(ref));
    if (!node) throw new Error(`the graph has no node ${nodeOf(ref)}`);
    return node;
  }

  /** The nodes that TensorFlow runs for the given outputs, in graph order. */
  reachable(outputs: readonly Ref[]): NodeDef[] {
    const seen = new Set<string>();
    const open = [...outputs];
    for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
      const { name, input } = this.node(ref);
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(...input);
    }
    const needed = [...this.nodes.values()].filter(({ name }) => seen.has(name));
    const read = [...outputs, ...needed.flatMap(({ input }) => input)];
    const whole = new Set(read.filter((ref) => /:[1-9]\d*$/.test(ref)).map(nodeOf));
    return needed.map((node) =>
      node.op in ALONE && !whole.has(node.name) ? { ...node, op: ALONE[node.op] } : node,
    );
  }
}

function nodeOf(ref: Ref): string {
  return ref.replace(/^\^/, '').replace(/:\d+$/, '');
}
