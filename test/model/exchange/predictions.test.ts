import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../../lib/engine/native';
import { upload } from '../../../lib/engine/weights';
import { classProbabilities, topLists } from '../../../lib/model/exchange/predictions';
import { loadUserModel, userSequences } from '../../../lib/model/files/patchFile';
import { scores } from '../../../lib/model/heads';
import { userIds, userVector } from '../../../lib/model/userModel';
import { CLASSES, insertion, type TinyFiles, tinyFiles } from './tinyFiles';

const rows = [[1, 2, 3], [6], [2, 2, 5, 4]].map((row) => Int32Array.from(row));

/** The scores of each row by the functions of the model. */
function scored({ model, shape }: TinyFiles): number[][] {
  const weights = upload(model);
  return rows.map((row) => {
    const ids = userIds([row], shape, row.length);
    const user = userVector(weights, { shape, insertion }, tf.tensor2d(ids, [1, ids.length], 'int32'));
    return [...scores(user, weights.head).dataSync()];
  });
}

const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-5, `${a} is not ${b}`);

test('a top-N list holds the best items with their scores, best first, and no more than there are', () => {
  const files = tinyFiles('causal', 'recommend');
  const model = loadUserModel(files.trunk, files.patch);
  const lists = [...topLists(model, userSequences(model, rows), 2)];
  for (const [i, row] of scored(files).entries()) {
    const order = row.map((_, y) => y).sort((a, b) => row[b] - row[a]);
    assert.deepEqual(
      lists[i].map(({ item }) => item),
      order.slice(0, 2).map((y) => CLASSES[y]),
    );
    for (const [n, { score }] of lists[i].entries()) close(score, row[order[n]]);
  }
  const [all] = [...topLists(model, userSequences(model, rows), 50)];
  assert.equal(all.length, CLASSES.length);
});

test('class probabilities are the softmax of the scores, by class name', () => {
  const files = tinyFiles('non-causal', 'classify');
  const model = loadUserModel(files.trunk, files.patch);
  const found = [...classProbabilities(model, userSequences(model, rows))];
  for (const [i, row] of scored(files).entries()) {
    const sum = row.reduce((total, o) => total + Math.exp(o), 0);
    for (const [y, name] of CLASSES.entries()) close(found[i][name], Math.exp(row[y]) / sum);
  }
});
