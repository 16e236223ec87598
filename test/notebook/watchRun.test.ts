/** Trainings of a run below its cell, as workers report them, with messages as a front end sends them. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Moment, Pausable } from '../../lib/experiments/runs/watch';
import { watchRun } from '../../lib/notebook/live/watch';
import { enterNotebook, leaveNotebook, opened, shown } from './listening';

beforeEach(enterNotebook);
const click = (button: string) => opened[0].says({ do: button });
const lines = () => {
  opened[0].says({});
  return [...opened[0].state.picture.matchAll(/>([^<]*\d\/\d[^<]*)</g)].map(([, line]) =>
    line.replace(/^\S+ /, ''),
  );
};

/** Computes trainings, and can be paused. */
const newWorker = (): Pausable & { isPaused: boolean } => ({
  isPaused: false,
  pause(isPaused) {
    this.isPaused = isPaused;
  },
});

const at = (step: number, value?: number): Moment => ({
  ...{ step, steps: 10, metric: 'HR@5' },
  ...(value === undefined
    ? { taken: { loss: 1 / step, epoch: step / 5 } }
    : {
        point: {
          ...{ step, epoch: step / 5, seconds: step, loss: 1 / step },
          ...{ valid: { 'HR@5': value }, test: { 'HR@5': 0 } },
        },
      }),
});

test('each worker has a line with step, loss and metric, and all are paused by one button', () => {
  const { onTraining, onProgress, end } = watchRun(new AbortController().signal);
  const [one, other, late] = [newWorker(), newWorker(), newWorker()];
  onProgress?.({ label: 'A', done: 0, total: 2 });
  onTraining?.(one, 'A', at(1));
  onTraining?.(other, 'B', at(2));
  onTraining?.(one, 'A', at(5, 0.25));
  onTraining?.(one, 'A', at(6));
  const [first, second] = lines();
  assert.match(first, /^6\/10 in 0:00, 0:00 left: A, loss 0\.1667, HR@5 0\.2500$/);
  assert.match(second, /^2\/10 in .*: B, loss 0\.5000$/);
  click('pause');
  onTraining?.(late, 'C', at(1));
  assert.deepEqual(
    [one, other, late].map(({ isPaused }) => isPaused),
    [true, true, true],
  );
  assert.equal(opened[0].state.pause, 'Go on');
  click('pause');
  assert.deepEqual(
    [one, other, late].map(({ isPaused }) => isPaused),
    [false, false, false],
  );
  for (const [worker, label] of [
    [one, 'A'],
    [other, 'B'],
    [late, 'C'],
  ] as const)
    onTraining?.(worker, label, 'ended');
  onProgress?.({ label: 'B', done: 2, total: 2 });
  end();
  const { data } = shown.at(-1) as (typeof shown)[number];
  assert.deepEqual(Object.keys(data), ['text/plain']);
  assert.match(String(data['text/plain']), /2\/2 in \d:\d\d: B$/);
});

test('a worker’s next training takes the place of the one before; a run has no button that stops', () => {
  const { onTraining } = watchRun(new AbortController().signal);
  const one = newWorker();
  onTraining?.(one, 'A', at(3));
  onTraining?.(one, 'A', 'ended');
  onTraining?.(one, 'B', at(4));
  onTraining?.(one, 'C', at(5));
  click('stop');
  assert.deepEqual(
    lines().map((line) => line.split(', loss')[0].split(': ')[1]),
    ['C'],
  );
  assert.equal(opened[0].state.stop, '');
});

test('Stop leaves a picture at once, which nothing changes', () => {
  const stop = new AbortController();
  const { onTraining, end } = watchRun(stop.signal);
  onTraining?.(newWorker(), 'A', at(3));
  stop.abort();
  assert.deepEqual(Object.keys(shown.at(-1)?.data ?? {}), ['image/svg+xml', 'text/plain']);
  const count = shown.length;
  onTraining?.(newWorker(), 'B', at(3));
  end();
  assert.equal(shown.length, count);
});

test('where nothing trains a line is left, and outside a notebook nothing', () => {
  const { onProgress, end } = watchRun(new AbortController().signal);
  onProgress?.({ label: 'all of it is there', done: 2, total: 2 });
  end();
  assert.deepEqual(opened, []);
  assert.ok(
    shown.every(({ data, update }, i) => Object.keys(data).join() === 'text/plain' && update === i > 0),
  );
  leaveNotebook();
  assert.equal(watchRun(new AbortController().signal).onTraining, undefined);
});
