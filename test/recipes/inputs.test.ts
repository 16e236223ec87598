/** What a compiled signature takes and what a batch holds are the same, whatever is dropped, sampled or hidden. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bagOfItems } from '../../lib/baselines/bagOfItems';
import { deepFM } from '../../lib/baselines/deepfm';
import { type FeatureModel, featureInputs } from '../../lib/baselines/featureModel';
import { neuFM } from '../../lib/baselines/neufm';
import type { Task } from '../../lib/datasets/tasks/tasks';
import type { Loss } from '../../lib/methods/experiment';
import { causal, nonCausal } from '../../lib/methods/family';
import type { Preset } from '../../lib/methods/presets';
import type { Padding } from '../../lib/model/trunk';
import { pretrainingInputs, trainingOn, tuningInputs } from '../../lib/recipes/batches';
import { mtlInputs, mtlOf, mtlSteps } from '../../lib/recipes/mtl';
import { pretrainingOf, tuningOf } from '../../lib/recipes/settings';
import type { InputSpec } from '../../lib/tensorflow/graph/signature';
import type { Batch } from '../../lib/tensorflow/program/program';
import { drawn, type Input, looksOf, streamsOf } from '../../lib/training/inputs';
import { news, parity, preset, source } from './tinyTasks';

const arrays = { int32: Int32Array, float32: Float32Array };

/** Draws a batch, compares it with what the inputs look like, and returns the names of its arrays. */
function namesOf<From>(inputs: readonly Input<From>[], from: From): string[] {
  return namesIn(drawn(inputs, from, streamsOf(1, 'test')), looksOf(inputs));
}

function namesIn(batch: Batch, looks: Readonly<Record<string, InputSpec>>): string[] {
  assert.deepEqual(Object.keys(batch), Object.keys(looks));
  for (const [name, { dtype, shape }] of Object.entries(looks)) {
    assert.ok(batch[name] instanceof arrays[dtype], `${name} is ${dtype}`);
    const size = shape.reduce((product, length) => product * length, 1);
    assert.equal(batch[name].length, size, `${name} is [${shape}]`);
  }
  return Object.keys(batch);
}

const SAMPLE = ['candidates', 'candidateLogCounts', 'labelLogCounts'];
const LABELS = ['owner', 'labels', 'weights'];
const samplings = { full: { fullUpTo: 12, candidates: 4 }, sampled: { fullUpTo: 1, candidates: 2 } };
const softmaxes = ['full', 'sampled'] as const;
const rates = [0, 0.5];
const paddings: readonly Padding[] = ['embedded', 'masked'];

for (const softmax of softmaxes) {
  const sample = softmax === 'sampled' ? SAMPLE : [];
  for (const dropout of rates) {
    const masks = (...names: string[]) => (dropout > 0 ? names : []);

    for (const padding of paddings) {
      const given: Preset = { ...preset, padding, softmax: samplings[softmax] };

      for (const masking of ['paper', 'authors', undefined] as const) {
        const direction = masking ? 'non-causal' : 'causal';
        test(`pre-training, ${direction}, ${masking ?? 'next items'}, ${padding}, ${softmax}, dropout ${dropout}`, () => {
          const budget = { ...preset.pretraining[direction], dropout };
          const pretraining = { ...preset.pretraining, [direction]: budget };
          const changed = { ...given, masking: masking ?? preset.masking, pretraining };
          const setting = pretrainingOf(source, changed, direction);
          const windows = source.sequences.slice(0, budget.batch);
          for (const length of setting.lengths)
            assert.deepEqual(namesOf(pretrainingInputs(setting, length), windows), [
              'ids',
              ...(masking ? ['positions'] : []),
              'labels',
              'weights',
              ...sample,
              ...masks('embeddingMask', 'stateMask'),
            ]);
        });
      }
    }

    const models: readonly (readonly [string, FeatureModel<unknown>, masks: boolean])[] = [
      ['bag of items', bagOfItems(0.1) as FeatureModel<unknown>, false],
      ['NeuFM', neuFM as FeatureModel<unknown>, true],
      ['DeepFM', deepFM as FeatureModel<unknown>, true],
    ];
    for (const [name, model, drops] of models) {
      test(`${name}, ${softmax}, dropout ${dropout}`, () => {
        const inputs = featureInputs({
          model,
          task: news,
          sizes: { items: 12, labels: 10, channels: 8 },
          large: { items: false, labels: softmax === 'sampled' },
          batch: { users: 3, labels: 4 },
          candidates: 2,
          dropout,
          rate: 0.01,
        });
        assert.deepEqual(namesOf(inputs, groups), [
          'ids',
          ...LABELS,
          ...(drops ? masks('masks') : []),
          ...sample,
        ]);
      });
    }
  }
}

/** Two users of four and five items with their one instance each. */
const groups = [0, 1].map((user) => ({ user, instances: [user] }));
const ofSource = (name: string) => `source_${name}`;
const losses: readonly Loss[] = ['paper', 'authors', 'cross-entropy'];
/** Whether a loss sets labels against negatives. */
const pairs = ({ kind }: Task, loss: Loss) =>
  loss === 'authors' || (loss === 'paper' && kind === 'recommend');

for (const task of [news, parity]) {
  for (const loss of losses) {
    for (const dropout of rates) {
      test(`fine-tuning, ${task.name}, ${loss} loss, dropout ${dropout}, on either trunk and all representations`, () => {
        for (const { PeterRec } of [causal, nonCausal])
          for (const representation of ['token', 'sum'] as const)
            for (const padding of paddings) {
              const budget = { ...preset[task.kind], dropout };
              const experiment = { ...PeterRec, loss, representation };
              const setting = tuningOf(task, experiment, { ...preset, padding, [task.kind]: budget });
              for (const length of setting.sizes.keys())
                assert.deepEqual(namesOf(tuningInputs(setting, length), groups), [
                  'ids',
                  ...LABELS,
                  ...(pairs(task, loss) ? ['negatives'] : []),
                  ...(dropout > 0 ? ['vectorMask'] : []),
                ]);
            }
      });
    }
  }

  for (const softmax of softmaxes) {
    for (const dropout of rates) {
      test(`MTL, ${task.name}, ${softmax}, dropout ${dropout}`, () => {
        const given = { ...preset, softmax: samplings[softmax] };
        const budget = { ...preset.pretraining.causal, dropout };
        const setting = mtlOf(task, { ...given, pretraining: { ...preset.pretraining, causal: budget } });
        const { next } = mtlSteps(setting, 1);
        for (let step = 0; step < 8; step++) {
          const { signature, batch } = next();
          const length = setting.lengths.find((length) => trainingOn(length) === signature) as number;
          assert.deepEqual(namesIn(batch, mtlInputs(setting, length)), [
            'ids',
            ...LABELS,
            ...(task.kind === 'recommend' ? ['negatives'] : []),
            'vectorMask',
            ...['ids', 'labels', 'weights', ...(softmax === 'sampled' ? SAMPLE : [])].map(ofSource),
            ...(dropout > 0 ? ['embeddingMask', 'stateMask'] : []).map(ofSource),
          ]);
        }
      });
    }
  }
}

test('a batch of labels and one of windows go on from where both stood', () => {
  const setting = mtlOf(news, preset);
  const whole = mtlSteps(setting, 1);
  for (let step = 0; step < 5; step++) whole.next();
  const resumed = mtlSteps(setting, 1, JSON.parse(JSON.stringify(whole.state())));
  for (let step = 0; step < 5; step++) assert.deepEqual(resumed.next(), whole.next());
});
