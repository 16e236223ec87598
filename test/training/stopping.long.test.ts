/** Each method stops where validation says so: a world in which one has overfitted before another has begun. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean } from 'simple-statistics';
import { random, uniform } from '../../lib/base/random';
import type { FineTuning } from '../../lib/experiments/methods/experiment';
import { causal } from '../../lib/experiments/methods/family';
import type { Preset } from '../../lib/experiments/methods/presets';
import { accuracy } from '../../lib/metrics/classification';
import type { Classified } from '../../lib/training/evaluate';
import { parity, preset, source } from '../experiments/recipes/tinyTasks';
import { tuned } from '../experiments/recipes/trained';

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
const rates = { everything: 0.01, part: 0.0005 };
const world: Preset = { ...preset, channels: 16, classify: { ...tuning, rates }, patience: 60 };

type Trained = { readonly seed?: number } & Partial<Preset['classify']>;

function trained(method: FineTuning, patience: number, { seed = 1, ...end }: Trained = {}) {
  const preset = { ...world, classify: { ...world.classify, ...end }, patience };
  return tuned(noisy, { ...method, start: 'random' }, { preset, seed });
}

/** Both methods of one seed. */
const bothOf = async (seed: number) => ({
  early: await trained(causal.FineZero, 60, { seed }),
  late: await trained(causal.FineCLSZero, 60, { seed }),
});

test('the state with the least log-loss on validation is kept, for the one that overfits and for the one that begins late', async () => {
  const seeds = [await bothOf(1), await bothOf(2), await bothOf(3), await bothOf(4)];
  type One = (typeof seeds)[number]['early'];
  const valid = ({ curve }: One) => curve.map((point) => point.valid.LogLoss);
  const kept = (one: One) => one.curve.findIndex(({ step }) => step === one.stoppedAt);
  for (const one of seeds.flatMap(({ early, late }) => [early, late]))
    assert.equal(valid(one)[kept(one)], Math.min(...valid(one)));
  /** Mean over the seeds of what a method has. */
  const over = (name: 'early' | 'late', of: (one: One) => number) =>
    mean(seeds.map((seed) => of(seed[name])));
  const atEnd = ({ curve }: One) => curve[59].test.Acc;
  const whereKept = (one: One) => one.curve[kept(one)].test.Acc;
  assert.ok(over('early', kept) < over('late', kept));
  const [end, own] = [over('early', atEnd), over('early', whereKept)];
  assert.ok(own > end + 0.03, `the one that overfits has ${own} where it stops, ${end} at the end`);
  const byOneStop = over('late', atEnd) - end;
  const byItsOwn = over('late', whereKept) - own;
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
