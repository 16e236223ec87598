import { test } from 'node:test';
import { random } from '../../../lib/base/random';
import { tf } from '../../../lib/engine/native';
import { upload } from '../../../lib/engine/weights';
import { freshHead } from '../../../lib/model/heads';
import { encode, freshTrunk } from '../../../lib/model/trunk';
import { userIds, userVector } from '../../../lib/model/userModel';
import { nextItemBatch } from '../../../lib/training/itemInputs';
import { bpr, fullSoftmax } from '../../../lib/training/losses';
import { jointLoss } from '../../../lib/training/opponents/mtl';
import { assertClose } from '../../engine/bothWays';
import { shapeOf } from '../../model/tinyModel';

const shape = { ...shapeOf('causal'), items: 6, padding: 'masked' as const };
const stream = random(5, 'mtl');
const model = upload({
  trunk: freshTrunk(shape, stream),
  patches: [],
  head: freshHead(4, shape.channels, stream),
  softmax: freshHead(6, shape.channels, stream),
});
const sequences = [Int32Array.of(1, 2, 3, 4, 5), Int32Array.of(6, 2)];
const LENGTH = 5;
const ids = tf.tensor2d(userIds(sequences, shape, LENGTH), [2, LENGTH + 1], 'int32');
const ints = (values: ArrayLike<number>) => tf.tensor1d(Int32Array.from(values), 'int32');
const owner = ints([0, 1, 1]);
const target = (h: tf.Tensor) => bpr(h, model.head, { labels: ints([0, 1, 2]), negatives: ints([3, 3, 0]) });

/** What pre-training makes of the same users. */
const pairs = nextItemBatch(sequences, LENGTH);
const labelled = { labels: ints(pairs.labels), weights: tf.tensor1d(pairs.weights) };
const h = tf.reshape(encode(model.trunk, shape, tf.tensor2d(pairs.ids, [2, LENGTH - 1], 'int32')), [
  2 * (LENGTH - 1),
  shape.channels,
]);
const users = tf.gather(userVector(model, { shape }, ids), owner);

test('the joint loss is the target loss of fine-tuning plus λ times the loss of pre-training', () => {
  const source = () => fullSoftmax(h, model.softmax, labelled);
  for (const lambda of [0, 0.5, 2]) {
    const loss = jointLoss(model, shape, { ids, owner }, { lambda, target, source });
    const expected = target(users).dataSync()[0] + lambda * source().dataSync()[0];
    assertClose(loss.dataSync(), [expected], 1e-5, `λ = ${lambda}`);
  }
});
