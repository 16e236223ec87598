/** ONNX for each op of a recorded graph, for any B and T. Letters as in the ops that are translated. */
import { DTYPE } from '../native';
import { type Attributes, OnnxGraph } from './file';

/** a + b B + c T + d B T */
export type Expression = readonly [a: number, b: number, c: number, d: number];

/** Names of the outputs of a translated node. */
export type OutputNames = readonly string[];

/** A node to translate: its inputs by name, the numbers of constant ones, its attributes. */
export type NodeContext = {
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
type Translate = (context: NodeContext) => string | OutputNames;

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

/** Translations by op. */
export const OPS: Readonly<Record<string, Translate>> = {
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
    // ONNX counts a start below 0 from the end, where TensorFlow refuses a sequence that is too long.
    const isFixed = begin.every(([, ...varying]) => varying.every((factor) => factor === 0));
    const from = vector(begin);
    const start = isFixed ? from : graph.one('Max', [from, graph.ints(...begin.map(() => 0))]);
    return graph.one('Slice', [x, start, vector(end)]);
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
