/** Where patches go in a block (Fig. 3, section 3.3), each way as data: the rows of Table 7. */
import { isDeepStrictEqual } from 'node:util';
import { alike, better, type Question } from '../evidence/claims';
import type { FineTuning, Patches } from './experiment';
import { parallelTwo, serialTwo } from './family';

type Variant = {
  /** What tables call it. */
  readonly method: string;
  readonly patches: Patches;
};

const one = { perBlock: 1 } as const;
const bare = { shortcut: 'without' } as const;
const serialAfterNorm: Patches = { ...serialTwo, place: 'serial after norm' };
const afterActivation: Patches = { ...parallelTwo, place: 'parallel after activation' };

/** The four that Fig. 3 draws, under its letters. */
const drawn = {
  b: { method: 'Serial before LN, one (b)', patches: { ...serialTwo, ...one } },
  c: { method: 'Serial before LN, two (c)', patches: serialTwo },
  d: { method: 'Parallel before LN, two (d)', patches: parallelTwo },
  e: { method: 'Parallel after ReLU, two (e)', patches: afterActivation },
} satisfies Record<string, Variant>;

/** Those that section 3.3 speaks of, and parallel ones without the patch's own shortcut, which the paper lacks. */
const extension = {
  halves: {
    method: 'Serial before LN, two of half size',
    patches: { ...serialTwo, squeeze: 2 * serialTwo.squeeze },
  },
  afterNorm: { method: 'Serial after LN, one', patches: { ...serialAfterNorm, ...one } },
  afterNormTwo: { method: 'Serial after LN, two', patches: serialAfterNorm },
  dOne: { method: 'Parallel before LN, one', patches: { ...parallelTwo, ...one } },
  between: { method: 'Parallel before ReLU, two', patches: { ...parallelTwo, place: 'parallel after norm' } },
  dBare: { method: 'Parallel before LN, two, no inner shortcut', patches: { ...parallelTwo, ...bare } },
  eBare: { method: 'Parallel after ReLU, two, no inner shortcut', patches: { ...afterActivation, ...bare } },
} satisfies Record<string, Variant>;

const namesIn = (variants: Record<string, Variant>): readonly string[] =>
  Object.values(variants).map(({ method }) => method);

/** What tables call the rows of the paper's Table 7, and those that it lacks. */
export const DRAWN = namesIn(drawn);
export const EXTENSION = namesIn(extension);

/** A method with its patches in each of these ways; the one that it has already keeps its name, and so its results. */
export function insertions(method: FineTuning): FineTuning[] {
  return Object.entries<Variant>({ ...drawn, ...extension }).map(([key, variant]) => ({
    ...method,
    ...variant,
    name: isDeepStrictEqual(variant.patches, method.patches) ? method.name : `${method.name}-${key}`,
  }));
}

/** Claim 5 of the paper: section 3.3 and Table 7. */
export const insertionQuestions: readonly Question[] = [
  better(drawn.d.method, extension.between.method),
  better(extension.between.method, drawn.e.method),
  better(drawn.d.method, extension.dOne.method),
  alike(drawn.b.method, extension.afterNorm.method),
  alike(drawn.c.method, extension.afterNormTwo.method),
  alike(drawn.b.method, extension.halves.method),
];

/** Whether the patch's own shortcut is what spoils (e), as the paper argues, and whether (d) is better without it. */
export const shortcutQuestions: readonly Question[] = [
  better(extension.eBare.method, drawn.e.method),
  better(extension.dBare.method, drawn.d.method),
];
