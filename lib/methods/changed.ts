/** A preset with other budgets, as a card or a cell gives them. */
import type { BudgetChanges } from '../datasets/card/budgets';
import type { Tuning } from './budgets';
import type { Preset } from './presets';

/** What is given in place of what there was. */
function merged<T extends object>(
  own: T,
  given: { readonly [K in keyof T]?: T[K] | undefined } | undefined,
): T {
  const found = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  return { ...own, ...Object.fromEntries(found) };
}

function tuningWith(own: Tuning, given: BudgetChanges['recommend']): Tuning {
  const { rates, ...rest } = given ?? {};
  return { ...merged(own, rest), rates: merged(own.rates, rates) };
}

/**
 * Both directions are pre-trained, and both settings fine-tuned, with what is given; the best setting keeps what is its own and
 * is not given.
 */
export function changedBy(preset: Preset, given: BudgetChanges | undefined): Preset {
  if (given === undefined) return preset;
  const { channels = preset.channels, dilations = preset.dilations, patience = preset.patience } = given;
  const { causal, 'non-causal': nonCausal } = preset.pretraining;
  return {
    ...{ ...preset, channels, dilations, patience },
    pretraining: {
      causal: merged(causal, given.pretraining),
      'non-causal': merged(nonCausal, given.pretraining),
    },
    recommend: tuningWith(preset.recommend, given.recommend),
    classify: tuningWith(preset.classify, given.classify),
    best: {
      recommend: withoutGiven(preset.best.recommend, given.recommend),
      classify: withoutGiven(preset.best.classify, given.classify),
    },
  };
}

const withoutGiven = (own: Partial<Tuning>, given: BudgetChanges['recommend'] = {}): Partial<Tuning> =>
  Object.fromEntries(Object.entries(own).filter(([key]) => !(key in given)));
