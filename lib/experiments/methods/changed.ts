/** A preset with other budgets, as a card or a cell gives them. */
import type { BudgetChanges } from '../../data/card/budgets';
import type { Tuning } from './budgets';
import type { Choice, Preset } from './presets';

/** Replaces what is given. */
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

/** What is given holds for both directions and both settings, and goes before the best setting's own values and tuned ones. */
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
      recommend: bestWith(preset.best.recommend, given.recommend),
      classify: bestWith(preset.best.classify, given.classify),
    },
    chosen: {
      recommend: chosenWith(preset.chosen.recommend, given.recommend),
      classify: chosenWith(preset.chosen.classify, given.classify),
    },
  };
}

function without<T extends object>(own: T, given: object): Partial<T> {
  const left = Object.entries(own).filter(([key]) => (given as Record<string, unknown>)[key] === undefined);
  return Object.fromEntries(left) as Partial<T>;
}

function bestWith(
  { rates, ...own }: Partial<Tuning>,
  given: BudgetChanges['recommend'] = {},
): Partial<Tuning> {
  return { ...without(own, given), ...(rates ? { rates: merged(rates, given.rates) } : {}) };
}

/** A tuned rate holds for both extents, unless one of them is given. */
function chosenWith(own: Readonly<Record<string, Choice>>, given: BudgetChanges['recommend'] = {}) {
  const { rates = {}, ...others } = given;
  const chosen = Object.entries(own).map(([method, { rate, ...choice }]) => {
    const all: Choice = rate === undefined ? choice : { everything: rate, part: rate, ...choice };
    return [method, without(all, { ...others, ...rates }) as Choice] as const;
  });
  return Object.fromEntries(chosen);
}
