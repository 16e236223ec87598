import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../../lib/engine/native';
import { upload } from '../../../lib/engine/weights';
import { patchedStates, trunkStates, userStates } from '../../../lib/model/exchange/hiddenStates';
import { loadUserModel } from '../../../lib/model/files/patchFile';
import { loadTrunk } from '../../../lib/model/files/trunkFile';
import { encode, tclId } from '../../../lib/model/trunk';
import { userIds, userVector } from '../../../lib/model/userModel';
import { rowsOf } from '../tinyModel';
import { insertion, tinyFiles } from './tinyFiles';

const DIRECTIONS = ['causal', 'non-causal'] as const;
const rows = [[1, 2, 3], [4], [5, 6, 1], [2, 3, 4, 5, 6]].map((row) => Int32Array.from(row));

function near(found: ArrayLike<number>, expected: ArrayLike<number>) {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++) assert.ok(Math.abs(found[i] - expected[i]) < 1e-5);
}

const idsOf = (row: Int32Array) => tf.tensor2d([...row], [1, row.length], 'int32');

for (const direction of DIRECTIONS) {
  test(`${direction}: every row has the hidden states that it has alone, and the last position is that of all`, () => {
    const files = tinyFiles(direction);
    const trunk = loadTrunk(files.trunk);
    const [all, last] = (['all', 'last'] as const).map((positions) => [
      ...trunkStates(trunk, rows, positions),
    ]);
    assert.deepEqual([all.length, last.length], [rows.length, rows.length]);
    for (const [i, row] of rows.entries()) {
      const alone = rowsOf(encode(upload(files.model.trunk), files.shape, idsOf(row)));
      assert.deepEqual([all[i].length, last[i].length], [row.length, 1]);
      for (const [t, h] of alone.entries()) near(all[i][t], h);
      near(last[i][0], all[i][row.length - 1]);
    }
  });

  for (const padding of ['masked', 'embedded'] as const) {
    test(`${direction}, ${padding} padding: a user's vector is the one of fine-tuning`, () => {
      const { trunk, patch, model, shape } = tinyFiles(direction, 'classify', padding);
      const states = [...userStates(loadUserModel(trunk, patch), rows, 'last')];
      const ids = userIds(rows, shape, 5);
      const T = ids.length / rows.length;
      const expected = userVector(
        upload(model),
        { shape, insertion },
        tf.tensor2d(ids, [rows.length, T], 'int32'),
      );
      near(
        states.flatMap(([h]) => [...h]),
        expected.dataSync(),
      );
    });
  }
}

test('patches change the hidden states, and model ids may name [TCL]', () => {
  const { trunk, patch, shape } = tinyFiles('causal');
  const ids = [Int32Array.of(1, 2, tclId(shape))];
  const [[plain]] = [...trunkStates(loadTrunk(trunk), ids, 'last')];
  const [[patched]] = [...patchedStates(loadUserModel(trunk, patch), ids, 'last')];
  const [[user]] = [...userStates(loadUserModel(trunk, patch), [Int32Array.of(1, 2)], 'last')];
  assert.ok(plain.some((value, i) => Math.abs(value - patched[i]) > 1e-3));
  near(patched, user);
});

test('more rows than are held at once come in order', () => {
  const trunk = loadTrunk(tinyFiles('causal').trunk);
  const many = Array.from({ length: 2500 }, (_, i) =>
    Int32Array.from({ length: 1 + (i % 3) }, () => 1 + (i % 6)),
  );
  const byRow = new Map([...trunkStates(trunk, many, 'last')].map(([h], i) => [i, h]));
  assert.equal(byRow.size, many.length);
  for (let i = 6; i < many.length; i++) near(byRow.get(i) as Float32Array, byRow.get(i % 6) as Float32Array);
});
