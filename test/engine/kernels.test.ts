import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import { type Attribute, attribute, backend, device, tf } from '../../lib/engine/native';
import { absent, intAttributes } from '../../lib/engine/ops/define';
import { portable } from '../../lib/engine/ops/kernels';
import { rankInPool } from '../../lib/engine/ops/rank';
import { softmaxSum } from '../../lib/engine/ops/softmaxSum';
import { Program } from '../../lib/engine/program/program';
import { normal, upload } from '../../lib/engine/weights';

const processor = fs.existsSync('/proc/cpuinfo') ? fs.readFileSync('/proc/cpuinfo', 'utf8') : '';
const left =
  device() !== 'cpu' ||
  process.env.PETERREC_ISA === 'none' ||
  (process.arch === 'x64' && !/\bavx2\b/.test(processor));
const skip = left ? 'needs a CPU with AVX2 or NEON' : false;

const [N, C] = [1000, 64];
const stream = random(1, 'kernels test');
const draw = (...shape: number[]) => upload(normal(shape, 1, stream));
const epsilon = [attribute.float('epsilon', 1e-8), attribute.float('floor', 0)];

function forwardAndBackward(): Float32Array[] {
  const inputs = [x, gain, shift];
  const forward = backend.executeMultipleOutputs('NormRelu', epsilon, [...inputs, absent()], 3);
  const known = [dy, ...inputs, ...forward.slice(1)];
  const dx = backend.executeSingleOutput('NormReluGrad', epsilon, known);
  const all = backend.executeMultipleOutputs('NormReluGrads', epsilon, known, 3);
  return [...forward, dx, ...all].map((tensor) => tensor.dataSync() as Float32Array);
}
const [x, dy] = [draw(N, C), draw(N, C)];
const [gain, shift] = [draw(C), draw(C)];

test('kernels give the same bits each time, and dx the same with dgain and dshift', { skip }, () => {
  const first = forwardAndBackward();
  for (let round = 0; round < 50; round++) assert.deepEqual(forwardAndBackward(), first);
  assert.deepEqual(first[3], first[4]);
});

test('a tensor without rows gives one without rows', { skip }, () => {
  const [y] = backend.executeMultipleOutputs(
    'NormRelu',
    epsilon,
    [tf.zeros([0, C]), gain, shift, absent()],
    3,
  );
  assert.deepEqual(y.shape, [0, C]);
});

/** The rank of a label of one row whose scores are these. */
function rankOf(scores: number[], label: number): number {
  const table = tf.tensor2d(scores, [scores.length, 1]);
  const pool = { h: tf.ones([1, 1]), table, offset: tf.zeros([scores.length]) };
  return rankInPool(pool, tf.tensor1d([label], 'int32')).dataSync()[0];
}

const NaNs = Array<number>(9).fill(Number.NaN);
const ranks: readonly (readonly [scores: number[], label: number, rank: number])[] = [
  [[5, 3, 3, 9, 1, 0, 0, 0, 4, 4], 1, 6],
  [Array(10).fill(4), 9, 10],
  [[5, Number.NaN, 3, 9, 1], 2, 4],
  [NaNs, 0, 9],
  [NaNs, 8, 9],
  [[5, 3, Number.NaN], 2, 3],
];
test('ties and NaN count against a label', () => {
  for (const [scores, label, rank] of ranks) assert.equal(rankOf(scores, label), rank, `${scores}: ${label}`);
});

const pools = [
  [1, 8, 5],
  [33, 32, 700],
  [64, 256, 1001],
  [70, 40, 31],
] as const;
for (const [rows, k, V] of pools)
  test(`ranks of ${rows} rows in ${V} labels by ${k} channels are those of TensorFlow's ops`, {
    skip,
  }, () => {
    /** Small whole numbers: sums are exact in any order, and many are equal. */
    const whole = (...shape: number[]) => tf.round(draw(...shape));
    const given = { h: whole(rows, k), table: whole(V, k), offset: whole(V) };
    const labels = Int32Array.from({ length: rows }, (_, n) => (7 * n) % V);
    const own = tf.tensor1d(labels, 'int32');
    const ranks = () => rankInPool(given, own).dataSync();
    assert.deepEqual(ranks(), portable(ranks));
  });

test('a label that is no row of the table is refused', { skip }, () => {
  assert.throws(() => rankOf([1, 1, 1], 3), /label is not a row/);
  const [h, table, offset, weights] = [tf.ones([1, 2]), tf.ones([3, 2]), tf.ones([3]), tf.ones([1])];
  const labels = tf.tensor1d([3], 'int32');
  assert.throws(() => softmaxSum({ h, table, offset, labels, weights }), /label is not a row/);
});

const geometry = (changed: Readonly<Record<string, number>> = {}) =>
  intAttributes({ left: 2, dilation: 1, step: 1, length: 9, bf16: 0, ...changed });
const shares = ['share1', 'share2', 'epsilon'].map((name) => attribute.float(name, 0.1));
const heads = (count: number) => intAttributes({ heads: count, causal: 1 });
const none: Attribute[] = [];

/** Shapes of inputs, `i` behind those of whole numbers, that do not go together, and what the error says of them. */
const impossible: readonly (readonly [op: string, Attribute[], shapes: string, said: RegExp])[] = [
  ['DilatedConv', geometry(), '2,9,64 3,128,64 64 0', /kernel .*3, 128, 64.*, 64, /],
  ['DilatedConv', geometry(), '2,9 3,8,8 8 0', /x .*\[2, 9\].*any/],
  ['DilatedConv', geometry(), '2,9,8 3,8,8 1 0', /bias .*\[1\].*\[8\]/],
  ['DilatedConv', geometry(), '2,9,8 3,8,8 8 1,1,8', /residual .*\[1, 1, 8\].*\[2, 9, 8\]/],
  ['DilatedConv', geometry({ dilation: 0 }), '2,9,8 3,8,8 8 0', /dilation is 0/],
  ['DilatedConv', geometry({ step: 0 }), '2,9,8 3,8,8 8 0', /step is 0/],
  ['DilatedConvInputGrad', geometry(), '2,9,8 3,8,8 2,9,1', /residual .*\[2, 9, 1\].*\[2, 9, 8\]/],
  ['DilatedConvInputGrad', geometry(), '2,9,16 3,8,8 0', /kernel .*\[3, 8, 8\].* 16\]/],
  ['DilatedConvKernelGrad', geometry({ length: 3 }), '2,9,8 2,0,8', /dy .*\[2, 0, 8\].*1 or more/],
  ['NormRelu', epsilon, '2,6 6 6 0', /x has 6 channels.* 8 /],
  ['NormRelu', epsilon, '2,16 8 16 0', /gain .*\[8\].*\[16\]/],
  ['NormRelu', epsilon, '2,16 16 1 0', /shift .*\[1\].*\[16\]/],
  ['NormRelu', epsilon, '2,16 16 16 16', /residual .*\[16\].*\[2, 16\]/],
  ['NormReluGrads', epsilon, '1,16 2,16 16 16 2 2', /dy .*\[1, 16\].*\[2, 16\]/],
  ['NormReluGrad', epsilon, '2,16 2,16 16 16 2 1', /scale .*\[1\].*\[2\]/],
  ['Attention', heads(3), '2,9,8 2,9,8 2,9,8 2,9', /channels do not divide into the heads/],
  ['Attention', heads(1), '2,9,8 2,9,8 2,7,8 2,9', /value .*\[2, 7, 8\].*\[2, 9, 8\]/],
  ['Attention', heads(1), '2,9,8 2,7,8 2,7,8 2,7', /more queries than keys/],
  [
    'AttentionGrads',
    heads(1),
    '2,9,8 2,9,8 2,9,8 2,9,8 2,9 2,9,8 2,1,8',
    /log_sum .*\[2, 1, 8\].*\[2, 1, 9\]/,
  ],
  ['Gru', none, '2,9,24 8,16 24 2,9', /recurrent .*\[8, 16\].*\[8, 24\]/],
  ['Gru', none, '2,9,8 8,24 24 2,9', /x .*\[2, 9, 8\].* 24\]/],
  ['GruGrads', none, '2,9,8 2,9,24 8,24 24 2,9 2,9,8 2,9,24', /gates .*\[2, 9, 24\].*\[2, 9, 32\]/],
  ['SoftmaxLoss', none, '4,64 9,32 9 4i 4 0 0i', /table .*\[9, 32\].* 64\]/],
  ['SoftmaxLoss', none, '4,8 9,8 1 4i 4 0 0i', /offset .*\[1\].*\[9\]/],
  ['SoftmaxLoss', none, '4,8 9,8 9 3i 4 0 0i', /labels .*\[3\].*\[4\]/],
  ['SoftmaxLoss', none, '4,8 9,8 9 4i 3 0 0i', /weights .*\[3\].*\[4\]/],
  ['SoftmaxLoss', none, '4,8 9,8 9 4i 4 4 8i', /candidates .*\[8\].*\[9\]/],
  ['RankInPool', none, '4,256 9,8 9 4i', /table .*\[9, 8\].* 256\]/],
  ['RankInPool', none, '4,8 9,8 8 4i', /offset .*\[8\].*\[9\]/],
  ['RankInPool', none, '4,8 9,8 9 5i', /labels .*\[5\].*\[4\]/],
  ['RowAdam', shares, '4,8 4,8 3,8 1', /v .*\[3, 8\].*\[4, 8\]/],
  ['RowAdam', shares, '4,8 4,8 4,8 0', /rate .*\[0\].*\[\]/],
  ['EveryNthPosition', intAttributes({ first: 0, step: 0, length: 1 }), '2,9,8', /step is 0/],
  ['EveryNthPosition', intAttributes({ first: 0, step: 5, length: 3 }), '2,9,8', /a position is not there/],
];

/** How many tensors an op gives. */
const OUTPUTS: Readonly<Record<string, number>> = {
  ...{ DilatedConvKernelGrad: 2, NormRelu: 3, NormReluGrads: 3, SoftmaxLoss: 5, RowAdam: 3 },
  ...{ Attention: 2, AttentionGrads: 3, Gru: 2, GruGrads: 3 },
};

const onesOf = (text: string) =>
  tf.ones(Array.from(text.matchAll(/\d+/g), Number), text.endsWith('i') ? 'int32' : 'float32');

test('shapes and numbers that do not go together are refused by op, input and size', { skip }, () => {
  for (const [op, attributes, shapes, said] of impossible) {
    const run = () =>
      backend.executeMultipleOutputs(op, attributes, shapes.split(' ').map(onesOf), OUTPUTS[op] ?? 1);
    const isTold = ({ message }: Error) => message.includes(`${op}: `) && said.test(message);
    assert.throws(run, isTold, `${op} ${shapes}`);
  }
});

test('the three largest of each row, ties by the smaller index, eager and compiled', () => {
  const given = { x: { shape: [2, 4], values: Float32Array.of(1, 5, 5, 2, 3, 3, 3, -1) } };
  const program = Program.compile(given, { best: { inputs: {}, outputs: (w) => tf.topk(w.x, 3) } });
  const compiled = program.run<Float32Array | Int32Array>('best', {});
  program.dispose();
  const { values, indices } = tf.topk(upload(given.x), 3);
  assert.deepEqual([values.shape, indices.shape, indices.dtype], [[2, 3], [2, 3], 'int32']);
  const expected = { values: Float32Array.of(5, 5, 2, 3, 3, 3), indices: Int32Array.of(1, 2, 3, 0, 1, 2) };
  assert.deepEqual({ values: values.dataSync(), indices: indices.dataSync() }, expected);
  assert.deepEqual(compiled, expected);
});
