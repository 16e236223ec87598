/**
 * MTL, multi-task learning after DUPN (Ni et al. 2018): source and target losses trained jointly from scratch.
 *
 * The PeterRec paper says "adapting DUPN to our dataset" and leaves the rest open. Ours: the trunk of all other
 * methods in the place of DUPN's recurrent network and attention, shared by both losses; a step takes one batch of
 * users with training labels, encodes each once, and lowers target loss + λ · next-item loss (Eq. 1). DUPN's losses
 * are a weighted sum too. λ is tuned on validation. The target loss is that of fine-tuning.
 * Letters: U users, B labels, T length with [TCL], n = T − 1 items, k channels, S candidates.
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { HeadWeights } from '../model/heads';
import { encode, PADDING, type TrunkShape } from '../model/trunk';
import type { UserModelWeights } from '../model/userModel';
import { tf } from '../tensorflow/native';
import { gatherRows } from '../tensorflow/ops/rows';
import { type Labelled, type Sample, softmaxLoss } from '../training/losses';

/** A user model without patches, and the softmax layer over source items, which only training needs. */
export type MTLWeights<L> = UserModelWeights<L> & { readonly softmax: HeadWeights<L> };

/** The target loss of user vectors [B, k]. */
export type TargetLoss = (h: Tensor) => Scalar;

/** Next-item pairs of ids [U, T]: places 1 … n − 1 predict items 2 … n; pairs with padding count 0. */
function nextItems(ids: Tensor): Labelled {
  const [U, T] = ids.shape as [number, number];
  const next = tf.reshape(tf.slice(ids, [0, 1], [U, T - 2]), [U * (T - 2)]);
  return {
    labels: tf.cast(tf.maximum(tf.sub(next, 1), 0), 'int32'),
    weights: tf.cast(tf.notEqual(next, PADDING), 'float32'),
  };
}

/** Target loss + λ · next-item loss; causal trunks only. ids [U, T] (int32), owner [B] (int32) -> scalar. */
export function jointLoss(
  { trunk, softmax }: MTLWeights<Tensor>,
  shape: TrunkShape,
  { ids, owner }: { readonly ids: Tensor; readonly owner: Tensor },
  { lambda, target, sample }: { lambda: number; target: TargetLoss; sample?: Sample | undefined },
): Scalar {
  const [U, T] = ids.shape as [number, number];
  const k = shape.channels;
  const h = encode(trunk, shape, ids); // [U, T, k]
  const user = tf.reshape(tf.slice(h, [0, T - 1, 0], [U, 1, k]), [U, k]);
  const before = tf.reshape(tf.slice(h, [0, 0, 0], [U, T - 2, k]), [U * (T - 2), k]);
  const source = softmaxLoss(before, softmax, nextItems(ids), sample);
  return tf.add(target(gatherRows(user, owner)), tf.mul(source, lambda)) as Scalar;
}
