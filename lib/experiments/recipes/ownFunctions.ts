/**
 * A researcher's own functions, checked at each call. A UserError names the function.
 * Letters: B labels of a batch or users, T length, k channels, d bottleneck, |Y| labels to choose from.
 */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../../base/random';
import { withoutDice } from '../../engine/graph/refusal';
import { tf } from '../../engine/native';
import { leavesIn, type Tree, type Weight } from '../../engine/weights';
import type { HeadWeights } from '../../model/heads';
import type { OwnPatch, PatchSite } from '../../model/patches/bottleneck';
import type { Select } from '../../model/selections/selection';
import type { Layer } from '../../model/trunks/architecture';
import type { UserModelWeights } from '../../model/userModel';
import { ownFunction } from '../methods/own/call';
import { type Own, refusal } from '../methods/own/own';

/** Labels [B] (int32), a negative of each [B] (int32), and weights [B]: 0 for padding. */
type LabelledBatch = { readonly labels: Tensor; readonly negatives: Tensor; readonly weights: Tensor };

/** Tuned parts of a user model: tensors in a graph, and weights on the JavaScript side. */
export type Selected = <L>(model: UserModelWeights<L>) => readonly Tree<L>[];

/** Source of a negative: |Y|, and the label of a random training instance. */
export type Drawn = { readonly labels: number; readonly popular: (stream: Random) => number };

/** The functions of each kind. */
export type OwnFunctions = {
  /** Users' vectors h [B, k], ν and the batch -> scalar */
  readonly loss: {
    readonly loss: (h: Tensor, head: HeadWeights<Tensor>, batch: LabelledBatch) => Tensor;
  };
  readonly selection: { readonly selection: Select };
  /** Another label than the given one, from 0 to |Y| − 1. */
  readonly negatives: {
    readonly negatives: (label: number, from: Drawn, stream: Random) => number;
  };
  /** A layer of a block with its patch, [B, T, k]. */
  readonly insertion: { readonly insertion: (site: PatchSite) => Tensor };
  readonly patch: OwnPatch;
};

/** h [B, k], ν and a batch -> scalar */
export type TaskLoss = (h: Tensor, head: HeadWeights<Tensor>, batch: NamedTensorMap) => Scalar;

const shapeOf = (value: unknown): string =>
  value instanceof tf.Tensor ? `one of [${value.shape.join(', ')}]` : 'none';

/** Must return a float32 scalar. */
export function ownLoss(own: Own<'loss'>): TaskLoss {
  const lossOf = ownFunction(own, 'loss');
  return (h, head, { labels, negatives, weights }) => {
    const loss = lossOf(h, head, { labels, negatives, weights });
    if (!(loss instanceof tf.Tensor) || loss.rank !== 0)
      throw refusal(own, `expected a scalar tensor, found ${shapeOf(loss)}`);
    if (loss.dtype === 'float32') return loss as Scalar;
    throw refusal(own, `expected a scalar tensor of float32, found one of ${loss.dtype}`);
  };
}

/** Must return parts of the model with at least one weight. Gives each weight once. */
export function ownSelection(own: Own<'selection'>): Select {
  const select = ownFunction(own, 'selection');
  return <L>(model: UserModelWeights<L>, layers: readonly Layer<L>[]) => {
    const parts = select(model, layers);
    const ofModel = leavesIn<L>(model as Tree<L>);
    const isPart = (part: unknown) =>
      Object(part) === part && [...leavesIn<L>(part as Tree<L>)].every((leaf) => ofModel.has(leaf));
    const chosen = Array.isArray(parts) && parts.every(isPart) ? [...leavesIn<L>(parts)] : [];
    if (chosen.length > 0) return chosen as readonly Tree<L>[];
    throw refusal(own, 'expected a list of parts of the model, as [model.patches, model.head]');
  };
}

/** Must return another label than the given one, drawn by the given stream. */
export function ownNegatives(own: Own<'negatives'>): OwnFunctions['negatives']['negatives'] {
  const draw = ownFunction(own, 'negatives');
  return (label, from, stream) => {
    const found = withoutDice(() => draw(label, from, stream)) as number;
    if (Number.isInteger(found) && found >= 0 && found < from.labels && found !== label) return found;
    throw refusal(own, `expected a label from 0 to ${from.labels - 1} other than ${label}, found ${found}`);
  };
}

/** Requires the shape of another tensor. */
function requireShape(own: Own, found: unknown, like: Tensor): Tensor {
  if (found instanceof tf.Tensor && found.shape.join() === like.shape.join()) return found;
  throw refusal(own, `expected a tensor of [${like.shape.join(', ')}], found ${shapeOf(found)}`);
}

/** Must return the shape of the layer's convolution. */
export function ownInsertion(own: Own<'insertion'>): OwnFunctions['insertion']['insertion'] {
  const place = ownFunction(own, 'insertion');
  return (site) => requireShape(own, place(site), site.psi);
}

/** Fresh by the given stream; must keep the shape of its input. */
export function ownPatch(own: Own<'patch'>): OwnPatch {
  const [fresh, apply] = [ownFunction(own, 'fresh'), ownFunction(own, 'apply')];
  return {
    fresh: (k, d, stream) => withoutDice(() => fresh(k, d, stream)) as Readonly<Record<string, Weight>>,
    apply: (E, weights) => requireShape(own, apply(E, weights), E),
  };
}
