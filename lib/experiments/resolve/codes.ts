/** Fingerprints of the code that decides the numbers of each kind of training. */
import { UserError } from '../../base/userError';
import { codeFingerprint } from '../methods/code/code';
import { gathered, type TrainingRecord } from '../records/record';

/** The functions that make the numbers of each kind of training out of its record. */
const DECIDING = {
  trunk: ['experiments/recipes/pretrain.ts#pretrainingRecipe'],
  'fine-tuning': ['experiments/recipes/finetune.ts#fineTuningRecipe'],
  opponent: ['experiments/opponents/opponents.ts#opponentRecipe'],
  'most frequent': ['experiments/recipes/counting.ts#countingRecipe'],
} as const;

/** Fingerprints of code by kind and choices, taken when a run is planned. */
export type Codes = { [kind: string]: string };

/** Keys whose values have an implementation each. */
const CHOICES = ['trunk', 'model', 'loss', 'tuned', 'patches.form', 'patches.place', 'patches.activation'];
const OF_FUSED = ['patches.base.place', 'patches.base.activation'];

type Choices = Omit<TrainingRecord, 'seed' | 'code'>;

/** The choices of a record that have an implementation each; the paper's patches need not name their form. */
function choicesOf(record: Choices): string[] {
  const named = [...CHOICES, ...OF_FUSED].map((key) => record[key as keyof Choices] as unknown);
  const isPaper = 'patches.place' in record || gathered(record, 'patches.place') !== undefined;
  return [...named, ...(isPaper ? ['bottleneck'] : [])].filter((choice) => typeof choice === 'string');
}

/** Fingerprint of the code that decides the numbers of a record. */
export function codeOf(record: Choices, codes: Codes = {}): string {
  const choices = choicesOf(record);
  const name = [record.kind, ...choices].join('; ');
  codes[name] ??= codeFingerprint(DECIDING[record.kind], new Set(choices));
  return codes[name];
}

/** Throws a UserError where the code of a record is not that of its plan. */
export function requireSameCode(record: TrainingRecord, codes: Codes): void {
  if (codeOf(record, codes) !== record.code)
    throw new UserError(
      'The code that decides numbers has changed since the plan was made: run the command again',
    );
}
