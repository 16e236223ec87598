/**
 * MTL: one training from scratch on the users with training labels, by both losses.
 * Letters: U users and B labels of a batch, T length with [TCL].
 */
import { jointLoss, type MTLWeights } from '../baselines/mtl';
import type { Task } from '../datasets/tasks/tasks';
import type { BaselineBudgets } from '../methods/budgets';
import type { Preset } from '../methods/presets';
import { tclId } from '../model/trunk';
import type { Training } from '../tensorflow/graph/signature';
import { type Batch, Program } from '../tensorflow/program/program';
import { countWeights, type Weight } from '../tensorflow/weights';
import { candidates, logUniformSampler } from '../training/candidates';
import { scoreUsers } from '../training/evaluate';
import type { Watch } from '../training/fit';
import { fitTask } from '../training/fitTask';
import { type Input, looksOf } from '../training/inputs';
import { sampleOf, targetLoss } from '../training/losses';
import type { Group } from '../training/packing';
import { trainings } from './buckets';
import { freshClassifier, scorings } from './finetune';
import { freshPretraining, itemOptimizers } from './pretrain';
import type { Recipe } from './recipe';
import { type Course, courseOf, type TargetSetting, targetOf } from './settings';
import { taskSteps } from './taskBatches';
import { targetInputs } from './tuningBatches';

type Weights = MTLWeights<Weight>;

/** The target loss is that of fine-tuning on a causal trunk without patches. */
const TARGET = { trunk: 'causal', representation: 'token', patches: null, loss: 'paper' } as const;

/** How MTL learns a task. */
export type MTLSetting = TargetSetting & {
  readonly budget: BaselineBudgets['MTL'][Task['kind']];
  readonly course: Course;
};

/** The budget is that of the task's kind; one trunk, causal, serves both losses. */
export function mtlOf(task: Task, preset: Preset): MTLSetting {
  const budget = preset.baselines.MTL[task.kind];
  const course = courseOf(task, budget, preset);
  return { ...targetOf(task, TARGET, preset, course.batch), budget, course };
}

function freshMTL(setting: MTLSetting, seed: number): Weights {
  return {
    ...freshPretraining(setting.pretraining, seed),
    patches: [],
    head: freshClassifier(setting, seed),
  };
}

/** Rows of the softmax table that the next items of ids [U, T] have: every id of a row but its first and [TCL]. */
export function nextRows(ids: Int32Array, tcl: number): Int32Array {
  const isNext = (id: number, i: number) => id !== tcl && i > 0 && ids[i - 1] !== tcl;
  return ids.filter(isNext).map((item) => Math.max(0, item - 1));
}

/** What both losses take, on source sequences of one length. */
export function mtlInputs(setting: MTLSetting, length: number): Input<readonly Group[]>[] {
  const { candidates: S, shape } = setting.pretraining;
  const target = targetInputs(setting, length);
  const [U, T] = looksOf(target).ids.shape;
  const next = ({ ids }: Batch) => nextRows(ids as Int32Array, tclId(shape)); // [U (T - 2)]
  return [...target, ...candidates(logUniformSampler(shape.items), S, U * (T - 2), next)];
}

/** Both losses on source sequences of one length. */
function training(setting: MTLSetting, length: number): Omit<Training<Weights>, 'optimizer'> {
  const {
    budget,
    model: { shape },
  } = setting;
  return {
    inputs: looksOf(mtlInputs(setting, length)),
    loss: (model, { ids, owner, ...batch }) =>
      jointLoss(
        model,
        shape,
        { ids, owner },
        {
          lambda: budget.lambda,
          target: (h) => targetLoss(h, model.head, batch),
          sample: sampleOf(batch),
        },
      ),
    tuned: ({ trunk, head, softmax }) => [trunk, head, softmax],
  };
}

function compileMTL(setting: MTLSetting, start: Weights): Program<Weights> {
  const optimizers = itemOptimizers(setting.pretraining, setting.budget.rate);
  return Program.compile<Weights>(start, {
    ...trainings(
      setting.lengths,
      (length): Training<Weights> => ({ ...training(setting, length), ...optimizers }),
    ),
    ...scorings(setting),
  });
}

/** Compiles at the first seed and serves all. The softmax layer over source items is no part of what is kept. */
export function mtlRecipe(task: Task, preset: Preset): Recipe {
  const setting = mtlOf(task, preset);
  let program: Program<Weights> | undefined;
  const run = async (seed: number, watch: Watch = {}) => {
    const start = freshMTL(setting, seed);
    program ??= compileMTL(setting, start);
    const compiled = program;
    compiled.initialise(start);
    const { state: _, ...fitted } = await fitTask(compiled, task, seed, {
      ...setting.course,
      taken: (from) => taskSteps(setting, (length) => mtlInputs(setting, length), seed, from),
      scoresOf: (users) => scoreUsers(compiled, setting, users),
      state: () => undefined,
      ...watch,
    });
    const kept = countWeights([start.trunk, start.head]);
    return { ...fitted, kept, tuned: kept };
  };
  return { steps: setting.course.steps, run, dispose: () => program?.dispose() };
}
