import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../../lib/engine/native';
import { upload } from '../../../lib/engine/weights';
import {
  classProbabilities,
  patchedStates,
  topLists,
  trunkStates,
  userStates,
} from '../../../lib/model/exchange/outputs';
import { loadUserModel, userSequences } from '../../../lib/model/files/patchFile';
import { loadTrunk } from '../../../lib/model/files/trunkFile';
import { scores } from '../../../lib/model/heads';
import { encode, tclId } from '../../../lib/model/trunks/trunk';
import { userIds, userVector } from '../../../lib/model/userModel';
import { assertClose } from '../../engine/bothWays';
import { rowsOf } from '../tinyModel';
import { CLASSES, insertion, type TinyFiles, tinyFiles } from './tinyFiles';

const rows = [[1, 2, 3], [4], [5, 6, 1], [2, 3, 4, 5, 6]].map((row) => Int32Array.from(row));
const near = (found: ArrayLike<number>, expected: ArrayLike<number>) => assertClose(found, expected, 1e-5);
const idsOf = (row: Int32Array, count = 1) => tf.tensor2d(row, [count, row.length / count], 'int32');

for (const direction of ['causal', 'non-causal'] as const) {
  test(`${direction}: every row has the hidden states that it has alone, and the last position is that of all`, () => {
    const files = tinyFiles(direction);
    const trunk = loadTrunk(files.trunk);
    const [all, last] = (['all', 'last'] as const).map((at) => [...trunkStates(trunk, rows, at)]);
    assert.deepEqual([all.length, last.length], [rows.length, rows.length]);
    for (const [i, row] of rows.entries()) {
      const alone = rowsOf(encode(upload(files.model.trunk), files.shape, idsOf(row)));
      assert.deepEqual([all[i].length, last[i].length], [row.length, 1]);
      for (const [t, h] of alone.entries()) near(all[i][t], h);
      near(last[i][0], all[i][row.length - 1]);
    }
  });

  test(`${direction}: a user's vector is the one of fine-tuning`, () => {
    for (const padding of ['masked', 'embedded'] as const) {
      const { trunk, patch, model, shape } = tinyFiles(direction, 'classify', padding);
      const states = [...userStates(loadUserModel(trunk, patch), rows, 'last')];
      const ids = idsOf(userIds(rows, { shape }, 5), rows.length);
      const expected = userVector(upload(model), { shape, insertion }, ids).dataSync();
      near(
        states.flatMap(([h]) => [...h]),
        expected,
      );
    }
  });
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
  const row = (i: number) => new Int32Array(1 + (i % 3)).fill(1 + (i % 6));
  const many = Array.from({ length: 2500 }, (_, i) => row(i));
  const states = [...trunkStates(loadTrunk(tinyFiles('causal').trunk), many, 'last')];
  assert.equal(states.length, many.length);
  for (const [i, [h]] of states.entries()) near(h, states[i % 6][0]);
});

/** The scores of each row by the functions of the model. */
function scored({ model, shape }: TinyFiles): number[][] {
  const weights = upload(model);
  return rows.map((row) => {
    const user = userVector(weights, { shape, insertion }, idsOf(userIds([row], { shape }, row.length)));
    return [...scores(user, weights.head).dataSync()];
  });
}

test('a top-N list holds the best items with their scores, best first, and no more than there are', () => {
  const files = tinyFiles('causal', 'recommend');
  const model = loadUserModel(files.trunk, files.patch);
  const lists = [...topLists(model, userSequences(model, rows), 2)];
  for (const [i, row] of scored(files).entries()) {
    const best = [...row.keys()].sort((a, b) => row[b] - row[a]).slice(0, 2);
    const items = lists[i].map(({ item }) => item);
    assert.deepEqual(
      items,
      best.map((y) => CLASSES[y]),
    );
    near(
      lists[i].map(({ score }) => score),
      best.map((y) => row[y]),
    );
  }
  const [all] = [...topLists(model, userSequences(model, rows), 50)];
  assert.equal(all.length, CLASSES.length);
});

test('class probabilities are the softmax of the scores', () => {
  const files = tinyFiles('non-causal', 'classify');
  const model = loadUserModel(files.trunk, files.patch);
  const found = [...classProbabilities(model, userSequences(model, rows))];
  for (const [i, row] of scored(files).entries()) {
    const sum = row.reduce((total, o) => total + Math.exp(o), 0);
    near(
      found[i],
      row.map((o) => Math.exp(o) / sum),
    );
  }
});
