/**
 * The ops that tfjs lacks or does slowly, as kernels of TensorFlow itself, each with its gradient.
 * A gradient is computed only for the inputs that need one, so a frozen weight costs nothing.
 *
 * B batch, T sequence length, C and D channels, w kernel width, N rows, V vocabulary.
 */
import type { GradFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-node-gpu';
import { type Attribute, attribute, backend, tf } from './native';

type Attributes = Record<string, number>;
type Inputs = Record<string, TensorInfo>;

/** Makes one differentiable op out of raw TensorFlow ops; `gradients` names the inputs that have one. */
function define(
  kernelName: string,
  forward: (inputs: Inputs, attrs: Attributes) => Tensor | Tensor[],
  saved: { inputs: string[]; outputs: boolean[] },
  gradients: (dys: Tensor[], saved: Tensor[], attrs: Attributes) => Record<string, () => Tensor>,
) {
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => forward(inputs as Inputs, attrs as unknown as Attributes),
  });
  const gradFunc: GradFunc = (dy, kept, attrs) =>
    gradients(Array.isArray(dy) ? dy : [dy], kept, attrs as unknown as Attributes);
  tf.registerGradient({ kernelName, inputsToSave: saved.inputs, outputsToSave: saved.outputs, gradFunc });
  return (inputs: Record<string, Tensor>, attrs: Attributes = {}) =>
    tf.engine().runKernel(kernelName, inputs, attrs) as Tensor | Tensor[];
}

const shapeOf = (x: TensorInfo): number[] => x.shape;
const one = (op: string, attrs: Attribute[], inputs: TensorInfo[]) =>
  backend.executeSingleOutput(op, attrs, inputs);
const many = (op: string, attrs: Attribute[], inputs: TensorInfo[], outputs: number) =>
  backend.executeMultipleOutputs(op, attrs, inputs, outputs);
const T = attribute.type('T');

// ------------------------------------------------------------------------------------ convolution

const convAttributes = (dilation: number) => [
  T,
  attribute.ints('strides', [1, 1, 1, 1]),
  attribute.text('padding', 'VALID'),
  attribute.text('data_format', 'NHWC'),
  attribute.ints('dilations', [1, 1, dilation, 1]),
];

/** x [B, 1, P, C] (padded), kernel [1, w, C, D] -> [B, 1, P - (w - 1) dilation, D]. */
const validConv = define(
  'DilatedConv',
  ({ x, kernel }, { dilation }) => one('Conv2D', convAttributes(dilation), [x, kernel]),
  { inputs: ['x', 'kernel'], outputs: [] },
  ([dy], [x, kernel], { dilation }) => {
    const attrs = convAttributes(dilation);
    const size = (of: Tensor) => tf.tensor1d(of.shape, 'int32');
    return {
      x: () => one('Conv2DBackpropInput', attrs, [size(x), kernel, dy]),
      kernel: () => one('Conv2DBackpropFilter', attrs, [x, size(kernel), dy]),
    };
  },
);

/** How a convolution sees its surroundings: only the past, or both sides. */
export type Direction = 'causal' | 'non-causal';

/**
 * Dilated 1-D convolution that keeps the length: x [B, T, C], kernel [w, C, D] -> [B, T, D].
 * Causal pads all (w - 1) dilation zeros on the left; non-causal half of them (rounded down) on each side.
 */
export function dilatedConv(x: Tensor, kernel: Tensor, dilation: number, direction: Direction): Tensor {
  const [B, T, C] = shapeOf(x);
  const [w, , D] = shapeOf(kernel);
  const total = (w - 1) * dilation;
  const left = direction === 'causal' ? total : Math.floor(total / 2);
  const padded = tf.pad(x as tf.Tensor3D, [
    [0, 0],
    [left, total - left],
    [0, 0],
  ]); // [B, T + total, C]
  const y = validConv(
    { x: tf.reshape(padded, [B, 1, T + total, C]), kernel: tf.reshape(kernel, [1, w, C, D]) },
    { dilation },
  ) as Tensor; // [B, 1, T, D]
  return tf.reshape(y, [B, T, D]);
}

/** 1x1 convolution with bias: x [B, T, C], weight [C, D], bias [D] -> [B, T, D]. */
export function pointwise(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [B, T, C] = shapeOf(x);
  const y = tf.matMul(tf.reshape(x, [B * T, C]), weight as tf.Tensor2D); // [B T, D]
  return tf.reshape(tf.add(y, bias), [B, T, shapeOf(weight)[1]]);
}

// ------------------------------------------------------------------------------------ normalisation

const normAttributes = (epsilon: number) => [
  T,
  attribute.type('U'),
  attribute.float('epsilon', epsilon),
  attribute.text('data_format', 'NCHW'),
  attribute.flag('is_training', true),
];

/** Rows of x [1, N, C, 1] to mean 0 and variance 1: to the batch-norm kernel each row is one "channel". */
const normaliseRows = define(
  'NormaliseRows',
  ({ x }, { epsilon }) => {
    const ones = tf.ones([shapeOf(x)[1]]);
    const zeros = tf.zeros([shapeOf(x)[1]]);
    const none = tf.tensor1d([], 'float32');
    const attrs = [...normAttributes(epsilon), attribute.float('exponential_avg_factor', 1)];
    return many('FusedBatchNormV3', attrs, [x, ones, zeros, none, none], 6);
  },
  { inputs: ['x'], outputs: [false, false, false, true, true, true] },
  ([dy], [x, ...reserved], { epsilon }) => ({
    x: () => {
      const inputs = [dy, x, tf.ones([shapeOf(x)[1]]), ...reserved];
      return many('FusedBatchNormGradV3', normAttributes(epsilon), inputs, 5)[0];
    },
  }),
);

/** Epsilon of the authors' code, inside the square root. */
const NORM_EPSILON = 1e-8;

/** Layer normalisation over the channels: x [B, T, C], gain [C], bias [C] -> [B, T, C]. */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor): Tensor {
  const [B, T, C] = shapeOf(x);
  const [y] = normaliseRows({ x: tf.reshape(x, [1, B * T, C, 1]) }, { epsilon: NORM_EPSILON }) as Tensor[];
  return tf.add(tf.mul(tf.reshape(y, [B, T, C]), gain), bias);
}

// ------------------------------------------------------------------------------------ activations

const reluOp = define(
  'PlainRelu',
  ({ x }) => one('Relu', [T], [x]),
  { inputs: [], outputs: [true] },
  ([dy], [y]) => ({ x: () => one('ReluGrad', [T], [dy, y]) }),
);

/** max(x, 0); tf.relu's own gradient uploads two constants of x's size at each call. */
export function relu(x: Tensor): Tensor {
  return reluOp({ x }) as Tensor;
}

/** The tanh form of GELU, as in the authors' patches. */
export function gelu(x: Tensor): Tensor {
  const cubic = tf.mul(tf.mul(tf.square(x), x), 0.044715);
  const inner = tf.mul(tf.add(x, cubic), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

// ------------------------------------------------------------------------------------ tables and labels

const gatherOp = define(
  'GatherRows',
  ({ table, ids }) => {
    const attrs = [
      attribute.int('batch_dims', 0),
      attribute.type('Tparams'),
      attribute.type('Tindices', 'int32'),
      attribute.type('Taxis', 'int32'),
    ];
    return one('GatherV2', attrs, [table, ids, tf.scalar(0, 'int32')]);
  },
  { inputs: ['table', 'ids'], outputs: [] },
  ([dy], [table, ids]) => ({
    table: () => {
      const attrs = [T, attribute.type('Tindices', 'int32'), attribute.type('Tnumsegments', 'int32')];
      return one('UnsortedSegmentSum', attrs, [dy, ids, tf.scalar(table.shape[0], 'int32')]);
    },
  }),
);

/** Rows of a table: table [V, …], ids [B, …] (int32) -> [B, …, …]. A repeated id sums its gradients. */
export function gatherRows(table: Tensor, ids: Tensor): Tensor {
  return gatherOp({ table, ids }) as Tensor;
}

const crossEntropyOp = define(
  'SparseCrossEntropy',
  ({ logits, labels }) =>
    many('SparseSoftmaxCrossEntropyWithLogits', [T, attribute.type('Tlabels', 'int32')], [logits, labels], 2),
  { inputs: [], outputs: [false, true] },
  ([dy], [slope]) => ({ logits: () => tf.mul(tf.expandDims(dy, 1), slope) }),
);

/** −log softmax(logits)[label] for each row: logits [N, V], labels [N] (int32) -> [N]. */
export function sparseCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  return (crossEntropyOp({ logits, labels }) as Tensor[])[0];
}
