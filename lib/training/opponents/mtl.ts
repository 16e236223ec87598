/**
 * MTL, multi-task learning after DUPN (Ni et al. 2018): source and target losses trained jointly from scratch.
 *
 * The PeterRec paper says "adapting DUPN to our dataset", on users with a label. Ours: all users of the source, and the trunk of
 * all other methods in the place of DUPN's recurrent network and attention, shared by both losses. Each step takes a batch of labels
 * and one of pre-training's windows, with its dropout, and lowers target loss + λ · next-item loss (Eq. 1), a weighted sum as in DUPN.
 * The budget counts passes over the windows. The target loss is that of fine-tuning; λ, the rate and the dropout of user vectors are
 * tuned on validation.
 */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../engine/native';
import { gatherRows } from '../../engine/ops/rows';
import type { HeadWeights } from '../../model/heads';
import type { TrunkShape } from '../../model/trunks/trunk';
import { type UserModelWeights, userVector } from '../../model/userModel';

/** A user model without patches, and the softmax layer over source items, which only training needs. */
export type MTLWeights<L> = UserModelWeights<L> & { readonly softmax: HeadWeights<L> };

/**
 * Target loss of user vectors [B, k], one a label, + λ · source loss; ids [U, T] (int32), the row of each label's user in owner [B]
 * (int32) -> scalar.
 */
export function jointLoss(
  model: UserModelWeights<Tensor>,
  shape: TrunkShape,
  { ids, owner }: NamedTensorMap,
  { lambda, target, source }: { lambda: number; target: (h: Tensor) => Scalar; source: () => Scalar },
): Scalar {
  const users = gatherRows(userVector(model, { shape }, ids), owner); // [B, k]
  return tf.add(target(users), tf.mul(source(), lambda)) as Scalar;
}
