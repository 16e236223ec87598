/** The trainings of a run below its cell, as their makers tell of them and as a front end speaks of them. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Moment, Pausable } from '../../lib/experiments/runs/watch';
import { watchedRun } from '../../lib/notebook/live/watched';
import { enterNotebook, leaveNotebook, opened, shown } from './listening';

beforeEach(enterNotebook);
const say = (said: object) => opened[0].says(said);
const states = () => opened[0]?.board.rows.map(({ label, state }) => `${label} ${state}`);

/** Who makes trainings, and whether he is paused. */
const maker = (): Pausable & { isPaused: boolean } => ({
  isPaused: false,
  pause(isPaused) {
    this.isPaused = isPaused;
  },
});

const at = (step: number, value?: number): Moment => ({
  ...{ step, steps: 10, metric: 'HR@5', memory: 2 ** 21 },
  ...(value === undefined
    ? { taken: { loss: 1 / step, epoch: step / 5 } }
    : {
        point: {
          ...{ step, epoch: step / 5, seconds: step, loss: 1 / step },
          ...{ valid: { 'HR@5': value }, test: { 'HR@5': 0 } },
        },
      }),
});

test('each maker has a row with step, loss, metric and memory, and is paused by its own', () => {
  const { onTraining, onProgress, end } = watchedRun(new AbortController().signal);
  const [one, other] = [maker(), maker()];
  onProgress?.({ label: 'A', done: 0, total: 2 });
  onTraining?.(one, 'A', at(1));
  onTraining?.(other, 'B', at(2));
  onTraining?.(one, 'A', at(5, 0.25));
  onTraining?.(one, 'A', at(6));
  say({ do: 'pause', run: 1 });
  assert.deepEqual([one.isPaused, other.isPaused], [true, false]);
  assert.deepEqual(states(), ['A paused', 'B training']);
  const [{ cells }] = opened[0].board.rows;
  assert.deepEqual(
    [cells[0], cells[1], cells[2], cells[3], cells[5]],
    ['6/10', '1.20', '0.1667', 'HR@5 0.2500', '2 MB'],
  );
  say({ do: 'stop', run: 1 });
  say({ do: 'goOn', run: 1 });
  assert.deepEqual([states(), one.isPaused], [['A training', 'B training'], false]);
  onTraining?.(one, 'A', 'ended');
  onTraining?.(other, 'B', 'ended');
  onProgress?.({ label: 'B', done: 2, total: 2 });
  end();
  const { data } = shown.at(-1) as (typeof shown)[number];
  assert.deepEqual(Object.keys(data).sort(), ['image/svg+xml', 'text/plain']);
  assert.match(String(data['text/plain']), /2\/2 in \d:\d\d: B$/);
});

test('what is paused when its training has just ended goes on with the next', () => {
  const { onTraining } = watchedRun(new AbortController().signal);
  const one = maker();
  onTraining?.(one, 'A', at(9));
  say({ do: 'pause', run: 1 });
  onTraining?.(one, 'A', 'ended');
  onTraining?.(one, 'B', at(1));
  assert.deepEqual([states(), one.isPaused], [['A done', 'B training'], false]);
});

test('of trainings that are over the latest are shown, and words are left where not all are', () => {
  const { onTraining, onProgress, end } = watchedRun(new AbortController().signal);
  const one = maker();
  for (const label of ['A', 'B', 'C', 'D', 'E', 'F', 'G']) {
    onTraining?.(one, label, at(3));
    onTraining?.(one, label, 'ended');
  }
  onTraining?.(one, 'H', at(4));
  onTraining?.(one, 'H', at(10));
  assert.deepEqual(states(), ['C done', 'D done', 'E done', 'F done', 'G done', 'H training']);
  onProgress?.({ label: 'H', done: 8, total: 8 });
  end();
  assert.deepEqual(Object.keys(shown.at(-1)?.data ?? {}), ['text/plain']);
});

test('Stop ends all rows at once', () => {
  const stop = new AbortController();
  const { onTraining } = watchedRun(stop.signal);
  onTraining?.(maker(), 'A', at(3));
  stop.abort();
  assert.deepEqual(states(), ['A stopped']);
});

test('where nothing trains a line is left, and outside a notebook nothing', () => {
  const { onProgress, end } = watchedRun(new AbortController().signal);
  onProgress?.({ label: 'all of it is there', done: 2, total: 2 });
  end();
  assert.deepEqual(opened, []);
  assert.deepEqual(
    shown.map(({ data, update }) => [Object.keys(data), update]),
    [[['text/plain'], false]],
  );
  leaveNotebook();
  assert.equal(watchedRun(new AbortController().signal).onTraining, undefined);
});
