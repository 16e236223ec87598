/** The methods trained as well as is known: lib/experiments/tuning/tuning.md says by what each choice was made. */
import { type FineTuning, isOther, type Patches } from './experiment';

/** Suffix of labels in the best setting. */
export const IN_BEST_SETTING = ', best setting';

/**
 * A method in the best setting: well trained, and where it has patches one past the trunk too, for profiles, which want freedom
 * for each item.
 */
export const inBestSetting = (method: FineTuning): FineTuning => ({
  ...wellTrained(method),
  ...(method.patches ? { pastRank: { classify: { as: 8 } } } : {}),
});

/**
 * The mean of the hidden states in place of [TCL], cross-entropy in place of BPR, and the preset's budget of the best setting.
 * Parallel patches add only what they have learnt.
 */
export const wellTrained = (method: FineTuning): FineTuning => ({
  ...method,
  id: `${method.id}-best`,
  label: `${method.label}${IN_BEST_SETTING}`,
  setting: 'best',
  representation: 'mean',
  loss: 'cross-entropy',
  patches: method.patches && withoutShortcut(method.patches),
});

const withoutShortcut = (patches: Patches): Patches =>
  !isOther(patches) && patches.place === 'parallel' ? { ...patches, shortcut: 'without' } : patches;
