/** A preset with other budgets, as a card or a cell gives them. */
import type { BudgetChanges } from '../../data/card/budgets';
import { byKind, type Tuning } from '../methods/budgets';
import type { Choice, Preset } from '../methods/presets';
import { tunedAs } from '../methods/space';
import { opponents } from '../opponents/opponents';

type Given = BudgetChanges['recommend'];

/** Replaces what is given, part by part; undefined leaves what is there. */
function merged<T extends object>(own: T, given: object = {}): T {
  const found = Object.entries(given).flatMap(([key, value]): [string, unknown][] => {
    const before: unknown = own[key as keyof T];
    if (value === undefined) return [];
    return [[key, isParts(before) && isParts(value) ? merged(before, value) : value]];
  });
  return { ...own, ...Object.fromEntries(found) };
}

const isParts = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Changes hold for both objectives and both settings, and go before the best setting's own values and tuned ones. */
export function changedBy(preset: Preset, given: BudgetChanges | undefined): Preset {
  if (given === undefined) return preset;
  const { pretraining } = given;
  return {
    ...merged(preset, { ...given, pretraining: { nextItem: pretraining, maskedItems: pretraining } }),
    best: byKind((kind) => bestWith(preset.best[kind], given[kind])),
    chosen: byKind((kind) => chosenWith(preset.chosen[kind], given[kind])),
  };
}

function without<T extends object>(own: T, given: object): Partial<T> {
  const left = Object.entries(own).filter(([key]) => (given as Record<string, unknown>)[key] === undefined);
  return Object.fromEntries(left) as Partial<T>;
}

function bestWith({ rates, ...own }: Partial<Tuning>, given: NonNullable<Given> = {}): Partial<Tuning> {
  return { ...without(own, given), ...(rates ? { rates: merged(rates, given.rates) } : {}) };
}

const OPPONENTS = new Set(Object.values(opponents).map(tunedAs));

/** A tuned rate holds for both extents, unless one of them is given. Opponents keep what was chosen for them. */
function chosenWith(own: Readonly<Record<string, Choice>>, { rates, ...given }: NonNullable<Given> = {}) {
  const chosen = Object.entries(own).map(([method, choices]) => {
    if (OPPONENTS.has(method)) return [method, choices] as const;
    const { rate, ...choice } = choices;
    const all: Choice = rate === undefined ? choice : { everything: rate, part: rate, ...choice };
    return [method, without(all, { ...given, ...rates }) as Choice] as const;
  });
  return Object.fromEntries(chosen);
}
