/** Fingerprints of the code that decides the numbers of each kind of document. */

import { codeFingerprint } from '../../methods/code/code';
import type { Experiment } from '../../methods/experiment';

const FINDING = 'runs/jobs/finding.ts';

/** What makes the numbers of a document; what decides them besides stands in its declaration. */
const DECIDING = {
  trunk: ['runs/jobs/pretraining.ts#pretraining', 'recipes/settings.ts#pretrainingOf'],
  'fine-tuning': [`${FINDING}#fineTuning`],
  baseline: [`${FINDING}#opponent`],
  'most frequent': [`${FINDING}#counting`],
} as const;

/** What a run has found, by kind and choices: all its documents hang on the code as it was when the run was planned. */
export type Codes = { [kind: string]: string };

/** The choices of an experiment that have an implementation each. */
function choicesOf(experiment: Experiment): string[] {
  if (experiment.kind === 'most frequent') return [];
  if (experiment.kind === 'baseline') return [experiment.model];
  const { loss, tuned, patches } = experiment;
  return [loss, tuned, patches?.place, patches?.activation].flatMap((choice) =>
    typeof choice === 'string' ? choice : [],
  );
}

/** Of an experiment's documents, or of trunks'. */
export function codeOf(of: Experiment | 'trunk', codes: Codes = {}): string {
  const [kind, choices] = of === 'trunk' ? [of, []] : [of.kind, choicesOf(of)];
  const name = [kind, ...choices].join('; ');
  codes[name] ??= codeFingerprint(DECIDING[kind], new Set(choices));
  return codes[name];
}
