/** MTL: a trunk that learns the task and its source together. */
import { described } from '../../base/choice';
import { pretrainedOn } from '../../data/tasks/source';
import { splitInstances, splitSource } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import type { InputSpec, Training } from '../../engine/graph/signature';
import { Program } from '../../engine/program/program';
import { countWeights, type Weight } from '../../engine/weights';
import { scoreUsers } from '../../training/evaluate';
import type { Steps, StepsState } from '../../training/fit';
import { masked, specsOf, under, within } from '../../training/inputs';
import { targetLoss } from '../../training/losses';
import { jointLoss, type MTLWeights } from '../../training/opponents/mtl';
import { byKind, type Length, stepsIn } from '../methods/budgets';
import { against } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { SPACE } from '../methods/space';
import { pretrainingInputs, pretrainingSteps, taskSteps, trainings, tuningInputs } from '../recipes/batches';
import { freshClassifier, scorings } from '../recipes/finetune';
import { freshPretraining, itemLoss, itemOptimizers } from '../recipes/pretrain';
import { type MtlSetting, mtlIn } from '../recipes/settings';
import type { MtlRecord } from '../records/record';
import { batchesOfPass, lengthsOf, sourceChoices, trunkShape } from '../records/trunks';
import { type Opponent, type OpponentRecipe, type Resolved, trainingOf } from './opponent';

/** Labels of a batch, passes over the windows of the source, dropout of user vectors, weight of the source loss. */
type Budget = Length & { readonly rate: number; readonly dropout: number; readonly lambda: number };

const joint = { batch: 32, passes: 40, evaluations: 20, rate: 0.001 } as const;
const chosen = {
  recommend: { ...joint, dropout: 0.2, lambda: 1 },
  classify: { ...joint, dropout: 0.5, lambda: 100 },
};
const both = (changes: Partial<Budget>) => byKind((kind) => ({ ...chosen[kind], ...changes }));

/** A causal trunk, one that is pre-trained by the preset’s windows. */
function resolve(
  task: Task,
  { batch, rate, dropout, lambda, ...length }: Budget,
  preset: Preset,
): Resolved<MtlRecord> {
  const source = pretrainedOn(task.source);
  const ofSource = preset.pretraining.nextItem;
  const steps = stepsIn({ batch, ...length }, batchesOfPass(source, ofSource, 1));
  const fields: Resolved<MtlRecord>['fields'] = {
    ...trunkShape(source, preset, 'causal'),
    ...sourceChoices(source, preset, 'causal'),
    ...{ sourceBatch: ofSource.batch, sourceDropout: ofSource.dropout },
    ...{ batch, steps, evaluations: Math.min(steps, length.evaluations), patience: preset.patience },
    ...{ rate, dropout, lambda, sampledLabels: null },
    lengths: lengthsOf(source, preset),
    precision: preset.precision ?? 'float32',
  };
  return { fields, passes: (steps * batch) / splitInstances(task, 0).train.length };
}

type Weights = MTLWeights<Weight>;

/** Prefix of the windows' arrays, beside those of the labels. */
const SOURCE = 'source_';

const freshMTL = (setting: MtlSetting, seed: number): Weights => ({
  ...freshPretraining(setting.ofSource, seed),
  patches: [],
  head: freshClassifier(setting, seed),
});

/** Inputs of both losses, on target sequences of one length. */
export const mtlInputs = (setting: MtlSetting, length: number): Readonly<Record<string, InputSpec>> => ({
  ...specsOf(tuningInputs(setting, length)),
  ...under(SOURCE, specsOf(pretrainingInputs(setting.ofSource, setting.ofSource.source.length))),
});

/** Endless pairs of a batch of labels and a batch of windows. */
export function mtlSteps(setting: MtlSetting, seed: number, from?: StepsState): Steps {
  const { ofSource } = setting;
  const labels = taskSteps(setting, (length) => tuningInputs(setting, length), seed, from);
  const { train } = splitSource(ofSource.source, seed);
  const windows = pretrainingSteps(ofSource, train, seed, from?.joint);
  return {
    passSize: labels.passSize,
    next: () => {
      const { batch, ...step } = labels.next();
      return { ...step, batch: { ...batch, ...under(SOURCE, windows.next().batch) } };
    },
    state: () => ({ ...labels.state(), joint: windows.state() }),
  };
}

function compileMTL(setting: MtlSetting, start: Weights): Program<Weights> {
  const { ofSource, lengths, rate, lambda, precision } = setting;
  const { shape } = setting.model;
  const optimizers = itemOptimizers(ofSource, rate);
  /** Both losses on target sequences of one length. */
  const training = (length: number): Training<Weights> => ({
    inputs: mtlInputs(setting, length),
    loss: (model, batch) =>
      jointLoss(model, shape, batch, {
        lambda,
        target: (h) => targetLoss(masked(h, batch.vectorMask), model.head, batch),
        source: () => itemLoss(model, shape, within(SOURCE, batch)),
      }),
    tuned: ({ trunk, head, softmax }) => [trunk, head, softmax],
    ...optimizers,
  });
  const signatures = { ...trainings(lengths, training), ...scorings(setting) };
  return Program.compile<Weights>(start, signatures, precision);
}

/** The softmax layer over source items is not kept. */
function mtlRecipe(record: MtlRecord, task: Task): OpponentRecipe {
  const setting = mtlIn(record, task);
  return trainingOf<Weights>({
    task,
    record,
    fresh: (seed) => freshMTL(setting, seed),
    compile: (start) => compileMTL(setting, start),
    stepsOf: (seed, from) => mtlSteps(setting, seed, from),
    scoresOf: (program, users) => scoreUsers(program, setting, users),
    keptIn: ({ trunk, head }) => countWeights([trunk, head]),
  });
}

/** The paper trains its trunk meanwhile: at the paper's budget it has the rate and the batch of pre-training. */
export const mtl: Opponent<MtlRecord, Budget> = {
  ...described({
    method: { ...against('MTL', 'MTL'), trunk: 'causal' },
    budgets: {
      quick: both({ steps: 80, evaluations: 3 }),
      default: chosen,
      paper: both({ evaluations: 40, rate: 0.001, dropout: 0 }),
    },
    space: { ...SPACE.ofSteps, lambda: { from: 0.1, to: 1000, scale: 'log' } },
    resolve,
  }),
  recipe: mtlRecipe,
};
