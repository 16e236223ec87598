/** Trainings of a notebook under a hand, which speaks as a front end does. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, test } from 'node:test';
import { documentsOf } from '../../lib/documents/store';
import { untrained } from '../../lib/methods/opponents';
import { byHand } from '../../lib/notebook/byHand';
import { Steering } from '../../lib/notebook/live/steering';
import { compileFineTuning, finetune } from '../../lib/recipes/finetune';
import { tuningOf } from '../../lib/recipes/settings';
import { run } from '../../lib/runs/run';
import { folderWith } from '../datasets/folders';
import { fineTuning, news, parity, preset } from '../recipes/tinyTasks';
import { enterNotebook, shown } from './listening';

type Said = { readonly do: string; readonly run?: number; readonly value?: unknown };
type Opened = { readonly start: object; readonly says: (said: Said) => void; board: Board };
type Board = { readonly rows: readonly Row[]; readonly picture: string };
type Row = {
  readonly label: string;
  readonly state: string;
  readonly cells: readonly string[];
  readonly can: readonly string[];
};

/** Widgets that were opened, in place of those that a front end draws. */
const opened: Opened[] = [];
const widgets = require('../../lib/setup/kernel/widgets');
widgets.openWidget = (_: object, start: Board, says: Opened['says']) => {
  const widget: Opened = { start, says, board: start };
  opened.push(widget);
  const set = (changes: object) => {
    widget.board = { ...widget.board, ...changes };
    onBoard(widget);
  };
  return { id: `widget-${opened.length}`, set };
};
let onBoard: (widget: Opened) => void = () => undefined;

beforeEach(() => {
  enterNotebook();
  opened.length = 0;
  onBoard = () => undefined;
  const jupyter = require('tslab/dist/jupyter');
  const own = jupyter.lastWriteDisplayData;
  jupyter.lastWriteDisplayData = (...args: unknown[]) => own(...args); // another cell
});

const experiment = fineTuning('PeterZero-frozen');
/** Long enough for a hand. */
const long = { ...preset, recommend: { ...preset.recommend, steps: 400 } };
const numbers = <T extends { readonly curve: readonly { readonly seconds: number }[] }>({
  curve,
  ...rest
}: T) => ({
  ...rest,
  curve: curve.map(({ seconds: _, ...point }) => point),
});

for (const task of [news, parity]) {
  test(`${task.name}: watched and not steered, a training is bit for bit what it is without a notebook`, async () => {
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

test('a training shows as a widget with all controls, and in the end as a picture', async () => {
  const { graft, tune } = byHand({ preset, out: folderWith({}) });
  const seen: Row[] = [];
  onBoard = ({ board }) => seen.push(...board.rows);
  await tune(news, experiment, graft(news, experiment));
  assert.deepEqual([...seen[0].can].sort(), ['goOn', 'pause', 'setRate', 'stop']);
  assert.deepEqual(Object.keys(shown[0].data), [
    'application/vnd.jupyter.widget-view+json',
    'image/svg+xml',
    'text/plain',
  ]);
  const last = shown.at(-1);
  assert.deepEqual(Object.keys(last?.data ?? {}), ['image/svg+xml', 'text/plain']);
  assert.match(
    String(last?.data['image/svg+xml']),
    /^<svg .*HR@5, validation.*step 4\/4, loss \d.*HR@5 [01]\.\d+/s,
  );
  assert.match(String(last?.data['text/plain']), / 4\/4 in 0:\d\d: PeterZero/);
  assert.equal(opened[0].board.rows[0].state, 'done');
  assert.deepEqual(opened[0].board.rows[0].can, []);
});

test('trainings of one cell share a view, a row each', async () => {
  const { graft, tune } = byHand({ preset, out: folderWith({}) });
  await Promise.all([news, parity].map((task) => tune(task, experiment, graft(task, experiment))));
  assert.equal(opened.length, 1);
  assert.deepEqual(
    opened[0].board.rows.map(({ state }) => state),
    ['done', 'done'],
  );
});

/** Does something when a training has taken its first step. */
function atFirstStep(act: (widget: Opened) => void): void {
  let isDone = false;
  onBoard = (widget) => {
    if (isDone || !/^[1-9]/.test(widget.board.rows[0]?.cells[0] ?? '')) return;
    isDone = true;
    act(widget);
  };
}

test('what is tuned on a trunk that a hand has steered is not as declared either', async () => {
  const out = folderWith({});
  const { pretrain, graft, tune } = byHand({ preset: long, out });
  atFirstStep(({ says }) => says({ do: 'stop', run: 1 }));
  const pretrained = await pretrain(news, 'causal');
  const learnt = { ...experiment, start: 'pre-trained' } as const;
  const model = graft(news, learnt, pretrained.weights.trunk);
  const tuned = await tune(news, learnt, model);
  assert.deepEqual(tuned.steered, pretrained.steered);
  assert.equal(tuned.label, `${experiment.label} (steered)`);
  assert.equal(fs.readdirSync(path.join(out, 'steered')).length, 2);
  const fresh = await tune(news, experiment, graft(news, experiment));
  assert.equal(fresh.label, experiment.label);
});

test('what a hand did stands in what is returned, in its label and in a document that nothing reads', async () => {
  const out = folderWith({});
  const { graft, tune } = byHand({ preset: long, out });
  atFirstStep(({ says }) => {
    says({ do: 'setRate', run: 1, value: 0.5 });
    says({ do: 'setRate', run: 1, value: -1 });
    says({ do: 'stop', run: 1 });
  });
  const tuned = await tune(news, experiment, graft(news, experiment));
  const { step } = (tuned.steered ?? [])[0];
  assert.deepEqual(tuned.steered, [
    { step, rate: 0.5 },
    { step, stopped: true },
  ]);
  assert.equal(tuned.label, `${experiment.label} (steered)`);
  assert.equal(tuned.curve.at(-1)?.step, step);
  assert.match(opened[0].board.rows[0].label, /\(steered\)$/);
  assert.deepEqual(fs.readdirSync(out), ['steered']);
  const [name] = fs.readdirSync(path.join(out, 'steered'));
  assert.match(name, /^News-PeterZero-frozen-[0-9a-f]{12}\.json$/);
  const document = JSON.parse(fs.readFileSync(path.join(out, 'steered', name), 'utf8'));
  assert.deepEqual(document.steered, tuned.steered);
  assert.deepEqual(document.metrics, tuned.metrics);

  assert.deepEqual(documentsOf(out), []);
  const planned = [{ on: ['News'], experiments: untrained }];
  const ran = await run({ data: 'tiny', tasks: [news], preset, seeds: 1, out }, planned);
  assert.deepEqual(
    [...ran.results, ...ran.pretraining, ...documentsOf(out)].filter((one) => 'steered' in one),
    [],
  );
  assert.deepEqual(fs.readdirSync(path.join(out, 'steered')), [name]);
});

test('a pause holds the steps, changes no number and is no deed', async () => {
  const { graft, tune } = byHand({ preset: long, out: folderWith({}) });
  let steps: (string | undefined)[] = [];
  atFirstStep((widget) => {
    widget.says({ do: 'pause', run: 1 });
    const stepNow = () => widget.board.rows[0].cells[0];
    steps = [stepNow()];
    setTimeout(() => {
      widget.says({ do: 'see' });
      steps.push(stepNow(), widget.board.rows[0].state);
      widget.says({ do: 'goOn', run: 1 });
    }, 200);
  });
  const paused = await tune(news, experiment, graft(news, experiment));
  const whole = await tune(news, experiment, graft(news, experiment));
  assert.deepEqual(numbers(paused), numbers(whole));
  assert.deepEqual(steps, [steps[0], steps[0], 'paused']);
});

test('Stop of the whole run lets go what a hand holds up', async () => {
  const stop = new AbortController();
  const steering = new Steering(
    stop.signal,
    () => 1,
    () => undefined,
  );
  steering.pause();
  const held = steering.held();
  stop.abort();
  await held;
  assert.equal(steering.held(), undefined);
  assert.deepEqual(steering.deeds, []);
});
