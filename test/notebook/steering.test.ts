/** Trainings of a notebook under a hand, which speaks as a front end does. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { beforeEach, test } from 'node:test';
import { compileFineTuning, finetune } from '../../lib/experiments/recipes/finetune';
import { byHand } from '../../lib/notebook/byHand';
import type { Row } from '../../lib/notebook/live/board';
import { folderWith } from '../data/folders';
import { tuningOf } from '../experiments/recipes/settingsOf';
import { fineTuning, news, parity, preset } from '../experiments/recipes/tinyTasks';
import { numbers } from '../experiments/recipes/trained';
import { enterNotebook, type Opened, opened, shown, watching } from './listening';

beforeEach(enterNotebook);

const experiment = fineTuning('PeterZero-frozen');
/** Long enough for a hand. */
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

test('trainings of a cell share a widget, a row with buttons each, and in the end a picture', async () => {
  const { graft, tune } = byHand({ preset, out: folderWith({}) });
  const seen: Row[] = [];
  watching.onBoard = ({ board }) => seen.push(...board.rows);
  await Promise.all([news, parity].map((task) => tune(task, experiment, graft(task, experiment))));
  assert.equal(opened.length, 1);
  assert.deepEqual([...seen[0].can].sort(), ['goOn', 'pause', 'stop']);
  const formatsOf = ({ data }: (typeof shown)[number]) => Object.keys(data);
  const live = 'application/vnd.jupyter.widget-view+json';
  assert.deepEqual(formatsOf(shown[0]), [live, 'image/svg+xml', 'text/plain']);
  const last = shown.at(-1) as (typeof shown)[number];
  assert.deepEqual(formatsOf(last), ['image/svg+xml', 'text/plain']);
  const picture = String(last.data['image/svg+xml']);
  assert.match(picture, /^<svg .*HR@5, validation.*step 4\/4, loss \d.*HR@5 [01]\.\d+/s);
  assert.match(String(last.data['text/plain']), / 4\/4 in 0:\d\d: PeterZero/);
  assert.ok(opened[0].board.rows.every(({ state, can }) => state === 'done' && can.length === 0));
});

/** Does something when a training has taken its first step. */
function atFirstStep(act: (widget: Opened) => void): void {
  let isDone = false;
  watching.onBoard = (widget) => {
    if (isDone || !/^[1-9]/.test(widget.board.rows[0]?.cells[0] ?? '')) return;
    isDone = true;
    act(widget);
  };
}

test('a stop by hand keeps that step and is told by what is returned, also of what is tuned on such a trunk', async () => {
  const out = folderWith({});
  const { pretrain, graft, tune } = byHand({ preset: long, out });
  atFirstStep(({ says }) => {
    says({ do: 'stop', run: 1 });
    says({ do: 'stop', run: 1 });
  });
  const pretrained = await pretrain(news, 'causal');
  assert.deepEqual(pretrained.steered, [{ step: pretrained.curve.at(-1)?.step, stopped: true }]);
  assert.match(opened[0].board.rows[0].label, /\(steered\)$/);
  const learnt = { ...experiment, start: 'pre-trained' } as const;
  const tuned = await tune(news, learnt, graft(news, learnt, pretrained.weights.trunk));
  assert.deepEqual(tuned.steered, pretrained.steered);
  assert.equal(tuned.label, `${experiment.label} (steered)`);
  const fresh = await tune(news, experiment, graft(news, experiment));
  assert.deepEqual([fresh.label, fresh.steered], [experiment.label, undefined]);
  assert.deepEqual(fs.readdirSync(out), []);
});

test('a pause holds the steps, changes no number and is no deed', async () => {
  const { graft, tune } = byHand({ preset: long, out: folderWith({}) });
  let steps: (string | undefined)[] = [];
  atFirstStep((widget) => {
    widget.says({ do: 'pause', run: 1 });
    const stepNow = () => widget.board.rows[0].cells[0];
    steps = [stepNow()];
    setTimeout(() => {
      widget.says({});
      steps.push(stepNow(), widget.board.rows[0].state);
      widget.says({ do: 'goOn', run: 1 });
    }, 200);
  });
  const paused = await tune(news, experiment, graft(news, experiment));
  const whole = await tune(news, experiment, graft(news, experiment));
  assert.deepEqual(numbers(paused), numbers(whole));
  assert.deepEqual(steps, [steps[0], steps[0], 'paused']);
});

test('Stop of the cell ends what is paused', async () => {
  const { graft, tune } = byHand({ preset: long, out: folderWith({}) });
  atFirstStep((widget) => {
    widget.says({ do: 'pause', run: 1 });
    setTimeout(() => process.emit('SIGINT'), 50);
  });
  await assert.rejects(tune(news, experiment, graft(news, experiment)), /stopped/);
  assert.equal(opened[0].board.rows[0].state, 'stopped');
});
