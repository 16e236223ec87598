import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { presets, sizedFor } from '../../../lib/experiments/methods/presets';
import { openWorkbench } from '../../../lib/experiments/workbench/workbench';
import { timelineOn } from '../../../lib/questions/protocols';
import { folderWith } from '../../data/folders';
import { writeTinyDataset } from '../../notebooks/tinyDataset';

/** The tiny data set in a folder of its own: opens it, and changes its card. */
function tiny() {
  const data = folderWith({});
  writeTinyDataset(data);
  const card = path.join(data, 'dataset.json');
  return {
    data,
    open: (more: object = {}) =>
      openWorkbench({ data, preset: 'default', seeds: null, out: null, device: 'auto', ...more }),
    withCard: (more: object) =>
      fs.writeFileSync(card, JSON.stringify({ ...JSON.parse(fs.readFileSync(card, 'utf8')), ...more })),
  };
}

test('a cell goes before what was tuned, that before the card, the card before the preset; quick stays as it is', () => {
  const { data, open, withCard } = tiny();
  withCard({ budgets: { channels: 20, classify: { passes: 7, dropout: 0.1 } } });
  const ofCard = open();
  assert.deepEqual([ofCard.preset.channels, ofCard.preset.classify.passes, ofCard.trials], [20, 7, 0]);
  assert.equal(ofCard.preset.recommend.passes, presets.default.recommend.passes);
  const tuned = {
    ...{ data: 'tiny', preset: 'default', trials: 4, tasks: ['News'], seeds: [101] },
    ...{ recommend: {}, classify: { NeuFM: { rate: 0.02 } } },
  };
  fs.writeFileSync(path.join(data, 'tuned.json'), JSON.stringify(tuned));
  const { preset, untuned, trials } = open({ budgets: { channels: 24 } });
  assert.deepEqual([preset.channels, preset.classify.passes, trials], [24, 7, 4]);
  const rates = [preset, untuned].map(({ chosen }) => chosen.classify.NeuFM?.rate);
  assert.deepEqual(rates, [0.02, undefined]);
  assert.equal(open({ preset: 'quick' }).preset, presets.quick);
});

test('another timeline than the card’s, or bfloat16, has a folder of its own', () => {
  const { data, open, withCard } = tiny();
  const called = (timeline?: unknown) => {
    const bench = open(timeline === undefined ? {} : { timeline });
    assert.ok(bench.out.endsWith(`${bench.data}-default`));
    return bench.data;
  };
  assert.deepEqual([called(), called(null)], ['tiny', 'tiny']);
  assert.equal(called({ share: 0.5 }), 'tiny-timeline-share-0.5');
  withCard({ timeline: { share: 0.8 } });
  assert.deepEqual([called(), called({ share: 0.8 })], ['tiny', 'tiny']);
  assert.deepEqual([called(null), called({ share: 0.5 })], ['tiny-no-timeline', 'tiny-timeline-share-0.5']);
  assert.deepEqual(timelineOn(data), { share: 0.8 });
  assert.equal(open().preset.precision, undefined);
  const { preset, untuned, out } = open({ precision: 'bf16', timeline: { share: 0.8 } });
  assert.deepEqual([preset.precision, untuned.precision], ['bf16', 'bf16']);
  assert.match(out, /tiny-default-bf16$/);
});

test('folds by user, of users read or unread by trunks, have folders of their own; a given test part has none', () => {
  const { open, withCard } = tiny();
  const [byUser, unread] = ['users', 'unread users'].map((folds) => open({ folds }));
  assert.deepEqual([byUser.data, unread.data], ['tiny-users', 'tiny-unread-users']);
  assert.ok(byUser.tasks.every(({ foldsByUser, source }) => foldsByUser && !source.unread));
  assert.equal(
    new Set(unread.tasks.map(({ source }) => source)).size,
    new Set(open().tasks.map(({ source }) => source)).size,
  );
  assert.ok(unread.tasks.every(({ source }) => source.unread));
  withCard({ timeline: { share: 0.8 } });
  assert.throws(
    () => open({ folds: 'users' }),
    /parameters\.folds: users; expected instances, as the test part of/,
  );
});

test('a wrong budget is an error that names card and key; a wrong parameter is named beside those that there are', () => {
  const { open, withCard } = tiny();
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ budgets: { classify: { passes: 0 } } }, /^UserError: parameters\.budgets\.classify\.passes: /],
    [{ precision: 'half' }, /^UserError: parameters\.precision: /],
    [{ prest: 'quick' }, /^UserError: parameters: .*"prest"; expected data, preset, /],
  ];
  for (const [more, message] of wrong) assert.throws(() => open(more), message);
  withCard({ budgets: { classify: { epochs: 3 } } });
  assert.throws(() => open(), /dataset\.json: unknown key "epochs" in budgets\.classify/);
});

test('a large log has the larger k, and fewer passes with evaluations as far apart', () => {
  assert.equal(sizedFor(presets.default, 299_999).channels, 32);
  const { channels, classify } = sizedFor(presets.default, 300_000);
  assert.equal(channels, 64);
  assert.deepEqual([classify.passes, classify.evaluations], [48, 24]); // 96 and 48 on a smaller one
  assert.equal(sizedFor(presets.paper, 300_000), presets.paper);
});
