import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Weight } from '../../../lib/engine/weights';
import { loadWeights, saveWeights } from '../../../lib/model/files/safetensors';
import { folderWith } from '../../data/folders';

/** Zeros of both signs, the smallest and the largest float32, and what is no number. */
const odd: Weight = { shape: [2, 3], values: Float32Array.of(0, -0, 1e-45, 3.4e38, Number.NaN, -Infinity) };

test('the file is what safetensors prescribes: length, header, little-endian values', () => {
  const folder = folderWith({});
  const file = path.join(folder, 'odd.safetensors');
  saveWeights(file, { a: [odd], b: { shape: [], values: Float32Array.of(1) } });
  const bytes = fs.readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  assert.deepEqual(JSON.parse(bytes.toString('utf8', 8, 8 + length)), {
    'a/0': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    b: { dtype: 'F32', shape: [], data_offsets: [24, 28] },
  });
  const start = 8 + length;
  assert.equal(start % 8, 0);
  assert.equal(bytes.length, start + 28);
  assert.equal(bytes.toString('hex', start, start + 12), '00000000' + '00000080' + '01000000');
  assert.equal(bytes.toString('hex', start + 24), '0000803f');
  const [read] = loadWeights(file, { a: [odd] }).a;
  assert.deepEqual(Buffer.from(read.values.buffer), Buffer.from(odd.values.buffer));
});

test('a part of a larger array is saved as that part; a weight that is missing or of another shape is named', () => {
  const folder = folderWith({});
  const file = path.join(folder, 'part.safetensors');
  const values = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
  const weight = (...shape: number[]): Weight => ({ shape, values });
  saveWeights(file, { w: weight(2) });
  assert.deepEqual([...loadWeights(file, { w: weight(2) }).w.values], [2, 3]);
  assert.throws(() => loadWeights(file, { w: weight(1, 2) }), /part\.safetensors: expected w .*\[1,2\]/);
  assert.throws(() => loadWeights(file, { v: weight(2) }), /part\.safetensors: expected v .*\[2\]/);
});
