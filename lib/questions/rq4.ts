/** RQ4: other insights from ablation (section 4.5: Tables 6 and 7, Fig. 6) */

import type { Result } from '../documents/document';
import { better, type Question } from '../evidence/claims';
import type { Pretraining } from '../methods/budgets';
import type { Experiment, FineTuning } from '../methods/experiment';
import { causal, nonCausal } from '../methods/family';
import { insertionQuestions, insertions } from '../methods/insertions';
import type { Preset } from '../methods/presets';
import { simpleOpponents } from '../methods/simpleOpponents';
import type { RunOptions } from '../runs/work';

/** Table 6: PeterRec on the causal trunk with serial patches, and on the non-causal one with parallel patches. */
export const bothTrunks: readonly Experiment[] = [
  ...simpleOpponents,
  { ...causal.PeterRec, method: 'PeterRec_al' },
  { ...nonCausal.PeterRec, method: 'PeterRec_on' },
];

/** Claim 4 of the paper: the non-causal trunk transfers better, although it need not be the one that pre-trains better. */
const trunkQuestions: readonly Question[] = [better('PeterRec_on', 'PeterRec_al')];

const briefly: FineTuning = { ...causal.PeterRec, method: 'PeterRec, a tenth of pre-training' };

/** Claim 4, the same trunk: what is run for PeterRec after none, a tenth and all of the steps of pre-training. */
export function pretrainingLengths(preset: Preset): Pick<RunOptions, 'preset' | 'experiments'>[] {
  return [
    { preset, experiments: [causal.PeterZeroFrozen] },
    { preset: withPretraining(preset, 0.1), experiments: [briefly] },
    { preset, experiments: [causal.PeterRec] },
  ];
}

/** For the same trunk the paper expects better pre-training to transfer better. */
const lengthQuestions: readonly Question[] = [
  better(causal.PeterRec.method, briefly.method),
  better(briefly.method, causal.PeterZeroFrozen.method),
];

/** A preset whose trunks are pre-trained for a share of the steps. */
function withPretraining(preset: Preset, share: number): Preset {
  const { causal, 'non-causal': nonCausal } = preset.pretraining;
  const cut = (budget: Pretraining): Pretraining => ({
    ...budget,
    steps: Math.ceil(budget.steps * share),
    evaluations: 1,
  });
  return { ...preset, pretraining: { causal: cut(causal), 'non-causal': cut(nonCausal) } };
}

/** Table 7. The paper names no trunk; here it is the non-causal one, for which it suggests the parallel patches in question. */
export const insertionPlaces: readonly Experiment[] = [...simpleOpponents, ...insertions(nonCausal.PeterRec)];

/** Shares of the training instances for Fig. 6. The paper's two are not known; on a few hundred users these are small. */
const SHARES = [0.1, 0.3];

const percent = (share: number) => Math.round(100 * share);

/** Fig. 6: with much less training data. */
export const littleData: readonly Experiment[] = SHARES.flatMap((training) =>
  [...simpleOpponents, nonCausal.FineAll, nonCausal.PeterRec].map((experiment) => ({
    ...experiment,
    name: `${experiment.name}-${percent(training)}`,
    training,
  })),
);

/** Claim 6 of the paper. */
const littleDataQuestions: readonly Question[] = [better('PeterRec', 'FineAll')];

/** The same results with the share of training instances behind the name of the task, so that each share is a task of its own. */
export function byTrainingShare(results: readonly Result[]): Result[] {
  const shares = new Map(littleData.map(({ name, training }) => [name, training]));
  return results.map((result) => ({
    ...result,
    task: `${result.task}, ${percent(shares.get(result.experiment) ?? 1)} %`,
  }));
}

/** Claims 4, 5 and 6 of the paper. */
export const rq4Questions: readonly Question[] = [
  ...trunkQuestions,
  ...lengthQuestions,
  ...insertionQuestions,
  ...littleDataQuestions,
];
