import { test } from 'node:test';
import { tf } from '../../../lib/engine/native';
import { upload } from '../../../lib/engine/weights';
import { userIds, userVector } from '../../../lib/model/userModel';
import { bpr } from '../../../lib/training/losses';
import { jointLoss } from '../../../lib/training/opponents/mtl';
import { assertClose } from '../../engine/bothWays';
import { LENGTH, shapeOf, tinyModel } from '../../model/tinyModel';

test('the joint loss is the target loss of the users of the labels plus λ times the source loss', () => {
  const shape = shapeOf('causal');
  const model = upload(tinyModel('causal'));
  const ints = (...values: number[]) => tf.tensor1d(values, 'int32');
  const sequences = [Int32Array.of(1, 2, 3, 4, 5), Int32Array.of(6, 2)];
  const ids = tf.tensor2d(userIds(sequences, { shape }, LENGTH), [2, LENGTH + 1], 'int32');
  const pairs = { labels: ints(0, 1, 2), negatives: ints(1, 2, 0) };
  const target = (h: tf.Tensor) => bpr(h, model.head, pairs);
  const owner = ints(0, 1, 1);
  const users = tf.gather(userVector(model, { shape }, ids), owner);
  for (const lambda of [0, 0.5, 2]) {
    const loss = jointLoss(model, shape, { ids, owner }, { lambda, target, source: () => tf.scalar(3) });
    assertClose(loss.dataSync(), [target(users).dataSync()[0] + lambda * 3], 1e-5, `λ = ${lambda}`);
  }
});
