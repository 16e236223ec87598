/** Where patches go in a block (Fig. 3, section 3.3), each way as data: the rows of Table 7. */
import { isDeepStrictEqual } from 'node:util';
import type { Bottlenecks, FineTuning, Fused } from './experiment';
import { parallelTwo, serialTwo } from './family';
import { called } from './identity';

/** Patches, and what Table 7 calls them. */
type Variant = { readonly label: string; readonly patches: Bottlenecks };

const one = { perBlock: 1 } as const;
const bare = { shortcut: 'without' } as const;
const serialAfterNorm: Bottlenecks = { ...serialTwo, place: 'serial after norm' };
const afterActivation: Bottlenecks = { ...parallelTwo, place: 'parallel after activation' };

/** The four that Fig. 3 draws, under its letters. */
const drawn = {
  b: { label: 'Serial before LN, one (b)', patches: { ...serialTwo, ...one } },
  c: { label: 'Serial before LN, two (c)', patches: serialTwo },
  d: { label: 'Parallel before LN, two (d)', patches: parallelTwo },
  e: { label: 'Parallel after ReLU, two (e)', patches: afterActivation },
} satisfies Record<string, Variant>;

/** Those that section 3.3 speaks of, and parallel ones without the patch's own shortcut, which the paper lacks. */
const extension = {
  halves: {
    label: 'Serial before LN, two of half size',
    patches: { ...serialTwo, squeeze: 2 * serialTwo.squeeze },
  },
  afterNorm: { label: 'Serial after LN, one', patches: { ...serialAfterNorm, ...one } },
  afterNormTwo: { label: 'Serial after LN, two', patches: serialAfterNorm },
  dOne: { label: 'Parallel before LN, one', patches: { ...parallelTwo, ...one } },
  between: { label: 'Parallel before ReLU, two', patches: { ...parallelTwo, place: 'parallel after norm' } },
  dBare: { label: 'Parallel before LN, two, no inner shortcut', patches: { ...parallelTwo, ...bare } },
  eBare: { label: 'Parallel after ReLU, two, no inner shortcut', patches: { ...afterActivation, ...bare } },
} satisfies Record<string, Variant>;

/** The method with its patches fused over tasks of one source and kind, by name or all, each of which has its own first. */
export const fusedOver = (method: FineTuning, tasks: Fused['tasks']): FineTuning => ({
  ...method,
  id: `${method.id}-fused`,
  label: `${method.label}, fused`,
  patches: { form: 'fusion' },
  fused: { experiment: method, tasks },
});

/** The rows of the paper's Table 7, as it would call them, and those that it lacks; what the method has already is itself. */
export function insertions(method: FineTuning) {
  const inserted = <K extends string>(variants: Readonly<Record<K, Variant>>) => {
    const entries = Object.entries<Variant>(variants).map(([key, { label, patches }]) => {
      const same = isDeepStrictEqual(patches, method.patches);
      return [key, called(same ? method : { ...method, id: `${method.id}-${key}`, patches }, label)];
    });
    return Object.fromEntries(entries) as Readonly<Record<K, FineTuning>>;
  };
  return { drawn: inserted(drawn), extension: inserted(extension) };
}
