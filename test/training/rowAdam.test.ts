import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Training } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import { gatherRows } from '../../lib/engine/ops/rows';
import { Builder } from '../../lib/engine/program/builder';
import { Program } from '../../lib/engine/program/program';
import type { Weight } from '../../lib/engine/weights';
import { adam, rowAdam } from '../../lib/training/optimizer';
import { assertClose } from '../engine/bothWays';

type Weights = { readonly table: Weight };
const column = (...values: number[]): Weights => ({
  table: { shape: [values.length, 1], values: Float32Array.from(values) },
});

/** A step on N gathered rows of a table [V, k] whose gradients are what is fed. */
function step(N: number, k: number, how: Pick<Training<Weights>, 'optimizer' | 'rows'>): Training<Weights> {
  return {
    inputs: { ids: { dtype: 'int32', shape: [N] }, slopes: { dtype: 'float32', shape: [N, k] } },
    loss: ({ table }, { ids, slopes }) => tf.sum(tf.mul(gatherRows(table, ids), slopes)),
    tuned: ({ table }) => [table],
    ...how,
  };
}
const tables = ({ table }: { table: Tensor }) => [table];
const byRows = (rate: number) => ({
  optimizer: adam(rate),
  rows: { tables, optimizer: rowAdam(rate) },
});
const feed = (ids: number[], slopes: number[]) => ({
  ids: Int32Array.from(ids),
  slopes: Float32Array.from(slopes),
});

/** Row 0 has the gradients 1 + 3 = 4 and 1 + 1 = 2, row 1 has 2 in the first step, row 2 has −5 in the second. */
const first = feed([0, 1, 0], [1, 2, 3]);
const second = feed([0, 2, 0], [1, -5, 1]);

test('two steps of row-wise Adam at rate 0.1, with a repeated id and untouched rows, by hand', () => {
  const program = Program.compile(column(1, 1, 1, 7), { train: step(3, 1, byRows(0.1)) });
  program.run('train', first);
  const one = program.snapshot();
  // A first step is rate · sign of the gradient; m = 0.1 g, v = 0.001 g².
  assertClose(one.get('weights/table') as Float32Array, [0.9, 0.9, 1, 7], 1e-6);
  assertClose(one.get('rowAdam/m/table') as Float32Array, [0.4, 0.2, 0, 0], 1e-7);
  assertClose(one.get('rowAdam/v/table') as Float32Array, [0.016, 0.004, 0, 0], 1e-7);
  program.run('train', second);
  const two = program.snapshot();
  program.dispose();
  // Row 0: m = 0.9 · 0.4 + 0.1 · 2 = 0.56, v = 0.999 · 0.016 + 0.001 · 4 = 0.019984; row 2: m = −0.5, v = 0.025.
  // The rate is 0.1 · √(1 − 0.999²) / (1 − 0.9²) = 0.0235317, a step that times m / √v.
  assertClose(two.get('weights/table') as Float32Array, [0.806782, 0.9, 1.074414, 7], 1e-6);
  assertClose(two.get('rowAdam/m/table') as Float32Array, [0.56, 0.2, -0.5, 0], 1e-7);
  assertClose(two.get('rowAdam/v/table') as Float32Array, [0.019984, 0.004, 0.025, 0], 1e-7);
  for (const name of ['weights/table', 'rowAdam/m/table', 'rowAdam/v/table']) {
    const [before, after] = [one, two].map((state) => state.get(name) as Float32Array);
    assert.deepEqual([after[1], after[3]], [before[1], before[3]], `${name} of untouched rows`);
  }
  assertClose(two.get('rowAdam/beta1Power') as Float32Array, [0.9 ** 3], 1e-6);
  assertClose(two.get('rowAdam/beta2Power') as Float32Array, [0.999 ** 3], 1e-6);
});

test('the rows of a vector, such as biases, are its numbers', () => {
  const start = { table: { shape: [3], values: Float32Array.of(1, 1, 1) } };
  const loss: Training<Weights>['loss'] = ({ table }, { ids, slopes }) =>
    tf.sum(tf.mul(gatherRows(table, ids), tf.reshape(slopes, [3])));
  const program = Program.compile(start, { train: { ...step(3, 1, byRows(0.1)), loss } });
  program.run('train', first);
  program.run('train', second);
  const { table } = program.read();
  program.dispose();
  assertClose(table.values, [0.806782, 0.9, 1.074414], 5e-6); // 1 − β₂² has 4 digits in float32
});

/** The table after some steps, by dense and by row-wise Adam. */
function bothTables(batches: readonly ReturnType<typeof feed>[]): [Float32Array, Float32Array] {
  const start = { table: { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) } };
  const [dense, rows] = [{ optimizer: adam(0.1) }, byRows(0.1)].map((how) => {
    const program = Program.compile(start, { train: step(4, 2, how) });
    for (const batch of batches) program.run('train', batch);
    const { table } = program.read();
    program.dispose();
    return table.values;
  });
  return [dense, rows];
}

test('where each step touches every row, row-wise Adam is dense Adam', () => {
  const [dense, rows] = bothTables([
    feed([2, 0, 1, 0], [1, -2, 3, 0.5, -1, 2, 0.25, 1]),
    feed([0, 1, 2, 2], [-1, 0.5, 2, 2, -3, 1, 1, 1]),
    feed([1, 1, 0, 2], [4, 1, -2, 0.5, 1, 1, 0.125, -3]),
  ]);
  assertClose(rows, dense, 1e-6);
});

/** A loss that gathers from one table twice, with ids of one and of two dimensions. */
const twice: Training<Weights> = {
  inputs: { ids: { dtype: 'int32', shape: [2, 2] }, others: { dtype: 'int32', shape: [3] } },
  loss: ({ table }, { ids, others }) =>
    tf.add(tf.sum(tf.square(gatherRows(table, ids))), tf.sum(gatherRows(table, others))),
  tuned: tables,
  ...byRows(0.1),
};

test('the gradients of several gathers from one table are summed', () => {
  const start = column(1, 2, 3, 4, 5);
  const batch = { ids: Int32Array.of(0, 1, 1, 3), others: Int32Array.of(3, 2, 3) };
  const program = Program.compile(start, { train: twice });
  program.run('train', batch);
  const m = program.snapshot().get('rowAdam/m/table') as Float32Array;
  program.dispose();
  // Σ x² gives 2 x for each id, Σ x gives 1: rows 0 to 4 have 2, 4 + 4, 1, 8 + 1 + 1 and nothing.
  assertClose(m, [0.2, 0.8, 0.1, 1, 0], 1e-6);
});

test('a step reads and writes just the rows that it gathers, and the weight after all its rows are read', () => {
  const builder = new Builder(column(1, 2, 3, 4, 5));
  const { outputs } = builder.signature('train', twice);
  const nodes = builder.graph.reachable([outputs.loss.ref]);
  const named = (op: string) => nodes.filter((node) => node.op === op);
  assert.deepEqual(
    named('UnsortedSegmentSum').map(({ input }) => builder.graph.node(input[2]).op),
    ['Size'],
  );
  const table = ['weights/table', 'rowAdam/m/table', 'rowAdam/v/table'].map((name) => `${name}:0`);
  const users = nodes.filter(({ input }) => input.some((ref) => table.includes(ref)));
  assert.deepEqual(
    new Set(users.map(({ op }) => op)),
    new Set(['ResourceGather', 'ResourceScatterUpdate', 'ResourceScatterSub']),
  );
  const [write] = named('ResourceScatterSub');
  for (const { name, input } of named('ResourceGather').filter(({ input }) => input[0] === table[0]))
    assert.ok(write.input.includes(`^${name}`), `${input}`);
});

const dense: readonly (readonly [string, (table: Tensor, ids: Tensor) => Scalar])[] = [
  ['a sum over the whole table', (table, ids) => tf.add(tf.sum(gatherRows(table, ids)), tf.sum(table))],
  ['a product with the whole table', (table) => tf.sum(tf.matMul(table as tf.Tensor2D, tf.ones([1, 2])))],
];
for (const [name, loss] of dense) {
  test(`${name} has no gradient of rows: the error names the weight`, () => {
    const train = {
      ...step(3, 1, byRows(0.1)),
      loss: ({ table }, { ids }) => loss(table, ids),
    } as Training<Weights>;
    assert.throws(() => Program.compile(column(1, 2, 3), { train }), /train: the gradient of table is dense/);
  });
}

test('training with row-wise Adam resumes from a snapshot bit for bit, in another program too', () => {
  const compile = () => Program.compile(column(1, 1, 1, 7), { train: step(3, 1, byRows(0.1)) });
  const [one, other] = [compile(), compile()];
  one.run('train', first);
  const snapshot = one.snapshot();
  one.run('train', second);
  const expected = one.snapshot();
  for (const program of [one, other]) {
    program.restore(snapshot);
    program.run('train', second);
    assert.deepEqual(program.snapshot(), expected);
    program.dispose();
  }
});

test('two signatures with one optimiser share its moments and its step', () => {
  const how = byRows(0.1);
  const program = Program.compile(column(1, 1, 1, 7), { short: step(1, 1, how), long: step(2, 1, how) });
  program.run('short', feed([0], [4]));
  program.run('long', feed([2, 0], [-5, 2]));
  const state = program.snapshot();
  program.dispose();
  // The two steps by hand above, without row 1.
  assertClose(state.get('weights/table') as Float32Array, [0.806782, 1, 1.074414, 7], 1e-6);
  assertClose(state.get('rowAdam/m/table') as Float32Array, [0.56, 0, -0.5, 0], 1e-7);
  assertClose(state.get('rowAdam/beta1Power') as Float32Array, [0.9 ** 3], 1e-6);
});

test('two optimisers of one name in a program are refused', () => {
  const [short, long] = [0.1, 0.2].map((rate) => step(1, 1, { optimizer: adam(rate) }));
  assert.throws(
    () => Program.compile(column(1, 2), { short, long }),
    /^Error: long: .* another optimiser called adam/,
  );
});

test('a whole table is read as it is after its rows were written, and rows are written after it was read', () => {
  const program = Program.compile(column(1, 1, 1, 7), {
    train: step(3, 1, byRows(0.1)),
    sum: { inputs: {}, outputs: ({ table }) => ({ sum: tf.sum(table) }) },
  });
  assert.ok(program.ops('sum').includes('DisableCopyOnRead'), 'the read shares the memory of the table');
  const sums = [first, second].map((batch) => {
    program.run('train', batch);
    return program.run('sum', {}).sum[0];
  });
  const tensors = tf.memory().numTensors;
  const { table } = program.read();
  program.run('train', second);
  assert.equal(tf.memory().numTensors, tensors, 'a step leaves no tensor behind');
  program.dispose();
  assertClose(sums, [0.9 + 0.9 + 1 + 7, 0.806782 + 0.9 + 1.074414 + 7], 1e-6);
  assertClose(table.values, [0.806782, 0.9, 1.074414, 7], 1e-6);
});
