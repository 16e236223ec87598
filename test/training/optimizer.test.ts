/** Adam, dense and by rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { float32, int32, type Training } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import { haveKernels } from '../../lib/engine/ops/kernels';
import { gatherRows } from '../../lib/engine/ops/rows';
import { Builder } from '../../lib/engine/program/builder';
import { Program } from '../../lib/engine/program/program';
import type { Weight } from '../../lib/engine/weights';
import { adam, rowAdam } from '../../lib/training/optimizer';
import { assertClose } from '../engine/bothWays';
import { snapshotOf } from '../engine/tinyProgram';

/** A weight of equal numbers that start at 1 after steps whose gradients are fed, and the optimiser's state: the last number of each. */
function underAdam(optimizer: Training<unknown>['optimizer'], gradients: number[], size = 1) {
  const program = Program.compile(
    { w: { shape: [size], values: new Float32Array(size).fill(1) } },
    {
      train: {
        inputs: { gradient: float32() },
        loss: ({ w }, { gradient }) => tf.sum(tf.mul(w, gradient)),
        tuned: ({ w }) => [w],
        optimizer,
      },
    },
  );
  for (const gradient of gradients) program.run('train', { gradient: Float32Array.of(gradient) });
  const state = snapshotOf(program);
  const isOwn = program.ops('train').includes('ResourceApplyAdam');
  program.dispose();
  const values = ['weights/w', 'adam/m/w', 'adam/v/w'].map((name) => state.get(name)?.at(-1) as number);
  assert.equal(isOwn, size >= 2 ** 22 || !haveKernels());
  return values;
}

test('dense Adam by hand: steps of rate 0.1, a tiny gradient, and none', () => {
  // m = 0.2, v = 0.004; the corrected step is 0.1 · 2 / √4 = 0.1.
  assertClose(underAdam(adam(0.1), [2]), [0.9, 0.2, 0.004], 1e-6);
  // m = 0.9 · 0.2 − 0.1 = 0.08, v = 0.999 · 0.004 + 0.001 = 0.004996;
  // the step is 0.1 · √(1 − 0.999²) / (1 − 0.9²) · 0.08 / √0.004996 = 0.026634.
  assertClose(underAdam(adam(0.1), [2, -1]), [0.9 - 0.026634, 0.08, 0.004996], 1e-6);
  // Epsilon is added to the uncorrected √v:
  // √0.001 / 0.1 · (0.1 · 1e-8) / (√0.001 · 1e-8 + 1e-8) = √0.001 / (√0.001 + 1) = 0.030653.
  assertClose(underAdam(adam(1), [1e-8]).slice(0, 1), [1 - 0.030653], 1e-5);
  assert.deepEqual(underAdam(adam(0.1), [0]), [1, 0, 0]);
  for (const size of [2 ** 14 + 3, 2 ** 22])
    assertClose(underAdam(adam(0.1), [2, -1], size), [0.9 - 0.026634, 0.08, 0.004996], 1e-6);
});

type Weights = { readonly table: Weight };
const column = (...values: number[]): Weights => ({
  table: { shape: [values.length, 1], values: Float32Array.from(values) },
});

/** A step on N gathered rows of a table [V, k] whose gradients are what is fed. */
function step(N: number, k: number, how: Pick<Training<Weights>, 'optimizer' | 'rows'>): Training<Weights> {
  return {
    inputs: { ids: int32(N), slopes: float32(N, k) },
    loss: ({ table }, { ids, slopes }) =>
      tf.sum(tf.mul(gatherRows(table, ids), table.rank === 1 ? tf.reshape(slopes, [N]) : slopes)),
    tuned: ({ table }) => [table],
    ...how,
  };
}
const tables = ({ table }: { table: Tensor }) => [table];
const byRows = (rate: number) => ({ optimizer: adam(rate), rows: { tables, optimizer: rowAdam(rate) } });
const feed = (ids: number[], slopes: number[]) => ({
  ids: Int32Array.from(ids),
  slopes: Float32Array.from(slopes),
});

/** The state by names of a program on a table after the steps so far. */
const stateOf = (program: Program<Weights>) => {
  const state = snapshotOf(program);
  const values = (name: string) => state.get(name) as Float32Array;
  const [table, m, v] = ['weights/table', 'rowAdam/m/table', 'rowAdam/v/table'].map(values);
  return { table, m, v, powers: [...values('rowAdam/beta1Power'), ...values('rowAdam/beta2Power')] };
};

/** Row 0 has the gradients 1 + 3 = 4 and 1 + 1 = 2, row 1 has 2 in the first step, row 2 has −5 in the second. */
const first = feed([0, 1, 0], [1, 2, 3]);
const second = feed([0, 2, 0], [1, -5, 1]);

test('two steps of row-wise Adam at rate 0.1, with a repeated id and untouched rows, by hand; a vector’s rows are its numbers', () => {
  const program = Program.compile(column(1, 1, 1, 7), { train: step(3, 1, byRows(0.1)) });
  program.run('train', first);
  const one = stateOf(program);
  // A first step is rate · sign of the gradient; m = 0.1 g, v = 0.001 g².
  assertClose(one.table, [0.9, 0.9, 1, 7], 1e-6);
  assertClose(one.m, [0.4, 0.2, 0, 0], 1e-6);
  assertClose(one.v, [0.016, 0.004, 0, 0], 1e-6);
  program.run('train', second);
  const two = stateOf(program);
  program.dispose();
  // Row 0: m = 0.9 · 0.4 + 0.1 · 2 = 0.56, v = 0.999 · 0.016 + 0.001 · 4 = 0.019984; row 2: m = −0.5, v = 0.025.
  // The rate is 0.1 · √(1 − 0.999²) / (1 − 0.9²) = 0.0235317, a step that times m / √v.
  assertClose(two.table, [0.806782, 0.9, 1.074414, 7], 1e-6);
  assertClose(two.m, [0.56, 0.2, -0.5, 0], 1e-6);
  assertClose(two.v, [0.019984, 0.004, 0.025, 0], 1e-6);
  for (const name of ['table', 'm', 'v'] as const)
    assert.deepEqual([two[name][1], two[name][3]], [one[name][1], one[name][3]], `${name} of untouched rows`);
  assertClose(two.powers, [0.9 ** 3, 0.999 ** 3], 1e-6);

  const start = { table: { shape: [3], values: Float32Array.of(1, 1, 1) } };
  const vector = Program.compile(start, { train: step(3, 1, byRows(0.1)) });
  for (const batch of [first, second]) vector.run('train', batch);
  assertClose(vector.read().table.values, [0.806782, 0.9, 1.074414], 5e-6); // 1 − β₂² has 4 digits in float32
  vector.dispose();
});

test('where each step touches every row, row-wise Adam is dense Adam', () => {
  const start = { table: { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) } };
  const [dense, rows] = [{ optimizer: adam(0.1) }, byRows(0.1)].map((how) => {
    const program = Program.compile(start, { train: step(4, 2, how) });
    program.run('train', feed([2, 0, 1, 0], [1, -2, 3, 0.5, -1, 2, 0.25, 1]));
    program.run('train', feed([0, 1, 2, 2], [-1, 0.5, 2, 2, -3, 1, 1, 1]));
    program.run('train', feed([1, 1, 0, 2], [4, 1, -2, 0.5, 1, 1, 0.125, -3]));
    const { table } = program.read();
    program.dispose();
    return table.values;
  });
  assertClose(rows, dense, 1e-6);
});

/** A loss that gathers from one table twice, with ids of one and of two dimensions. */
const twice: Training<Weights> = {
  inputs: { ids: int32(2, 2), others: int32(3) },
  loss: ({ table }, { ids, others }) =>
    tf.add(tf.sum(tf.square(gatherRows(table, ids))), tf.sum(gatherRows(table, others))),
  tuned: tables,
  ...byRows(0.1),
};

test('the gradients of several gathers from one table are summed', () => {
  const program = Program.compile(column(1, 2, 3, 4, 5), { train: twice });
  program.run('train', { ids: Int32Array.of(0, 1, 1, 3), others: Int32Array.of(3, 2, 3) });
  const { m } = stateOf(program);
  program.dispose();
  // Σ x² gives 2 x for each id, Σ x gives 1: rows 0 to 4 have 2, 4 + 4, 1, 8 + 1 + 1 and nothing.
  assertClose(m, [0.2, 0.8, 0.1, 1, 0], 1e-6);
});

test('a step reads and writes just the rows that it gathers, and the weight after all its rows are read', () => {
  const builder = new Builder(column(1, 2, 3, 4, 5));
  const { outputs } = builder.signature('train', twice);
  const nodes = builder.graph.reachable([outputs.loss.ref]);
  const named = (op: string) => nodes.filter((node) => node.op === op);
  const sizes = named('UnsortedSegmentSum').map(({ input }) => builder.graph.node(input[2]).op);
  assert.deepEqual(sizes, ['Size']);
  const table = ['weights/table', 'rowAdam/m/table', 'rowAdam/v/table'].map((name) => `${name}:0`);
  const users = nodes.filter(({ input }) => input.some((ref) => table.includes(ref)));
  const ops = new Set(users.map(({ op }) => op));
  assert.deepEqual(ops, new Set(['ResourceGather', 'ResourceScatterUpdate', 'ResourceScatterSub']));
  const [write] = named('ResourceScatterSub');
  for (const { name, input } of named('ResourceGather').filter(({ input }) => input[0] === table[0]))
    assert.ok(write.input.includes(`^${name}`), `${input}`);
});

test('a weight that is used as a whole too has no gradient of rows: the error names it', () => {
  const losses: readonly ((table: Tensor, ids: Tensor) => Scalar)[] = [
    (table, ids) => tf.add(tf.sum(gatherRows(table, ids)), tf.sum(table)),
    (table) => tf.sum(tf.matMul(table as tf.Tensor2D, tf.ones([1, 2]))),
  ];
  for (const of of losses) {
    const loss: Training<Weights>['loss'] = ({ table }, { ids }) => of(table, ids);
    const train = { ...step(3, 1, byRows(0.1)), loss };
    assert.throws(() => Program.compile(column(1, 2, 3), { train }), /train: the gradient of table is dense/);
  }
});

test('training with row-wise Adam resumes from a snapshot bit for bit, in another program too', () => {
  const compile = () => Program.compile(column(1, 1, 1, 7), { train: step(3, 1, byRows(0.1)) });
  const [one, other] = [compile(), compile()];
  one.run('train', first);
  const snapshot = snapshotOf(one);
  one.run('train', second);
  const expected = snapshotOf(one);
  for (const program of [one, other]) {
    program.restore(snapshot);
    program.run('train', second);
    assert.deepEqual(snapshotOf(program), expected);
    program.dispose();
  }
});

test('two signatures with one optimiser share its moments and its step', () => {
  const how = byRows(0.1);
  const program = Program.compile(column(1, 1, 1, 7), { short: step(1, 1, how), long: step(2, 1, how) });
  program.run('short', feed([0], [4]));
  program.run('long', feed([2, 0], [-5, 2]));
  const { table, m, powers } = stateOf(program);
  program.dispose();
  // The two steps by hand above, without row 1.
  assertClose(table, [0.806782, 1, 1.074414, 7], 1e-6);
  assertClose(m, [0.56, 0, -0.5, 0], 1e-6);
  assertClose(powers, [0.9 ** 3, 0.999 ** 3], 1e-6);
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
