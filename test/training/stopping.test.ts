/** Each method stops where validation says so: a world in which one has overfitted before another has begun. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/methods/family';
import type { Preset } from '../../lib/methods/presets';
import { accuracy } from '../../lib/metrics/classification';
import { random, uniform } from '../../lib/random';
import { compileFineTuning, finetune, startModel } from '../../lib/recipes/finetune';
import { tuningOf } from '../../lib/recipes/settings';
import type { Classified } from '../../lib/training/evaluate';
import { parity, preset, source } from '../recipes/tinyTasks';

const USERS = 1200;
const stream = random(1, 'stopping', 'world');
const users = Array.from({ length: USERS }, (_, user) => user);

/** Whether a user likes items of the first half; a third of the labels say the opposite, which can only be learnt by heart. */
const noisy = {
  ...parity,
  source: {
    ...source,
    users: users.map((user) => `user${user}`),
    sequences: users.map((user) =>
      Int32Array.from({ length: 8 }, () => 1 + 6 * (user % 2) + Math.floor(6 * uniform(stream))),
    ),
    preceding: users.map(() => new Int32Array(0)),
  },
  instances: users.map((user) => ({ user, label: uniform(stream) < 1 / 3 ? 1 - (user % 2) : user % 2 })),
  known: users.map(() => []),
};

const tuning = { batch: 128, passes: 60, evaluations: 60, dropout: 0 };
const rates = { everything: 0.03, part: 0.0005 };
const world: Preset = { ...preset, channels: 16, classify: { ...tuning, rates }, patience: 60 };

async function trained(method: typeof causal.FineZero, patience: number, end: object = {}) {
  const classify = { ...world.classify, ...end };
  const setting = tuningOf(noisy, { ...method, start: 'random' }, { ...world, classify, patience });
  const start = startModel(setting, 1);
  const program = compileFineTuning(setting, start);
  try {
    return await finetune(program, setting, { seed: 1, start });
  } finally {
    program.dispose();
  }
}

test('the state with the best validation metric is kept, for the one that overfits and for the one that begins late', async () => {
  const [early, late] = [await trained(causal.FineZero, 60), await trained(causal.FineCLSZero, 60)];
  const valid = ({ curve }: typeof early) => curve.map((point) => point.valid.Acc);
  const kept = (one: typeof early) => one.curve.findIndex(({ step }) => step === one.stoppedAt);
  for (const one of [early, late]) assert.equal(valid(one)[kept(one)], Math.max(...valid(one)));
  assert.ok(kept(early) < kept(late), `${early.stoppedAt} before ${late.stoppedAt}`);
  const testAt = (one: typeof early, at: number) => one.curve[at].test.Acc;
  const [end, own] = [testAt(early, 59), testAt(early, kept(early))];
  assert.ok(own > end + 0.03, `the one that overfits has ${own} where it stops, ${end} at the end`);
  const byOneStop = testAt(late, 59) - testAt(early, 59);
  const byItsOwn = testAt(late, kept(late)) - testAt(early, kept(early));
  assert.ok(byOneStop > 0.03 && byItsOwn < 0.01, `one stop for both ${byOneStop}, each its own ${byItsOwn}`);
});

test('the outcomes and weights are those of the kept state, and training ends when patience does', async () => {
  const patient = await trained(causal.FineZero, 4);
  const best = patient.curve.findIndex(({ step }) => step === patient.stoppedAt);
  assert.equal(patient.curve.length, best + 1 + 4);
  const predicted = patient.test.map((outcome) => (outcome as Classified).predicted);
  const actual = patient.test.map(({ instance }) => noisy.instances[instance].label);
  assert.equal(accuracy(predicted, actual), patient.curve[best].test.Acc);
  const ended = await trained(causal.FineZero, 60, { steps: patient.stoppedAt, evaluations: 1 });
  assert.equal(ended.stoppedAt, patient.stoppedAt);
  assert.deepEqual(patient.weights, ended.weights);
});
