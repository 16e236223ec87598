/** What a task is learnt from. Letters: B labels of a batch, k channels. */
import { splitInstances } from '../datasets/tasks/split';
import type { Tuning } from '../methods/budgets';
import { below, type Random } from '../random';
import { candidates, uniformSampler } from '../training/candidates';
import type { Steps, StepsState } from '../training/fit';
import { dropout, type Input } from '../training/inputs';
import type { Group } from '../training/packing';
import { type DrawNegative, negatives, ownLabels, readUsers } from '../training/taskInputs';
import type { TargetSetting, TuningSetting } from './settings';
import { sizeOf, type TaskStep, taskSteps } from './taskBatches';

/** What the target loss takes of source sequences of one length. */
function targetInputs(target: TargetSetting, length: number, seed: number): Input<readonly Group[]>[] {
  const { task, paired, candidates: S } = target;
  const size = sizeOf(target, length);
  return [
    readUsers(target, size, length),
    ownLabels(task, size),
    ...(paired ? [negatives(task, size, drawingOf(target, seed))] : []),
    ...candidates(uniformSampler(task.labels.length), S, size.labels),
  ];
}

/** How negatives are drawn by a function of one's own, from the labels of the training part. */
function drawingOf({ task, drawNegative }: TargetSetting, seed: number): DrawNegative | undefined {
  if (!drawNegative) return undefined;
  const seen = splitInstances(task, seed).train.map((i) => task.instances[i].label);
  const popular = (stream: Random) => seen[below(seen.length, stream)];
  const from = { labels: task.labels.length, popular };
  return (label, stream) => drawNegative(label, from, stream);
}

/** What a step of fine-tuning takes: with dropout of the user vector of each label. The seed decides no shape. */
export function tuningInputs(
  tuning: TargetSetting & { readonly budget: Pick<Tuning, 'dropout'> },
  length: number,
  seed = 0,
): Input<readonly Group[]>[] {
  const { model, budget, labelsPerBatch: B } = tuning;
  return [
    ...targetInputs(tuning, length, seed),
    ...dropout('vectorMask', [B, model.shape.channels], budget.dropout),
  ];
}

/** Endless batches of one seed. */
export const fineTuningSteps = (tuning: TuningSetting, seed: number, from?: StepsState): Steps<TaskStep> =>
  taskSteps(tuning, (length) => tuningInputs(tuning, length, seed), seed, from);
