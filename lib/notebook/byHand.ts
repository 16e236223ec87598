/** One trunk and one task at a time, in a cell of its own: nothing is read from or left in a run's folder. */
import type { Task } from '../datasets/tasks/tasks';
import type { Experiment, FineTuning } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import type { Metrics } from '../metrics/metrics';
import type { TrunkWeights } from '../model/trunk';
import type { UserModelWeights } from '../model/userModel';
import { compileFineTuning, type FineTuned, finetune, startModel } from '../recipes/finetune';
import { mostFrequent } from '../recipes/mostFrequent';
import { compilePretraining, type Pretrained, pretrain } from '../recipes/pretrain';
import { pretrainingOf, tuningOf } from '../recipes/settings';
import type { Direction } from '../tensorflow/ops/convolution';
import type { Weight } from '../tensorflow/weights';
import { metricsOf } from '../training/evaluate';
import type { Watch } from '../training/fit';
import { UserError } from '../userError';
import { liveProgress } from './progress';
import { stopSignal } from './stop';
import { training } from './trainings';

export type Trunk = TrunkWeights<Weight>;
export type Model = UserModelWeights<Weight>;

/** A method after fine-tuning: its weights and curve, and its metrics on the test part. */
export type Tuned = FineTuned & { readonly label: string; readonly metrics: Metrics };

export type ByHand = {
  /** Pre-trains a trunk on the source of a task. */
  readonly pretrain: (task: Task, direction: Direction) => Promise<Pretrained>;
  /** The model before fine-tuning: the trunk, or a random one, with fresh patches and a fresh classifier. */
  readonly graft: (task: Task, experiment: FineTuning, trunk?: Trunk) => Model;
  /** Fine-tunes such a model for the task. */
  readonly tune: (task: Task, experiment: FineTuning, model: Model) => Promise<Tuned>;
  /** What needs no training reaches on the test part: the most frequent labels. */
  readonly count: (task: Task, experiment: Pick<Experiment, 'label'>) => Pick<Tuned, 'label' | 'metrics'>;
};

/** All of it with one seed. */
export const byHand = (preset: Preset, seed = 1): ByHand => ({
  pretrain: async (task, direction) => {
    const pretraining = pretrainingOf(task.source, preset, direction);
    const watch = watched('pre-training', pretraining.steps);
    return training('pre-training', async () => {
      const program = compilePretraining(pretraining);
      try {
        return await pretrain(program, pretraining, seed, watch);
      } finally {
        program.dispose();
      }
    });
  },
  graft: (task, experiment, trunk) => {
    if (experiment.start === 'pre-trained' && trunk === undefined)
      throw new UserError(
        `graft: ${experiment.label} starts from a pre-trained trunk; expected one, found none`,
      );
    return startModel(tuningOf(task, experiment, preset), seed, trunk);
  },
  tune: async (task, experiment, start) => {
    const tuning = tuningOf(task, experiment, preset);
    const watch = watched(experiment.label, tuning.course.steps);
    return training(experiment.label, async () => {
      const program = compileFineTuning(tuning, start);
      try {
        const tuned = await finetune(program, tuning, { seed, start }, watch);
        return { ...tuned, label: experiment.label, metrics: metricsOf(task, tuned.test) };
      } finally {
        program.dispose();
      }
    });
  },
  count: (task, { label }) => ({ label, metrics: metricsOf(task, mostFrequent(task, seed).test) }),
});

/** A line of progress over the steps of one training, and Stop. */
function watched(label: string, steps: number): Watch {
  const report = liveProgress();
  return { onStep: (done) => report({ label, done, total: steps }), signal: stopSignal() };
}
