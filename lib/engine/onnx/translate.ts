/**
 * A recorded function of ids [B, T] as an ONNX graph for any B and T. It is recorded at a few sizes: a number in the graph that differs
 * between them is a + b B + c T + d B T. Letters as in the ops that are translated.
 */
import { UserError } from '../../base/userError';
import { type AttrValue, DTYPE, type NodeDef, type Ref } from '../graph/graph';
import type { SignatureInfo } from '../program/savedModel';
import { type Attributes, OnnxGraph, type OnnxType } from './file';

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

/** a + b B + c T + d B T */
type Expression = readonly [a: number, b: number, c: number, d: number];

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

const tensorOf = ({ attr }: NodeDef) =>
  (
    attr.value as {
      tensor: { dtype: number; tensorShape: { dim: { size: number }[] }; tensorContent: Uint8Array };
    }
  ).tensor;

/** The numbers of a constant. */
function numbersOf(node: NodeDef): number[] {
  const { dtype, tensorContent: bytes } = tensorOf(node);
  const own = bytes.slice().buffer;
  if (dtype === DTYPE.float32) return [...new Float32Array(own)];
  if (dtype === DTYPE.int32) return [...new Int32Array(own)];
  if (dtype === DTYPE.int64) return [...new BigInt64Array(own)].map(Number);
  throw new UserError(`ONNX: expected constants of float32, int32 or int64, found type ${dtype}`);
}

/** Values of attributes, whatever their kind. */
const plain = (value: AttrValue | undefined): unknown => value && Object.values(value)[0];

/** What a translated node gives: the names of its outputs. */
type Given = readonly string[];

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
    const [{ shapes, info }] = recordings;
    const translation = new Translation(shapes);
    translation.add(recordings.map(({ nodes }) => nodes));
    for (const [name, { ref, shape }] of Object.entries(info.outputs)) {
      const dims = shape.map((size, axis) => (axis === 0 ? 'B' : size === SIZES[0][1] ? 'T' : size));
      translation.graph.gives(translation.values.get(ref) as string, { name, type: 'float32', dims });
    }
    return translation.graph;
  }

  private add(recordings: readonly (readonly NodeDef[])[]): void {
    for (const [i, { op, name, input }] of recordings[0].entries()) {
      const node = { op, name, input, at: recordings.map((nodes) => nodes[i]) };
      if (node.at.some((other) => other?.op !== op || other.input.join() !== input.join()))
        throw new Error(`${name}: expected the same graph at every size`);
      const given = this.given(node);
      for (const [o, value] of given.entries()) this.values.set(`${name}:${o}`, value);
    }
  }

  private given(node: Node): Given {
    const { graph } = this;
    if (node.op === 'Placeholder') return [graph.one('Cast', [IDS], { to: 6 })];
    if (node.op === 'Const') return [this.constant(node)];
    const translate = OPS[node.op];
    if (!translate) throw new UserError(`ONNX: ${node.op} is not translated`);
    const found = translate(this.asked(node));
    return typeof found === 'string' ? [found] : found;
  }

  private asked({ input, at }: Node): Asked {
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

/** What a translation of a node is made from: its inputs by name, the numbers of constant ones, its attributes. */
type Asked = {
  readonly graph: OnnxGraph;
  readonly x: readonly string[];
  /** Of an input at the first size. */
  readonly shape: (i: number) => readonly number[];
  readonly isAbsent: (i: number) => boolean;
  readonly attr: <V>(name: string) => V;
  readonly varying: (name: string) => Expression;
  readonly expressions: (i: number) => Expression[];
  readonly numbers: (i: number) => number[];
  readonly vector: (of: readonly Expression[]) => string;
};
type Translate = (asked: Asked) => string | Given;

const same =
  (opType: string, attributes?: Attributes): Translate =>
  ({ graph, x }) =>
    graph.one(opType, x, attributes);

const negated =
  (opType: string): Translate =>
  ({ graph, x }) =>
    graph.one('Not', [graph.one(opType, x)]);

const plus = (a: Expression, b: Expression): Expression => [
  a[0] + b[0],
  a[1] + b[1],
  a[2] + b[2],
  a[3] + b[3],
];
const times = (n: number, [a, b, c, d]: Expression): Expression => [n * a, n * b, n * c, n * d];

/** x [B, P, C] -> [B, C, P] and back. */
const turned = (graph: OnnxGraph, x: string) => graph.one('Transpose', [x], { perm: [0, 2, 1] });

const convolution: Translate = ({ graph, x: [x, kernel, bias, residual], isAbsent, attr, shape }) => {
  const [left, dilation, step] = ['left', 'dilation', 'step'].map((name) => attr<number>(name));
  if (step !== 1) throw new Error('expected a convolution at all positions');
  const turnedKernel = graph.one('Transpose', [kernel], { perm: [2, 1, 0] }); // [w, C, D] -> [D, C, w]
  const y = graph.one('Conv', [turned(graph, x), turnedKernel, bias], {
    dilations: [dilation],
    pads: [left, (shape(1)[0] - 1) * dilation - left],
  });
  const back = turned(graph, y);
  return isAbsent(3) ? back : graph.one('Add', [back, residual]);
};

const norm: Translate = ({ graph, x: [x, gain, shift, residual], isAbsent, attr }) => {
  const y = graph.one('LayerNormalization', [x, gain, shift], { axis: -1, epsilon: attr<number>('epsilon') });
  const floored = attr<number>('floor') === 0 ? graph.one('Relu', [y]) : y;
  return [isAbsent(3) ? floored : graph.one('Add', [floored, residual])];
};

/** As `composed` in ops/attention.ts. */
const attention: Translate = ({ graph, x: [q, key, value, real], attr }) => {
  const [H, causal] = [attr<number>('heads'), attr<number>('causal')];
  const split = (x: string) =>
    graph.one('Transpose', [graph.one('Reshape', [x, graph.ints(0, 0, H, -1)])], { perm: [0, 2, 1, 3] }); // [B, H, T, d]
  const [Q, K, V] = [q, key, value].map(split);
  const d = graph.one('Cast', [graph.one('Gather', [graph.one('Shape', [Q]), graph.ints(3)])], { to: 1 });
  const scores = graph.one('Div', [
    graph.one('MatMul', [Q, graph.one('Transpose', [K], { perm: [0, 1, 3, 2] })]),
    graph.one('Sqrt', [d]),
  ]); // [B, H, Q, T]
  const keys = graph.one('Unsqueeze', [real, graph.ints(1, 2)]); // [B, 1, 1, T]
  // Queries stand at the last positions: the lower triangle ends at the right.
  const shapeOf = graph.one('Shape', [scores]);
  const [rows, columns] = [2, 3].map((axis) => graph.one('Gather', [shapeOf, graph.ints(axis)]));
  const all = graph.one('Expand', [graph.floats(1), graph.one('Concat', [rows, columns], { axis: 0 })]);
  const diagonal = graph.one('Squeeze', [graph.one('Sub', [columns, rows]), graph.ints(0)]);
  const sees = causal ? graph.one('Mul', [keys, graph.one('Trilu', [all, diagonal], { upper: 0 })]) : keys;
  const hidden = graph.one('Mul', [graph.one('Sub', [graph.floats(1), sees]), graph.floats(-1e30)]);
  const weights = graph.one('Mul', [
    graph.one('Softmax', [graph.one('Add', [scores, hidden])], { axis: -1 }),
    sees,
  ]);
  const heads = graph.one('Transpose', [graph.one('MatMul', [weights, V])], { perm: [0, 2, 1, 3] });
  return [graph.one('Reshape', [heads, graph.one('Shape', [q])])];
};

/** As `unrolled` in ops/recurrence.ts, by a scan over positions. */
const recurrence: Translate = ({ graph, x: [x, recurrent, bias, real] }) => {
  const k = graph.one('Gather', [graph.one('Shape', [recurrent]), graph.ints(0)]); // [1]
  const B = graph.one('Gather', [graph.one('Shape', [x]), graph.ints(0)]);
  const zero = graph.one('Expand', [graph.floats(0), graph.one('Concat', [B, k], { axis: 0 })]);
  const step = new OnnxGraph('step', 'step/');
  step.takes({ name: 'before', type: 'float32', dims: ['B', 'k'] });
  step.takes({ name: 'own', type: 'float32', dims: ['B', 'wide'] });
  step.takes({ name: 'isReal', type: 'float32', dims: ['B', 1] });
  const gates = (of: string) => step.op('Split', [of], { axis: 1 }, 3);
  const [xr, xz, xn] = gates('own');
  const [hr, hz, hn] = gates(step.one('Add', [step.one('MatMul', ['before', recurrent]), bias]));
  const sum = (a: string, b: string) => step.one('Add', [a, b]);
  const product = (a: string, b: string) => step.one('Mul', [a, b]);
  const z = step.one('Sigmoid', [sum(xz, hz)]);
  const n = step.one('Tanh', [sum(xn, product(step.one('Sigmoid', [sum(xr, hr)]), hn))]);
  const next = sum(product(step.one('Sub', [step.floats(1), z]), n), product(z, 'before'));
  const h = product(next, 'isReal');
  for (const name of ['after', 'state']) step.gives(h, { name, type: 'float32', dims: ['B', 'k'] });
  const column = graph.one('Unsqueeze', [real, graph.ints(2)]); // [B, T, 1]
  const [, states] = graph.op(
    'Scan',
    [zero, x, column],
    { body: step, num_scan_inputs: 2, scan_input_axes: [1, 1], scan_output_axes: [1] },
    2,
  );
  return [states];
};

/** What each op of a recorded graph is in ONNX. */
const OPS: Readonly<Record<string, Translate>> = {
  ...Object.fromEntries(
    Object.entries({
      ...{ Add: 'Add', AddV2: 'Add', Sub: 'Sub', Mul: 'Mul', RealDiv: 'Div', Minimum: 'Min', Maximum: 'Max' },
      ...{ LessEqual: 'LessOrEqual', GreaterEqual: 'GreaterOrEqual', Equal: 'Equal', Tanh: 'Tanh' },
      ...{ Sigmoid: 'Sigmoid', Relu: 'Relu', Sqrt: 'Sqrt', Exp: 'Exp', Neg: 'Neg', Identity: 'Identity' },
    }).map(([op, opType]) => [op, same(opType)]),
  ),
  NotEqual: negated('Equal'),
  Softmax: same('Softmax', { axis: -1 }),
  Square: ({ graph, x: [x] }) => graph.one('Mul', [x, x]),
  Cast: ({ graph, x, attr }) => {
    const to = attr<number>('DstT');
    return graph.one('Cast', x, { to: to === DTYPE.float32 ? 1 : to === DTYPE.int32 ? 6 : 9 });
  },
  ExpandDims: ({ graph, x: [x], vector, expressions }) => graph.one('Unsqueeze', [x, vector(expressions(1))]),
  GatherV2: ({ graph, x: [table, ids], numbers }) =>
    graph.one('Gather', [table, ids], { axis: numbers(2)[0] }),
  Reshape: ({ graph, x: [x], vector, expressions }) => graph.one('Reshape', [x, vector(expressions(1))]),
  Slice: ({ graph, x: [x], vector, expressions }) => {
    const [begin, size] = [expressions(1), expressions(2)];
    const end = begin.map((from, axis) => plus(from, size[axis]));
    return graph.one('Slice', [x, vector(begin), vector(end)]);
  },
  EveryNthPosition: ({ graph, x: [x], vector, varying, attr }) => {
    const [first, length, step] = [varying('first'), varying('length'), attr<number>('step')];
    const end = plus(plus(first, times(step, length)), [1 - step, 0, 0, 0]);
    return graph.one('Slice', [x, vector([first]), vector([end]), graph.ints(1), graph.ints(step)]);
  },
  Sum: ({ graph, x: [x], vector, expressions, attr }) =>
    graph.one('ReduceSum', [x, vector(expressions(1))], { keepdims: attr<boolean>('keep_dims') ? 1 : 0 }),
  BatchMatMulV2: ({ graph, x, attr, shape }) => {
    const flipped = (i: number) => {
      const axes = [...shape(i).keys()];
      return [...axes.slice(0, -2), ...axes.slice(-2).reverse()];
    };
    const sides = ['adj_x', 'adj_y'].map((name, i) =>
      attr<boolean>(name) ? graph.one('Transpose', [x[i]], { perm: flipped(i) }) : x[i],
    );
    return graph.one('MatMul', sides);
  },
  Pack: ({ graph, x, attr }) => {
    const axis = attr<number>('axis');
    const wide = x.map((own) => graph.one('Unsqueeze', [own, graph.ints(axis)]));
    return graph.one('Concat', wide, { axis });
  },
  Unpack: ({ graph, x: [x], attr }) => {
    const axis = attr<number>('axis');
    return Array.from({ length: attr<number>('num') }, (_, i) =>
      graph.one('Squeeze', [graph.one('Gather', [x, graph.ints(i)], { axis }), graph.ints(axis)]),
    );
  },
  Range: same('Range'),
  /** Rows of x [1, N, C, 1] to mean 0 and variance 1, as `normaliseRows` in ops/normalisation.ts asks for it. */
  FusedBatchNormV3: ({ graph, x: [x], shape, attr }) => {
    const C = shape(0)[2];
    const [ones, zeros] = [1, 0].map((value) => {
      const bytes = new Uint8Array(new Float32Array(C).fill(value).buffer);
      return graph.hold('float32', [C, 1], bytes);
    });
    return graph.one('LayerNormalization', [x, ones, zeros], { axis: 2, epsilon: attr<number>('epsilon') });
  },
  DilatedConv: convolution,
  NormRelu: norm,
  Attention: attention,
  Gru: recurrence,
};
