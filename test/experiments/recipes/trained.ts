/** Trainings of the tiny tasks, whose programs are gone afterwards. */
import type { Task } from '../../../lib/data/tasks/tasks';
import type { Weight } from '../../../lib/engine/weights';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import type { Preset } from '../../../lib/experiments/methods/presets';
import { compileFineTuning, finetune, startModel } from '../../../lib/experiments/recipes/finetune';
import { compilePretraining, freshPretraining, pretrain } from '../../../lib/experiments/recipes/pretrain';
import type { TrunkName } from '../../../lib/model/trunks/names';
import type { TrunkWeights } from '../../../lib/model/trunks/trunk';
import type { CurvePoint } from '../../../lib/training/fit';
import { pretrainingOf, tuningOf } from './settingsOf';
import { source as films, preset as tiny } from './tinyTasks';

type Options = {
  readonly preset?: Preset;
  readonly seed?: number;
};

/** A random trunk in place of a pre-trained one. */
export const trunkOf = (direction: TrunkName, preset: Preset = tiny, seed = 7): TrunkWeights<Weight> =>
  freshPretraining(pretrainingOf(films, preset, direction), seed).trunk;

/** A model before and after fine-tuning, and what came of it. */
export async function tuned(
  task: Task,
  experiment: FineTuning,
  { preset = tiny, seed = 1, ...own }: Options & { readonly trunk?: TrunkWeights<Weight> } = {},
) {
  const tuning = tuningOf(task, experiment, preset);
  const { trunk = trunkOf(experiment.trunk, preset) } = own;
  const start = startModel(tuning, seed, experiment.start === 'random' ? undefined : trunk);
  const program = compileFineTuning(tuning, start);
  try {
    return await finetune(program, tuning, { seed, start });
  } finally {
    program.dispose();
  }
}

/** A trunk after pre-training. */
export async function pretrained(
  direction: TrunkName,
  { preset = tiny, seed = 1, source = films }: Options & { readonly source?: typeof films } = {},
) {
  const setting = pretrainingOf(source, preset, direction);
  const program = compilePretraining(setting);
  try {
    return await pretrain(program, setting, seed);
  } finally {
    program.dispose();
  }
}

/** What a training leaves without its seconds. */
export const numbers = <T extends { readonly curve: readonly CurvePoint[] }>({ curve, ...rest }: T) => ({
  ...rest,
  curve: curve.map(({ seconds: _, ...point }) => point),
});
