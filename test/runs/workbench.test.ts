import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { presets, sizedFor } from '../../lib/methods/presets';
import { timelineOn } from '../../lib/questions/protocols';
import { openWorkbench } from '../../lib/runs/workbench';
import { writeTinyDataset } from '../notebooks/tinyDataset';
import { inFolder } from '../recipes/tinyTasks';

const parameters = { preset: 'default', seeds: null, out: null, device: 'auto' };

/** What the card of the tiny data set says besides. */
function withCard(folder: string, more: object): void {
  const card = path.join(folder, 'dataset.json');
  fs.writeFileSync(card, JSON.stringify({ ...JSON.parse(fs.readFileSync(card, 'utf8')), ...more }));
}

test('a cell goes before what was tuned, that before the card, the card before the preset', () =>
  inFolder((folder) => {
    writeTinyDataset(folder);
    withCard(folder, { budgets: { channels: 20, classify: { passes: 7, dropout: 0.1 } } });
    const open = (more: object = {}) => openWorkbench({ data: folder, ...parameters, ...more });
    const ofCard = open();
    assert.deepEqual([ofCard.preset.channels, ofCard.preset.classify.passes, ofCard.trials], [20, 7, 0]);
    assert.equal(ofCard.preset.recommend.passes, presets.default.recommend.passes);
    const tuned = {
      ...{ data: 'tiny', preset: 'default', trials: 4, tasks: ['News'], seeds: [101] },
      ...{ recommend: {}, classify: { NeuFM: { rate: 0.02 } } },
    };
    fs.writeFileSync(path.join(folder, 'tuned.json'), JSON.stringify(tuned));
    const { preset, untuned, trials } = open({ budgets: { channels: 24 } });
    assert.deepEqual([preset.channels, preset.classify.passes, trials], [24, 7, 4]);
    assert.deepEqual(
      [preset, untuned].map(({ baselines }) => baselines.NeuFM.classify.rate),
      [0.02, presets.default.baselines.NeuFM.classify.rate],
    );
  }));

test('another timeline than the card’s is another data set by name, and has a folder of its own', () =>
  inFolder((folder) => {
    writeTinyDataset(folder);
    const called = (timeline?: unknown) => {
      const { data, out } = openWorkbench({
        data: folder,
        ...parameters,
        ...(timeline === undefined ? {} : { timeline }),
      });
      assert.ok(out.endsWith(`${data}-default`));
      return data;
    };
    assert.deepEqual([called(), called(null)], ['tiny', 'tiny']);
    assert.deepEqual(
      [called({ share: 0.5 }), called({ share: 0.8 })],
      ['tiny-timeline-share-0.5', 'tiny-timeline-share-0.8'],
    );
    withCard(folder, { timeline: { share: 0.8 } });
    assert.deepEqual([called(), called({ share: 0.8 })], ['tiny', 'tiny']);
    assert.deepEqual([called(null), called({ share: 0.5 })], ['tiny-no-timeline', 'tiny-timeline-share-0.5']);
    assert.deepEqual(timelineOn(folder), { share: 0.8 });
  }));

test('neither a card nor tuning changes quick', () =>
  inFolder((folder) => {
    writeTinyDataset(folder);
    withCard(folder, { budgets: { channels: 20 } });
    const { preset } = openWorkbench({ data: folder, ...parameters, preset: 'quick' });
    assert.equal(preset, presets.quick);
  }));

test('a wrong budget is an error that names card and key, or the parameter', () =>
  inFolder((folder) => {
    writeTinyDataset(folder);
    const open = (more: object = {}) => openWorkbench({ data: folder, ...parameters, ...more });
    assert.throws(
      () => open({ budgets: { classify: { passes: 0 } } }),
      /^UserError: parameters\.budgets\.classify\.passes: /,
    );
    withCard(folder, { budgets: { classify: { epochs: 3 } } });
    assert.throws(() => open(), /dataset\.json: unknown key "epochs" in budgets\.classify/);
  }));

test('a misspelt parameter is named beside those that there are', () => {
  assert.throws(() => openWorkbench({ data: 'x', ...parameters, prest: 'quick' }), {
    message:
      'parameters: Unrecognized key: "prest"; expected data, preset, seeds, out, device, precision, budgets, timeline',
  });
});

test('a large log has the larger k', () => {
  assert.equal(sizedFor(presets.default, 299_999).channels, 32);
  assert.equal(sizedFor(presets.default, 300_000).channels, 64);
  assert.equal(sizedFor(presets.paper, 300_000), presets.paper);
});

test('products in bfloat16 have a folder of their own', () =>
  inFolder((folder) => {
    writeTinyDataset(folder);
    const open = (precision: string) => openWorkbench({ data: folder, ...parameters, precision });
    assert.equal(open('float32').preset.precision, undefined);
    assert.throws(() => open('half'), /^UserError: parameters\.precision: /);
    const { preset, untuned, out } = open('bf16');
    assert.deepEqual([preset.precision, untuned.precision], ['bf16', 'bf16']);
    assert.match(out, /tiny-default-bf16$/);
  }));
