/** What a compiled signature takes and what a batch holds are the same, whatever is dropped, sampled or hidden. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InputSpec } from '../../../lib/engine/graph/signature';
import type { Batch } from '../../../lib/engine/program/program';
import type { Loss } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import type { Preset } from '../../../lib/experiments/methods/presets';
import { mtlInputs, mtlSteps } from '../../../lib/experiments/opponents/mtl';
import { opponents } from '../../../lib/experiments/opponents/opponents';
import { pretrainingInputs, trainingOn, tuningInputs } from '../../../lib/experiments/recipes/batches';
import { objectiveOf } from '../../../lib/model/trunks/names';
import { drawn, type Input, specsOf, streamsOf } from '../../../lib/training/inputs';
import { type FeatureModel, featureInputs } from '../../../lib/training/opponents/features';
import { bagOfItems, deepFM, neuFM } from '../../../lib/training/opponents/models';
import { mtlOf, pretrainingOf, tuningOf } from './settingsOf';
import { news, parity, preset, source } from './tinyTasks';

const arrays = { int32: Int32Array, float32: Float32Array };

/** Draws a batch, compares it with what the inputs look like, and returns the names of its arrays. */
const namesOf = <From>(inputs: readonly Input<From>[], from: From): string[] =>
  namesIn(drawn(inputs, from, streamsOf(1, 'test')), specsOf(inputs));

function namesIn(batch: Batch, specs: Readonly<Record<string, InputSpec>>): string[] {
  assert.deepEqual(Object.keys(batch), Object.keys(specs));
  for (const [name, { dtype, shape }] of Object.entries(specs)) {
    assert.ok(batch[name] instanceof arrays[dtype], `${name} is ${dtype}`);
    const size = shape.reduce((product, length) => product * length, 1);
    assert.equal(batch[name].length, size, `${name} is [${shape}]`);
  }
  return Object.keys(batch);
}

const LABELS = ['owner', 'labels', 'weights'];
/** Two users of four and five items with their one instance each. */
const groups = [0, 1].map((user) => ({ user, instances: [user] }));
const paddings = ['embedded', 'masked'] as const;

/** Every way to sample the softmax and to drop values: its preset, and the names of arrays that it adds. */
const ways = [false, true].flatMap((isSampled) =>
  [0, 0.5].map((dropout) => ({
    name: `${isSampled ? 'sampled' : 'full'} softmax, dropout ${dropout}`,
    dropout,
    isSampled,
    softmax: isSampled ? { fullUpTo: 1, candidates: 2 } : { fullUpTo: 12, candidates: 4 },
    sample: isSampled ? ['candidates', 'candidateLogCounts', 'labelLogCounts'] : [],
    masks: (...names: string[]) => (dropout > 0 ? names : []),
  })),
);

for (const { name, dropout, isSampled, softmax, sample, masks } of ways) {
  test(`pre-training, ${name}: causal and non-causal, both paddings`, () => {
    for (const padding of paddings)
      for (const masking of ['paper', 'authors', undefined] as const) {
        const direction = masking ? 'non-causal' : 'causal';
        const objective = objectiveOf({ trunk: direction });
        const budget = { ...preset.pretraining[objective], dropout };
        const pretraining = { ...preset.pretraining, [objective]: budget };
        const own: Preset = { ...preset, padding, softmax, masking: masking ?? preset.masking, pretraining };
        const setting = pretrainingOf(source, own, direction);
        const windows = source.sequences.slice(0, budget.batch);
        const positions = masking ? ['positions'] : [];
        for (const length of setting.lengths)
          assert.deepEqual(namesOf(pretrainingInputs(setting, length), windows), [
            ...['ids', ...positions, 'labels', 'weights', ...sample, ...masks('embeddingMask', 'stateMask')],
          ]);
        const [length] = setting.lengths;
        const half = namesOf(pretrainingInputs({ ...setting, halves: 0.5 }, length), windows);
        const added = ['ids', 'labels', 'weights', ...sample].map((array) => `half_${array}`);
        assert.deepEqual(
          half.filter((array) => array.startsWith('half_')),
          added,
        );
      }
  });

  test(`feature models, ${name}`, () => {
    for (const model of [bagOfItems(0.1), neuFM, deepFM] as unknown as FeatureModel<unknown>[]) {
      const inputs = featureInputs({
        model,
        task: news,
        sizes: { items: 12, labels: 10, channels: 8 },
        large: { items: false, labels: isSampled },
        batch: { users: 3, labels: 4 },
        candidates: 2,
        dropout,
        rate: 0.01,
      });
      const dropped = model.droppable(8) > 0 ? masks('masks') : [];
      assert.deepEqual(namesOf(inputs, groups), ['ids', ...LABELS, ...dropped, ...sample]);
    }
  });

  for (const task of [news, parity]) {
    const negatives = (loss: Loss) =>
      loss === 'authors' || (loss === 'paper' && task === news) ? ['negatives'] : [];

    test(`fine-tuning, ${task.name}, ${name}: all losses, trunks, representations and paddings`, () => {
      for (const loss of ['paper', 'authors', 'cross-entropy'] as const)
        for (const { PeterRec } of [causal, nonCausal])
          for (const representation of ['token', 'sum'] as const)
            for (const padding of paddings) {
              const own = { ...preset, softmax, padding, [task.kind]: { ...preset[task.kind], dropout } };
              const setting = tuningOf(task, { ...PeterRec, loss, representation }, own);
              for (const length of setting.lengths)
                assert.deepEqual(namesOf(tuningInputs(setting, length), groups), [
                  ...['ids', ...LABELS, ...negatives(loss)],
                  ...(loss === 'cross-entropy' ? sample : []),
                  ...masks('vectorMask'),
                ]);
            }
    });

    test(`MTL, ${task.name}, ${name}`, () => {
      const budget = { ...preset.pretraining.nextItem, dropout };
      const own = { ...preset, softmax, pretraining: { ...preset.pretraining, nextItem: budget } };
      const setting = mtlOf(task, own, opponents.MTL);
      const { next } = mtlSteps(setting, 1);
      const windows = ['ids', 'labels', 'weights', ...sample, ...masks('embeddingMask', 'stateMask')];
      for (let step = 0; step < 8; step++) {
        const { signature, batch } = next();
        const length = setting.lengths.find((length) => trainingOn(length) === signature) as number;
        assert.deepEqual(namesIn(batch, mtlInputs(setting, length)), [
          ...['ids', ...LABELS, ...negatives('paper'), 'vectorMask'],
          ...windows.map((array) => `source_${array}`),
        ]);
      }
    });
  }
}

test('a batch of labels and one of windows go on from where both stood', () => {
  const setting = mtlOf(news, preset, opponents.MTL);
  const whole = mtlSteps(setting, 1);
  for (let step = 0; step < 5; step++) whole.next();
  const resumed = mtlSteps(setting, 1, JSON.parse(JSON.stringify(whole.state())));
  for (let step = 0; step < 5; step++) assert.deepEqual(resumed.next(), whole.next());
});
