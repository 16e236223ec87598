/** Output shapes of frequent ops, so that recording them computes nothing and takes no memory. */
import type { TensorInfo } from '@tensorflow/tfjs-node-gpu';
import { type Attribute, backend, DTYPE, tf } from '../native';
import { sizeOf } from '../weights';

type Shape = readonly number[];
/** Shapes of the outputs, undefined where the rule does not tell; `values` reads an input that JavaScript made. */
type Rule = (
  shapes: readonly Shape[],
  attributes: Readonly<Record<string, number>>,
  values: (input: number) => Shape,
) => readonly Shape[] | undefined;

const broadcastOf = (a: Shape, b: Shape): Shape =>
  tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
const first: Rule = ([x]) => [x];
const broadcast: Rule = ([a, b]) => [broadcastOf(a, b)];

const reshaped: Rule = ([x], _, values) => {
  const rest = sizeOf(values(1).filter((size) => size >= 0));
  return [values(1).map((size) => (size >= 0 ? size : sizeOf(x) / rest))];
};

const product: Rule = ([a, b], { adj_x, adj_y }) => {
  const [rows, left] = adj_x ? [a[a.length - 1], a[a.length - 2]] : a.slice(-2);
  const [right, columns] = adj_y ? [b[b.length - 1], b[b.length - 2]] : b.slice(-2);
  if (left !== right)
    throw new Error(`expected matrices that multiply, found ${rows} x ${left} and ${right} x ${columns}`);
  return [[...broadcastOf(a.slice(0, -2), b.slice(0, -2)), rows, columns]];
};

const gathered: Rule = ([table, ids], { batch_dims }, values) =>
  batch_dims === 0 && values(2)[0] === 0 ? [[...ids, ...table.slice(1)]] : undefined;

const summed: Rule = ([x], { keep_dims }, values) => {
  const axes = new Set(values(1).map((axis) => (axis + x.length) % x.length));
  const sizes = x.map((size, axis) => (axes.has(axis) ? 1 : size));
  return [keep_dims ? sizes : sizes.filter((_, axis) => !axes.has(axis))];
};

const sliced: Rule = ([x], _, values) => [
  values(2).map((size, i) => (size >= 0 ? size : x[i] - values(1)[i])),
];

const everyNth: Rule = ([[B, , ...rest]], { length }) => [[B, length, ...rest]];

const unary = 'Relu ReluGrad Square Sqrt Rsqrt Exp Log Neg Sigmoid Tanh Softplus'.split(' ');
const binary = 'Add AddV2 Sub Mul Div RealDiv Maximum Minimum SquaredDifference'.split(' ');

const rules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(unary.map((op) => [op, first])),
  ...Object.fromEntries(binary.map((op) => [op, broadcast])),
  Reshape: reshaped,
  Sum: summed,
  Slice: sliced,
  BatchMatMulV2: product,
  GatherV2: gathered,
  UnsortedSegmentSum: ([rows, ids], _, values) => [[...values(2), ...rows.slice(ids.length)]],
  // The project's own kernels.
  DilatedConv: ([[B], [, , D]], { length }) => [[B, length, D]],
  DilatedConvInputGrad: ([[B], [, C]], { length }) => [[B, length, C]],
  DilatedConvKernelGrad: ([[, , C], [, , D]], { length }) => [[length, C, D], [D]],
  NormRelu: ([x]) => [x, [sizeOf(x.slice(0, -1))], [sizeOf(x.slice(0, -1))]],
  NormReluGrad: ([dy]) => [dy],
  NormReluGrads: ([dy, , gain]) => [dy, gain, gain],
  EveryNthPosition: everyNth,
  EveryNthPositionGrad: everyNth,
  Attention: ([q], { heads }) => [q, [q[0], heads, q[1]]],
  AttentionGrads: ([, q, key, value]) => [q, key, value],
  Gru: ([[B, T], [k]]) => [
    [B, T, k],
    [B, T, 4 * k],
  ],
  GruGrads: ([, x, recurrent, bias]) => [x, recurrent, bias],
  RankInPool: ([[N]]) => [[N]],
  SoftmaxLoss: ([h, table, offset, , , own]) => [[], h, table, offset, own],
};

/** Types of own kernels' outputs that are not float32. */
const typesOfOwn: Readonly<Record<string, number>> = { RankInPool: DTYPE.int32 };

/** Shapes and types of an op's outputs; undefined where only running the op tells. */
export function inferred(
  op: string,
  attributes: readonly Attribute[],
  inputs: readonly TensorInfo[],
): Pick<TensorInfo, 'shape' | 'dtype'>[] | undefined {
  const named = Object.fromEntries(attributes.map(({ name, value }) => [name, value as number]));
  const values = (input: number) => [...(backend.readSync(inputs[input].dataId) as Int32Array)];
  const given = inputs.map(({ shape }) => shape);
  const shapes = rules[op]?.(given, named, values);
  const type = named.T ?? named.Tparams ?? typesOfOwn[op] ?? DTYPE.float32;
  if (!shapes || (type !== DTYPE.float32 && type !== DTYPE.int32)) return undefined;
  const dtype = type === DTYPE.float32 ? 'float32' : 'int32';
  return shapes.map((shape) => ({ shape: [...shape], dtype }));
}
