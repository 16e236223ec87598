/** Patches ϑ of any form. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { byChoice } from '../../base/choice';
import type { Random } from '../../base/random';
import { tf } from '../../engine/native';
import { mapLeaves, type Tree, upload, type Weight } from '../../engine/weights';
import type { TrunkAdditions, TrunkShape, TrunkWeights } from '../trunks/trunk';
import { bottleneck, type Insertion } from './bottleneck';
import type { BlockPatches, FormDescription, FormWeights, On, PatchForm } from './form';
import { fusion } from './fusion';
import { ia3 } from './ia3';
import { dora, lora } from './lora';
import { prompt } from './prompt';
import { scalarMix } from './scalarMix';
import { sideNetwork } from './sideNetwork';

/** Every form by its name; the paper's comes first. */
export const forms = byChoice({
  bottleneck,
  LoRA: lora,
  DoRA: dora,
  '(IA)³': ia3,
  prompt,
  'side network': sideNetwork,
  'scalar mix': scalarMix,
  fusion,
});
export type FormName = keyof typeof forms;
type ChoicesOf<N extends FormName> = (typeof forms)[N] extends PatchForm<infer C> ? C : never;
type Other = Exclude<FormName, 'bottleneck'>;

/** Patches as their form and what is chosen of it; of the paper's the form need not be said. */
export type AnyInsertion =
  | ({ readonly form?: 'bottleneck' } & ChoicesOf<'bottleneck'>)
  | { [N in Other]: { readonly form: N } & ChoicesOf<N> }[Other];
/** Patches without functions of one's own. */
export type ShippedInsertion = Exclude<AnyInsertion, ChoicesOf<'bottleneck'>> | Insertion;

const formOf = ({ form = 'bottleneck' }: AnyInsertion) => forms[form] as PatchForm<AnyInsertion>;

type Listed = FormDescription<object> & Pick<FormWeights<object>, 'fuses'>;

/** Whether a form fuses patches of several tasks. */
export const isFusing = (form: FormName): boolean => (forms[form] as Listed).fuses ?? false;

/** Forms but the paper's, which a declaration need not name. */
export const otherForms = Object.entries<Listed>(forms).filter(([name]) => name !== 'bottleneck');

/** Patches of each form, with which it is tested. */
export const examples = Object.entries<Listed>(forms).map(
  ([form, { example }]) => ({ form, ...example }) as AnyInsertion,
);

/** Fresh patches for a trunk. */
export const freshPatches = (on: On, insertion: AnyInsertion, stream: Random): BlockPatches<Weight>[] =>
  formOf(insertion).fresh(on, insertion, stream);

/** Additions of patches to their trunk. */
export const additionsOf = (
  patches: readonly BlockPatches<Tensor>[],
  insertion: AnyInsertion,
  shape: TrunkShape,
  others?: readonly (readonly BlockPatches<Tensor>[])[],
): TrunkAdditions => formOf(insertion).additions(patches, insertion, shape, others);

/** Computes states beside the trunk, where patches stand there. */
export const asideOf = (insertion: AnyInsertion | undefined) => insertion && formOf(insertion).aside;

/** Positions that patches add before the items of a sequence. */
export const addedTo = (insertion: AnyInsertion | undefined): number =>
  (insertion && formOf(insertion).added?.(insertion)) ?? 0;

/** Whether patches of a form can be merged into their trunk. */
export const isMergeable = (form: FormName): boolean => 'merged' in forms[form];

/** The trunk that gives the same without patches, where their form has one. */
export function mergedInto(
  { trunk, shape }: On,
  patches: readonly BlockPatches<Weight>[],
  insertion: AnyInsertion,
): TrunkWeights<Weight> | undefined {
  const { merged } = formOf(insertion);
  if (!merged) return undefined;
  let found: unknown;
  tf.tidy(() => {
    const tensors = merged(upload(trunk), upload(patches), insertion, shape);
    found = mapLeaves<Tensor, Weight>(tensors as Tree<Tensor>, (tensor) => ({
      shape: tensor.shape,
      values: tensor.dataSync() as Float32Array,
    }));
  });
  return found as TrunkWeights<Weight>;
}
