/** Which state early stopping keeps, and that a stopped training goes on with it. Letters: w, a weight that grows by .1 a step. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../lib/engine/native';
import type { Weight } from '../../lib/engine/weights';
import type { Checkpoints, Standing } from '../../lib/training/fit';
import { type BestPlan, fitBest } from '../../lib/training/fitBest';
import { oneWeight } from '../engine/tinyProgram';

type Judged = { readonly metric: number; readonly distance: number };

/** Eight steps, judged after every second one; what an evaluation finds is its place. */
async function trained(judged: readonly Judged[], own: Partial<BestPlan<{ w: Weight }, number>>) {
  const program = oneWeight(({ w }) => tf.neg(w) as tf.Scalar);
  const w = () => program.read().w;
  const place = () => Math.round(w().values[0] / 0.2) - 1;
  const best = await fitBest(program, {
    ...{ steps: 8, evaluations: 4, keptBy: 'metric', patience: 4 },
    taken: () => ({
      passSize: 1,
      next: () => ({ signature: 'train', batch: {}, instances: 1 }),
      state: () => ({ streams: {}, packing: { pass: [], at: 0, open: [] } }),
    }),
    *evaluate() {
      yield;
      return { valid: {}, test: {}, found: place(), judged: judged[place()] };
    },
    state: () => ({ w: w() }),
    ...own,
  }).finally(() => program.dispose());
  const { curve, ...kept } = best;
  return { ...kept, steps: curve.map(({ step }) => step) };
}

const at = (...judged: readonly (readonly [metric: number, distance: number])[]): Judged[] =>
  judged.map(([metric, distance]) => ({ metric, distance }));

test('the best by the metric or by the distance is kept, ties by the other', async () => {
  const judged = at([0.5, 3], [0.6, 2], [0.6, 1], [0.4, 0]);
  assert.deepEqual((await trained(judged, { keptBy: 'metric' })).stoppedAt, 6);
  assert.deepEqual((await trained(judged, { keptBy: 'distance' })).stoppedAt, 8);
});

test('training ends when neither has gained for as many evaluations as patience says', async () => {
  const judged = at([0.5, 2], [0.4, 1], [0.4, 1], [0.9, 0]);
  const { steps, stoppedAt } = await trained(judged, { patience: 1 });
  assert.deepEqual([steps, stoppedAt], [[2, 4, 6], 2]); // the second gains in distance, the third in neither
});

test('a training that is stopped goes on with the state that it had kept, and with its patience', async () => {
  const judged = at([0.9, 1], [0.5, 2], [0.4, 3], [0.3, 4]);
  const whole = await trained(judged, { patience: 3 });
  assert.deepEqual([whole.stoppedAt, whole.found, whole.steps], [2, 0, [2, 4, 6, 8]]);
  assert.ok(Math.abs(whole.state.w.values[0] - 0.2) < 1e-6);

  const stop = new AbortController();
  let left: Standing | undefined;
  const leaving: Checkpoints = {
    last: () => undefined,
    isDue: () => false,
    leave: ({ judged: state, arrays, variables, ...standing }) => {
      const copies = variables.map((one) => ({ ...one, now: one.values().slice() }));
      left = {
        ...structuredClone(standing),
        judged: JSON.parse(JSON.stringify(state)),
        arrays: structuredClone(arrays),
        variables: copies.map(({ now, ...one }) => ({ ...one, values: () => now })),
      };
    },
  };
  const onStep = (step: number) => step === 5 && stop.abort(new Error('stopped'));
  const stopped = trained(judged, { patience: 3, checkpoints: leaving, signal: stop.signal, onStep });
  await assert.rejects(stopped, /^Error: stopped$/);
  const resumed = await trained(judged, { patience: 3, checkpoints: { ...leaving, last: () => left } });
  assert.deepEqual(resumed, whole);
});
