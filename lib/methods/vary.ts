/** An experiment as another one with one choice changed, for ablation. */
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../userError';
import type { FineTuning, Patches } from './experiment';
import { identityOf, type Method } from './identity';
import { nameOfChoice } from './own/own';

/** What differs; of the patches too only what differs. */
export type Changes = Partial<Omit<FineTuning, 'kind' | 'id' | 'label' | 'patches'>> & {
  readonly patches?: Partial<Patches>;
};

/** Changes that can be made to PeterRec one at a time, and what each is. */
export const choices: readonly (readonly [about: string, changes: Changes])[] = [
  ['bottleneck d = k / 16, half as many patch parameters', { patches: { squeeze: 16 } }],
  ['bottleneck d = k / 4, as in the authors’ code', { patches: { squeeze: 4 } }],
  ['activation of the patch, as in the authors’ code', { patches: { activation: 'gelu' } }],
  ['φ_up starts at 0: a fresh serial patch changes nothing', { patches: { start: 'zero' } }],
  ['no shortcut inside the patch', { patches: { shortcut: 'without' } }],
  ['one patch a block, Fig. 3b', { patches: { perBlock: 1 } }],
  ['serial, after layer normalisation', { patches: { place: 'serial after norm' } }],
  ['parallel, before layer normalisation, Fig. 3d', { patches: { place: 'parallel' } }],
  ['parallel, between normalisation and ReLU', { patches: { place: 'parallel after norm' } }],
  ['parallel, after ReLU, Fig. 3e', { patches: { place: 'parallel after activation' } }],
  ['the sum of all hidden states, Fig. 2d', { representation: 'sum' }],
  ['the non-causal trunk, Fig. 2c', { trunk: 'non-causal' }],
  ['a random trunk: PeterZero', { start: 'random' }],
  ['[TCL] has an embedding that the task trains', { tcl: 'trained' }],
  ['the authors’ pointwise loss', { loss: 'authors' }],
  ['cross-entropy over all items, as NeuFM and DeepFM have it, in place of BPR', { loss: 'cross-entropy' }],
  [
    'second layer norms tuned too, as in the authors’ code',
    { tuned: 'patches, second layer norms and classifier' },
  ],
  ['half of the training instances', { training: 0.5 }],
];

/** The changes in words, `squeeze 16`, which tables and figures call the result. */
export function wordsOf({ patches = {}, ...changes }: Changes): string {
  return Object.entries({ ...patches, ...changes })
    .map(([choice, value]) => `${choice} ${nameOfChoice(value)}`)
    .join(', ');
}

const beginning = ({ id }: Method) => `${id}-with-`;

/** The method with these changes, called by them. Throws a UserError where nothing is changed, or patches of a method that has none. */
export function vary(method: FineTuning, changes: Changes): FineTuning {
  const { patches: changed, ...others } = changes;
  if (changed && !method.patches)
    throw new UserError(`${identityOf(method)}: expected a method with patches, found none to change`);
  requireChange(method, changes);
  const words = wordsOf(changes);
  return {
    ...method,
    ...others,
    id: beginning(method) + words.replace(/[^A-Za-z0-9.]+/g, '-'),
    label: words,
    patches: method.patches && { ...method.patches, ...changed },
  };
}

/** A variant that is the method itself would be trained and told apart for nothing. */
function requireChange(method: FineTuning, { patches: changed = {}, ...others }: Changes): void {
  const { patch = method.patches?.patch } = changed;
  const idle = (['activation', 'shortcut', 'start'] as const).find((choice) => patch && choice in changed);
  if (idle)
    throw new UserError(
      `${idle} ${changed[idle]}: expected no such choice beside patch ${patch?.name}, which is not Eq. 9`,
    );
  const [own, ofPatches] = [{ training: 1, pretraining: 1, ...method }, method.patches ?? {}].map(
    (one): Record<string, unknown> => ({ ...one }),
  );
  const same = [
    ...Object.entries(others).filter(([choice, value]) => isDeepStrictEqual(own[choice], value)),
    ...Object.entries(changed).filter(([choice, value]) => isDeepStrictEqual(ofPatches[choice], value)),
  ];
  if (same.length > 0)
    throw new UserError(
      `${same[0].map(nameOfChoice).join(' ')}: expected a change, ${identityOf(method)} has it already`,
    );
}

/** Whether something is a variant of the method: its trunk and shares are the method's, or its id says that they were changed. */
export function isVariant(found: Method, method: FineTuning): boolean {
  const isSaid = (choice: string, value: unknown) => found.id.includes(`-${choice}-${value}`);
  const moved = isSaid('trunk', found.trunk);
  const shares = (['training', 'pretraining'] as const).every((share) => {
    const [value, own] = [found, method].map((one) => one[share] ?? 1);
    return value === own || isSaid(share, value);
  });
  return found.id.startsWith(beginning(method)) && moved === (found.trunk !== method.trunk) && shares;
}
