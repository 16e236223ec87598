/** Trainings by hand in a notebook. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { beforeEach, test } from 'node:test';
import { compileFineTuning, finetune } from '../../lib/experiments/recipes/finetune';
import { byHand } from '../../lib/notebook/byHand';
import { folderWith } from '../data/folders';
import { tuningOf } from '../experiments/recipes/settingsOf';
import { fineTuning, news, parity, preset } from '../experiments/recipes/tinyTasks';
import { numbers } from '../experiments/recipes/trained';
import { enterNotebook, shown } from './listening';

beforeEach(enterNotebook);

const experiment = fineTuning('PeterZero-frozen');
for (const task of [news, parity]) {
  test(`${task.name}: watched, a training is bit for bit what it is without a notebook`, async () => {
    const out = folderWith({});
    const { graft, tune } = byHand({ preset, out });
    const start = graft(task, experiment);
    const { label, metrics: _, ...watched } = await tune(task, experiment, start);
    const tuning = tuningOf(task, experiment, preset);
    const program = compileFineTuning(tuning, start);
    const plain = await finetune(program, tuning, { seed: 1, start });
    program.dispose();
    assert.deepEqual(numbers(watched), numbers(plain));
    assert.equal(label, experiment.label);
    assert.deepEqual(fs.readdirSync(out), []);
  });
}

test('a training has a picture from its start on, which goes on until its end', async () => {
  const { graft, tune } = byHand({ preset, out: folderWith({}) });
  await tune(news, experiment, graft(news, experiment));
  assert.ok(shown.every(({ data }) => Object.keys(data).join() === 'image/svg+xml,text/plain'));
  assert.deepEqual([shown[0].update, shown.at(-1)?.update], [false, true]);
  assert.match(String(shown[0].data['text/plain']), / 0\/4 in 0:00: PeterZero/);
  const { data } = shown.at(-1) as (typeof shown)[number];
  assert.match(
    String(data['image/svg+xml']),
    /^<svg .*HR@5, validation.* 4\/4 in 0:.*, loss \d.*HR@5 [01]\.\d+/s,
  );
  assert.match(String(data['text/plain']), / 4\/4 in 0:\d\d: PeterZero/);
});

test('Stop of the cell ends it and leaves its picture', async () => {
  const long = { ...preset, recommend: { ...preset.recommend, steps: 400 } };
  const { graft, tune } = byHand({ preset: long, out: folderWith({}) });
  setTimeout(() => process.emit('SIGINT'), 50);
  await assert.rejects(tune(news, experiment, graft(news, experiment)), /stopped/);
  assert.deepEqual(Object.keys(shown.at(-1)?.data ?? {}), ['image/svg+xml', 'text/plain']);
});
