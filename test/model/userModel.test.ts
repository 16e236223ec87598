import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '../../lib/model/trunk';
import { tokens, userVector, withTcl } from '../../lib/model/userModel';
import { tf } from '../../lib/tensorflow/native';
import { upload } from '../../lib/tensorflow/weights';
import { insertionAt, rowsOf, shapeOf, tinyModel } from './tinyModel';

test('[TCL] stands at the end of a causal sequence and at both ends of a non-causal one', () => {
  const padded = Int32Array.of(0, 0, 3, 5);
  assert.deepEqual([...withTcl(padded, shapeOf('causal'))], [0, 0, 3, 5, 7]);
  assert.deepEqual([...withTcl(padded, shapeOf('non-causal'))], [7, 0, 0, 3, 5, 7]);
  assert.deepEqual([tokens(shapeOf('causal')), tokens(shapeOf('non-causal'))], [1, 2]);
});

test('a causal user is the last hidden state, a non-causal one the sum of the first and the last', () => {
  for (const direction of ['causal', 'non-causal'] as const) {
    tf.tidy(() => {
      const shape = shapeOf(direction);
      const model = upload(tinyModel(direction));
      const ids = tf.tensor2d([[7, 2, 3, 4, 7]], undefined, 'int32');
      const h = rowsOf(encode(model.trunk, shape, ids));
      const sum = h[4].map((value, c) => value + h[0][c]);
      assert.deepEqual(userVector(model, shape, ids).dataSync(), direction === 'causal' ? h[4] : sum);
    });
  }
});

test('the patches of a model change its users', () => {
  tf.tidy(() => {
    const insertion = insertionAt('serial');
    const model = upload(tinyModel('causal', insertion));
    const ids = tf.tensor2d([[1, 2, 3, 7]], undefined, 'int32');
    const [plain, patched] = [undefined, insertion].map((where) =>
      userVector(model, shapeOf('causal'), ids, where).dataSync(),
    );
    assert.notDeepEqual(plain, patched);
  });
});
