/** Variants of an experiment, for ablation. */
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../base/userError';
import { patchChoices } from '../../model/patches/bottleneck';
import { otherForms } from '../../model/patches/patches';
import { selections } from '../../model/selections/selections';
import { trunks } from '../../model/trunks/names';
import { type FineTuning, methodChoices, type Patches } from './experiment';
import { identityOf, type Method } from './identity';
import { isOwn, nameOfChoice } from './own/own';

/** Differences from a method, those of its patches apart. */
export type Changes = Partial<Omit<FineTuning, 'kind' | 'id' | 'label' | 'patches'>> & {
  /** For another form, give every choice. */
  readonly patches?: Partial<Patches>;
};

type Choice = readonly [about: string, changes: Changes];

/** Entries of a list but PeterRec's own, as choices. */
const offered = <K extends string>(
  list: Readonly<Record<K, { readonly about: string }>>,
  own: string,
  changes: (name: K) => Changes,
): Choice[] =>
  (Object.keys(list) as K[]).filter((name) => name !== own).map((name) => [list[name].about, changes(name)]);

/** Changes to PeterRec, one at a time, each in words. */
export const choices: readonly Choice[] = [
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
  ...otherForms
    .filter(([, { fuses }]) => !fuses)
    .map(([form, { about, example }]): Choice => [about, { patches: { form, ...Object(example) } }]),
  ['a low-rank patch on the item embedding too', { itemRank: 8 }],
  ['a low-rank patch of each item past the trunk too', { pastRank: 8 }],
  ['the sum of all hidden states, Fig. 2d', { representation: 'sum' }],
  ['their mean, which does not grow with the length', { representation: 'mean' }],
  ...offered(trunks, 'causal', (trunk) => ({ trunk })),
  ['a random trunk: PeterZero', { start: 'random' }],
  ['[TCL] has an embedding that the task trains', { tcl: 'trained' }],
  ['the authors’ pointwise loss', { loss: 'authors' }],
  ['cross-entropy over all items, as NeuFM and DeepFM have it, in place of BPR', { loss: 'cross-entropy' }],
  ...offered(selections, 'patches and classifier', (tuned) => ({ tuned })),
  ['the best budget that is known in place of the paper’s', { setting: 'best' }],
  ['half of the training instances', { training: 0.5 }],
  ['a trunk that is pre-trained on half of the users', { pretraining: 0.5 }],
  ['a trunk that also learns to tell one half of a history from the other', { halves: 0.1 }],
];

/** Values of choices by name. */
type Values = Readonly<Record<string, unknown>>;

/** The order in which names list them. */
const OF_PATCHES = [
  'form',
  ...Object.keys(patchChoices),
  'squeeze',
  'patch',
  ...new Set(otherForms.flatMap(([, { choices }]) => Object.keys(choices))),
];
const OF_METHOD = [
  ...Object.keys(methodChoices),
  'itemRank',
  'pastRank',
  'negatives',
  'training',
  'pretraining',
  'halves',
];

/** Defaults of optional choices. */
const ABSENT: Values = { training: 1, pretraining: 1, halves: 0, negatives: 'uniform', patch: 'Eq. 9' };

const chosen = (choices: Values, choice: string): unknown => choices[choice] ?? ABSENT[choice];

/** The changes in a fixed order, patches first, each with what the method has in its place. */
function changesIn({ patches = {}, ...others }: Changes, method?: Pick<FineTuning, 'patches'>) {
  const ordered = (choices: Values, order: readonly string[], own: Values) =>
    order
      .filter((choice) => choice in choices)
      .map((choice) => ({ choice, value: chosen(choices, choice), before: chosen(own, choice) }));
  return [
    ...ordered(patches, OF_PATCHES, { ...method?.patches }),
    ...ordered(others, OF_METHOD, { ...method }),
  ];
}

/** Replaces patches by those of another form, or changes single choices. */
const changedPatches = (own: Patches, changed: Partial<Patches>): Patches =>
  (isAnotherForm(own, changed) ? changed : { ...own, ...changed }) as Patches;
const isAnotherForm = ({ form = 'bottleneck' }: Partial<Patches>, other: Partial<Patches>) =>
  (other.form ?? form) !== form;

/** The label of a variant: `squeeze 16, loss authors`. */
export const wordsOf = (changes: Changes): string =>
  changesIn(changes)
    .map(({ choice, value }) => `${choice} ${nameOfChoice(value)}`)
    .join(', ');

/** Keeps ids of own functions as distinct as their names. */
const SIGNS: Readonly<Record<string, string>> = { ' ': '-', '-': '_-', _: '__' };

/** A choice as a part of an id. */
const inId = (value: unknown): string =>
  isOwn(value)
    ? nameOfChoice(value).replace(/[ _-]/g, (sign) => SIGNS[sign])
    : nameOfChoice(value).replace(/[^A-Za-z0-9.]+/g, '-');

const WITH = '-with-';

/** `PeterRec-with-squeeze-16` */
const idOf = ({ id }: Method, changes: Changes): string =>
  id +
  WITH +
  changesIn(changes)
    .map(({ choice, value }) => `${choice}-${inId(value)}`)
    .join('-');

/**
 * The method with these changes, named after them; a variant of a variant is named after both. Throws a UserError where nothing
 * changes, as the variant would be trained twice, or where the method has no patches to change.
 */
export function vary(method: FineTuning, changes: Changes): FineTuning {
  const { patches: changed = {}, ...others } = changes;
  const name = identityOf(method);
  if (changes.patches && !method.patches)
    throw new UserError(`${name}: expected a method with patches, found none to change`);
  const all = changesIn(changes, method);
  if (all.length === 0) throw new UserError(`${name}: expected a change, found none`);
  const { patch }: Partial<Patches> = method.patches ? changedPatches(method.patches, changed) : {};
  const idle = (['activation', 'shortcut', 'start'] as const).find((choice) => patch && choice in changed);
  if (idle)
    throw new UserError(
      `${idle} ${changed[idle]}: expected no such choice beside patch ${patch?.name}, which is not Eq. 9`,
    );
  const same = all.find(({ value, before }) => isDeepStrictEqual(before, value));
  if (same)
    throw new UserError(
      `${same.choice} ${nameOfChoice(same.value)}: expected a change, ${name} has it already`,
    );
  const words = wordsOf(changes);
  return {
    ...method,
    ...others,
    id: idOf(method, changes),
    label: method.id.includes(WITH) ? `${method.label}, ${words}` : words,
    patches: method.patches && changedPatches(method.patches, changed),
  };
}

/** Whether `found`, as its document declares it, is a variant of the method: it differs in the choices that its id names, and in no other. */
export function isVariant(found: Method & { readonly patches?: unknown }, method: FineTuning): boolean {
  const unlike = (choices: readonly string[], own: Values, others: Values): Values =>
    Object.fromEntries(
      choices
        .filter((choice) => !isDeepStrictEqual(chosen(own, choice), chosen(others, choice)))
        .map((choice) => [choice, others[choice]]),
    );
  const changes = {
    ...unlike(OF_METHOD, method, found),
    patches: isAnotherForm({ ...method.patches }, Object(found.patches))
      ? Object(found.patches)
      : unlike(OF_PATCHES, { ...method.patches }, { ...Object(found.patches) }),
  };
  return found.id === idOf(method, changes);
}
