/** The paper's own arithmetic: weight matrices only; no biases, layer norms, or rows of padding and [TCL]. */
import { ageEst, coldRec1, coldRec2, genEst, lifeEst } from './tasks';

/** Sizes of a model: |X|, |Y|, k, d = k / squeeze, layers (two a block) and patches of the whole network. */
export type Sizes = Readonly<
  Record<'items' | 'labels' | 'channels' | 'kernel' | 'layers' | 'patches' | 'squeeze', number>
>;

/** Parameters by component, and the share that PeterRec tunes of what FineAll tunes (caption of Table 3, section 3.3). */
export function paperAccount(sizes: Sizes) {
  const { items, labels, channels: k, kernel, layers, squeeze } = sizes;
  const embedding = items * k;
  const convolutions = layers * kernel * k ** 2; // 3k² of each layer at kernel 3
  const patches = sizes.patches * 2 * k * (k / squeeze); // 2kd of each patch
  const classifier = labels * k;
  const fineAll = embedding + convolutions + classifier; // the model without patches
  const peterRec = patches + classifier; // ϑ and ν
  return { embedding, convolutions, patches, classifier, fineAll, peterRec, share: peterRec / fineAll };
}

/**
 * The example of section 3.3. The paper prints "639 million" parameters in all, "about 10 million + 1 million" tuned
 * and "less than 1.7 %"; its own formula gives 638,853,120 and 11,509,760, which is 1.80 %.
 */
export const SECTION_3_3: Sizes = {
  ...{ items: 500_000, labels: 1000, channels: 1024, kernel: 3, layers: 40, patches: 40, squeeze: 8 },
};

/** The configuration of the paper's experiments (section 4.1), but for the catalogues of a task. */
export const EXPERIMENTS = { channels: 256, kernel: 3, layers: 16, patches: 16, squeeze: 8 };

/** The catalogues that the paper names in the caption of Table 1, and the share that it prints in that of Table 3. */
export const TABLE_3_CAPTION = [
  { task: coldRec1.name, items: 191_000, labels: 20_000, printed: 0.094 },
  { task: coldRec2.name, items: 645_000, labels: 17_000, printed: 0.027 },
  { task: genEst.name, items: 645_000, labels: 2, printed: 0.0016 },
  { task: ageEst.name, items: 645_000, labels: 8, printed: 0.0016 },
  { task: lifeEst.name, items: 645_000, labels: 6, printed: 0.0016 },
] as const;

/** Parameters of the trunk that each method tunes besides its classifier: "FineAll ≫ FineLast2 > PeterRec ≈ FineLast1 > FineCLS" (Fig. 5). */
export function trunkParametersTuned(sizes: Sizes): Readonly<Record<string, number>> {
  const { embedding, convolutions, patches: PeterRec } = paperAccount(sizes);
  const FineLast1 = convolutions / sizes.layers;
  return { FineAll: embedding + convolutions, FineLast2: 2 * FineLast1, PeterRec, FineLast1, FineCLS: 0 };
}
