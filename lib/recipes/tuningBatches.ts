/** What a task is learnt from. Letters: B labels of a batch, k channels. */
import type { Tuning } from '../methods/budgets';
import { candidates, uniformSampler } from '../training/candidates';
import { dropout } from '../training/dropout';
import type { Steps, StepsState } from '../training/fit';
import type { Input } from '../training/inputs';
import type { Group } from '../training/packing';
import { negatives, ownLabels, readUsers } from '../training/taskInputs';
import type { TargetSetting, TuningSetting } from './settings';
import { sizeOf, type TaskStep, taskSteps } from './taskBatches';

/** What the target loss takes of source sequences of one length. */
function targetInputs(target: TargetSetting, length: number): Input<readonly Group[]>[] {
  const { task, paired, candidates: S } = target;
  const size = sizeOf(target, length);
  return [
    readUsers(target, size, length),
    ownLabels(task, size),
    ...(paired ? [negatives(task, size)] : []),
    ...candidates(uniformSampler(task.labels.length), S, size.labels),
  ];
}

/** What a step of fine-tuning takes: with dropout of the user vector of each label. */
export function tuningInputs(
  tuning: TargetSetting & { readonly budget: Pick<Tuning, 'dropout'> },
  length: number,
): Input<readonly Group[]>[] {
  const { model, budget, labelsPerBatch: B } = tuning;
  return [
    ...targetInputs(tuning, length),
    ...dropout('vectorMask', [B, model.shape.channels], budget.dropout),
  ];
}

/** Endless batches of one seed. */
export const fineTuningSteps = (tuning: TuningSetting, seed: number, from?: StepsState): Steps<TaskStep> =>
  taskSteps(tuning, (length) => tuningInputs(tuning, length), seed, from);
