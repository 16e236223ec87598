/**
 * Worlds in which it is known what must be tuned. Labels say what a pre-trained trunk's states hold: linear in their mean, so that
 * nothing is better than the classifier alone, or curved, so that it loses to patches. Letters: n items of a user, k channels.
 */
import { mean, quantile, standardDeviation } from 'simple-statistics';
import { random, truncatedNormal } from '../../lib/base/random';
import { ageEst } from '../../lib/data/paper/tasks';
import type { Source } from '../../lib/data/tasks/source';
import type { Task } from '../../lib/data/tasks/tasks';
import { tf } from '../../lib/engine/native';
import { upload } from '../../lib/engine/weights';
import { modelFile } from '../../lib/experiments/documents/document';
import { isSame } from '../../lib/experiments/methods/identity';
import { type Preset, presets } from '../../lib/experiments/methods/presets';
import { untrained } from '../../lib/experiments/opponents/opponents';
import { resolve, stemIn } from '../../lib/experiments/resolve/resolve';
import { type RunOptions, run } from '../../lib/experiments/runs/run';
import { loadTrunk } from '../../lib/model/files/trunkFile';
import { encode } from '../../lib/model/trunks/trunk';
import * as methods from '../../lib/questions/methods';
import type { Design } from './worlds';

export const labelKinds = ['linear', 'curved'] as const;
export type LabelKind = (typeof labelKinds)[number];

/** Of the labels' own value, in its standard deviations. */
const NOISE = 0.25;

/** Values that classes are made of: the mean over a user's states of their projection w h, or of its size |w h| about the mean of all. */
function valuesOf(states: readonly (readonly number[])[], kind: LabelKind): number[] {
  if (kind === 'linear') return states.map((own) => mean(own));
  const middle = mean(states.map((own) => mean(own)));
  return states.map((own) => mean(own.map((value) => Math.abs(value - middle))));
}

/** w h of each state of each user, w drawn by the seed. */
function projections(checkpoint: string, { sequences }: Source, seed: number): number[][] {
  const { weights, shape } = loadTrunk(checkpoint);
  const w = tf.tensor1d(truncatedNormal(shape.channels, 1, random(seed, 'direction')));
  const trunk = upload(weights);
  return sequences.map((sequence) =>
    tf.tidy(() => {
      const ids = tf.tensor2d([[...sequence]], undefined, 'int32');
      const h = encode(trunk, shape, ids); // [1, n, k]
      return [...tf.sum(tf.mul(h, w), 2).dataSync()];
    }),
  );
}

/** The task of a kind: two classes, as many users in each, of what a trunk of the world of this seed knows. */
async function labelled(asked: Omit<RunOptions, 'tasks'>, profile: Task, kind: LabelKind): Promise<Task> {
  const [seed] = asked.seeds as readonly number[];
  const options = { ...asked, tasks: [profile] };
  const planned = [{ on: [profile.name], experiments: [methods.classifierAlone] }];
  await run(options, planned);
  const [trunk] = resolve(planned, options);
  const { name, sequences } = profile.source;
  const file = modelFile(asked.out, stemIn(trunk));
  const values = valuesOf(projections(file, profile.source, seed), kind);
  const noise = truncatedNormal(
    values.length,
    NOISE * standardDeviation(values),
    random(seed, 'noise', name),
  );
  const noisy = values.map((value, user) => value + noise[user]);
  const middle = quantile(noisy, 0.5);
  const labels = noisy.map((value) => (value > middle ? 1 : 0));
  return {
    ...profile,
    name: kind,
    labels: ['low', 'high'],
    instances: sequences.map((_, user) => ({ user, label: labels[user] })),
    known: [],
  };
}

/** Large batches without dropout. */
export const tuning = { batch: 256, rates: { everything: 0.002, part: 0.005 }, dropout: 0 } as const;
const { pretraining } = presets.quick;
const plain = { passes: 100, steps: 400, windows: 'latest', shuffled: 0, dropout: 0 } as const;

/** Budgets of worlds but for fine-tuning. */
export const worldPreset: Preset = {
  ...presets.quick,
  channels: 32,
  padding: 'embedded', // one length of batches, one program to compile
  pretraining: {
    nextItem: { ...pretraining.nextItem, ...plain },
    maskedItems: { ...pretraining.maskedItems, ...plain },
  },
};

/**
 * Ways of tuning a causal CNN against its classifier alone. A mistake is a way that is better where labels are linear, or the
 * paper's patch of k / 8 that is not where they are curved. Chosen on the worlds of seeds 101 to 104.
 */
export const byLabels: Design = {
  kinds: labelKinds,
  size: { users: 4000, items: 1000, length: 20 },
  tasks: [ageEst.name],
  labelled: (asked, [profile], kind) => labelled(asked, profile, kind as LabelKind),
  planned: [
    { on: 'all', experiments: [...untrained, ...methods.methodsOn('causal').filter(({ fused }) => !fused)] },
  ],
  asks: [methods.betterThanClassifier],
  seeds: (world) => [world],
  isWrong: (kind, { question: { first }, verdict }) =>
    kind === 'linear' ? verdict === 'holds' : isSame(first, methods.paperPatch) && verdict !== 'holds',
  required: 0.85,
  preset: {
    ...worldPreset,
    best: { recommend: {}, classify: {} },
    classify: { ...tuning, passes: 30, evaluations: 15, steps: 360 },
  },
};
