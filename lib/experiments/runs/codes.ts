/** Fingerprints of the code that decides the numbers of each kind of document. */

import { UserError } from '../../base/userError';
import type { TrunkName } from '../../model/trunks/names';
import { codeFingerprint } from '../methods/code/code';
import type { Experiment } from '../methods/experiment';

/** The functions that make the numbers of each kind of document. */
const DECIDING = {
  trunk: ['experiments/runs/session.ts#pretraining', 'experiments/recipes/settings.ts#pretrainingOf'],
  'fine-tuning': ['experiments/runs/session.ts#fineTuning'],
  baseline: ['experiments/runs/session.ts#opponent'],
  'most frequent': ['experiments/runs/session.ts#counting'],
} as const;

/** Fingerprints of code by kind and choices, taken when a run is planned. */
export type Codes = { [kind: string]: string };

/** The choices of an experiment that have an implementation each. */
function choicesOf(experiment: Experiment): string[] {
  if (experiment.kind === 'most frequent') return [];
  if (experiment.kind === 'baseline') return [experiment.trunk, experiment.model];
  const { trunk, loss, tuned, patches } = experiment;
  const form = patches ? (patches.form ?? 'bottleneck') : undefined;
  return [trunk, loss, tuned, form, patches?.place, patches?.activation].flatMap((choice) =>
    typeof choice === 'string' ? choice : [],
  );
}

/** Fingerprint of the code that decides the numbers of an experiment, or of a trunk. */
export function codeOf(of: Experiment | TrunkName, codes: Codes = {}): string {
  const [kind, choices] = typeof of === 'string' ? (['trunk', [of]] as const) : [of.kind, choicesOf(of)];
  const name = [kind, ...choices].join('; ');
  codes[name] ??= codeFingerprint(DECIDING[kind], new Set(choices));
  return codes[name];
}

/** Throws a UserError where the code has changed since fingerprints were taken. */
export function requireSame(codes: Codes): void {
  const isSame = ([name, code]: [string, string]) => {
    const [kind, ...choices] = name.split('; ');
    return codeFingerprint(DECIDING[kind as keyof typeof DECIDING], new Set(choices)) === code;
  };
  if (!Object.entries(codes).every(isSame))
    throw new UserError(
      'The code that decides numbers has changed since the plan was made: run the command again',
    );
}
