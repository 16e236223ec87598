/** Trainings of a notebook and their buttons, with messages as a front end sends them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { beforeEach, test } from 'node:test';
import { compileFineTuning, finetune } from '../../lib/experiments/recipes/finetune';
import { byHand } from '../../lib/notebook/byHand';
import { folderWith } from '../data/folders';
import { tuningOf } from '../experiments/recipes/settingsOf';
import { fineTuning, news, parity, preset } from '../experiments/recipes/tinyTasks';
import { numbers } from '../experiments/recipes/trained';
import { enterNotebook, type Opened, opened, shown } from './listening';

beforeEach(enterNotebook);

const experiment = fineTuning('PeterZero-frozen');
/** Long enough for a click. */
const long = {
  ...preset,
  recommend: { ...preset.recommend, steps: 400 },
  pretraining: {
    ...preset.pretraining,
    nextItem: { ...preset.pretraining.nextItem, passes: 400, steps: 400 },
  },
};

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

/** Does something when the view of a training is first there. */
const atStart = (act: (widget: Opened) => void) => void setImmediate(() => act(opened[0]));

/** Steps of a picture. */
const stepOf = ({ state }: Opened) => Number(/ (\d+)\/\d+ in /.exec(state.picture)?.[1]);

test('a training has a widget with buttons, and in the end a picture', async () => {
  const { graft, tune } = byHand({ preset, out: folderWith({}) });
  const buttons: string[] = [];
  atStart(({ state: { pause, stop } }) => buttons.push(pause, stop));
  await tune(news, experiment, graft(news, experiment));
  assert.deepEqual(buttons, ['Pause', 'Stop and keep']);
  assert.equal(opened.length, 1);
  assert.deepEqual([opened[0].state.pause, opened[0].state.stop], ['', '']);
  const formatsOf = ({ data }: (typeof shown)[number]) => Object.keys(data);
  const live = 'application/vnd.jupyter.widget-view+json';
  assert.deepEqual(formatsOf(shown[0]), [live, 'image/svg+xml', 'text/plain']);
  const last = shown.at(-1) as (typeof shown)[number];
  assert.deepEqual([formatsOf(last), last.update], [['image/svg+xml', 'text/plain'], true]);
  const picture = String(last.data['image/svg+xml']);
  assert.match(picture, /^<svg .*HR@5, validation.* 4\/4 in 0:.*, loss \d.*HR@5 [01]\.\d+/s);
  assert.match(String(last.data['text/plain']), / 4\/4 in 0:\d\d: PeterZero/);
});

test('a stop by hand keeps that step and is told by what is returned, also of what is tuned on such a trunk', async () => {
  const out = folderWith({});
  const { pretrain, graft, tune } = byHand({ preset: long, out });
  atStart(({ says }) => {
    says({ do: 'stop' });
    says({ do: 'stop' });
  });
  const pretrained = await pretrain(news, 'causal');
  const steps = pretrained.curve.at(-1)?.step ?? 0;
  assert.ok(pretrained.steered && steps > 0 && steps < 400);
  const learnt = { ...experiment, start: 'pre-trained' } as const;
  const tuned = await tune(news, learnt, graft(news, learnt, pretrained.weights.trunk));
  assert.deepEqual([tuned.label, tuned.steered], [`${experiment.label} (steered)`, true]);
  const fresh = await tune(news, experiment, graft(news, experiment));
  assert.deepEqual([fresh.label, fresh.steered], [experiment.label, undefined]);
  assert.deepEqual(fs.readdirSync(out), []);
});

test('a pause holds the steps and changes no number', async () => {
  const { graft, tune } = byHand({ preset: long, out: folderWith({}) });
  const seen: (number | string)[] = [];
  atStart((widget) => {
    widget.says({ do: 'pause' });
    setTimeout(() => {
      widget.says({});
      seen.push(stepOf(widget), widget.state.pause);
    }, 100);
    setTimeout(() => {
      widget.says({});
      seen.push(stepOf(widget));
      widget.says({ do: 'pause' });
    }, 300);
  });
  const paused = await tune(news, experiment, graft(news, experiment));
  const whole = await tune(news, experiment, graft(news, experiment));
  assert.deepEqual(numbers(paused), numbers(whole));
  assert.deepEqual(seen, [seen[0], 'Go on', seen[0]]);
  assert.ok(Number(seen[0]) < 400);
});

test('Stop of the cell ends what is paused', async () => {
  const { graft, tune } = byHand({ preset: long, out: folderWith({}) });
  atStart((widget) => {
    widget.says({ do: 'pause' });
    setTimeout(() => process.emit('SIGINT'), 50);
  });
  await assert.rejects(tune(news, experiment, graft(news, experiment)), /stopped/);
  assert.deepEqual(Object.keys(shown.at(-1)?.data ?? {}), ['image/svg+xml', 'text/plain']);
});
