/** Trainings of a run below its cell, as workers report them. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Moment } from '../../lib/experiments/runs/watch';
import { watchRun } from '../../lib/notebook/live/watch';
import { enterNotebook, leaveNotebook, shown } from './listening';

beforeEach(enterNotebook);

/** Lines of the last picture. */
const lines = () =>
  [...String(shown.at(-1)?.data['image/svg+xml']).matchAll(/>([^<]*\d\/\d[^<]*)</g)].map(([, line]) =>
    line.replace(/^\S+ /, ''),
  );

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

test('each worker has a line with step, loss and metric, and in the end the line of the run stays', () => {
  const { onTraining, onProgress, end } = watchRun(new AbortController().signal);
  const [one, other] = [{}, {}];
  onProgress?.({ label: 'A', done: 0, total: 2 });
  onTraining?.(one, 'A', at(1));
  onTraining?.(other, 'B', at(2));
  onTraining?.(one, 'A', at(5, 0.25));
  onTraining?.(one, 'A', at(6));
  onTraining?.(one, 'A', 'ended');
  onTraining?.(other, 'B', 'ended');
  onProgress?.({ label: 'B', done: 2, total: 2 });
  end();
  const { data } = shown.at(-1) as (typeof shown)[number];
  assert.deepEqual(Object.keys(data), ['text/plain']);
  assert.match(String(data['text/plain']), /2\/2 in \d:\d\d: B$/);
});

test('what still trains in the end is drawn; a worker’s next training takes the place of the one before', () => {
  const { onTraining, end } = watchRun(new AbortController().signal);
  const [one, other] = [{}, {}];
  onTraining?.(one, 'A', at(3));
  onTraining?.(one, 'A', 'ended');
  onTraining?.(one, 'B', at(4));
  onTraining?.(one, 'C', at(5, 0.25));
  onTraining?.(one, 'C', at(6));
  onTraining?.(other, 'D', at(2));
  end();
  const [first, second, ...others] = lines();
  assert.match(first, /^6\/10 in 0:00, 0:00 left: C, loss 0\.1667, HR@5 0\.2500$/);
  assert.match(second, /^2\/10 in .*: D, loss 0\.5000$/);
  assert.deepEqual(others, []);
});

test('Stop leaves a picture at once, which nothing changes', () => {
  const stop = new AbortController();
  const { onTraining, end } = watchRun(stop.signal);
  onTraining?.({}, 'A', at(3));
  stop.abort();
  assert.deepEqual(Object.keys(shown.at(-1)?.data ?? {}), ['image/svg+xml', 'text/plain']);
  const count = shown.length;
  onTraining?.({}, 'B', at(3));
  end();
  assert.equal(shown.length, count);
});

test('where nothing trains a line is left, and outside a notebook nothing', () => {
  const { onProgress, end } = watchRun(new AbortController().signal);
  onProgress?.({ label: 'all of it is there', done: 2, total: 2 });
  end();
  assert.ok(
    shown.every(({ data, update }, i) => Object.keys(data).join() === 'text/plain' && update === i > 0),
  );
  leaveNotebook();
  assert.equal(watchRun(new AbortController().signal).onTraining, undefined);
});
