import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topK } from '../../lib/tensorflow/ops/rank';
import { Program } from '../../lib/tensorflow/program/program';
import { upload } from '../../lib/tensorflow/weights';

const x = { shape: [2, 4], values: Float32Array.of(1, 5, 5, 2, 3, 3, 3, -1) };
const expected = { values: [5, 5, 2, 3, 3, 3], indices: [1, 2, 3, 0, 1, 2] };

test('the three largest of each row, of equal ones the one further left', () => {
  const { values, indices } = topK(upload(x), 3);
  assert.deepEqual([values.shape, indices.shape, indices.dtype], [[2, 3], [2, 3], 'int32']);
  assert.deepEqual([...values.dataSync()], expected.values);
  assert.deepEqual([...indices.dataSync()], expected.indices);
});

test('a program gives the indices as an Int32Array', () => {
  const program = Program.compile({ x }, { best: { inputs: {}, outputs: ({ x }) => topK(x, 3) } });
  const { values, indices } = program.run<Float32Array | Int32Array>('best', {});
  program.dispose();
  assert.deepEqual(values, Float32Array.from(expected.values));
  assert.deepEqual(indices, Int32Array.from(expected.indices));
});
