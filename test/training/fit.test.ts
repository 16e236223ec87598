import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../lib/engine/native';
import { Program } from '../../lib/engine/program/program';
import {
  type CurvePoint,
  fit,
  type Plan,
  type Standing,
  type Step,
  type Steps,
} from '../../lib/training/fit';
import { adam } from '../../lib/training/optimizer';
import { Gate } from '../../lib/training/parts';

const stepWith = (x: number, instances = 2): Step => ({
  signature: 'train',
  batch: { x: Float32Array.of(x) },
  instances,
});

/** Steps that remember nothing. */
const counted = (next: () => Step): Steps => ({
  next,
  state: () => ({ streams: {}, packing: { pass: [], at: 0, open: [] } }),
});

function* evaluate() {
  yield;
  return { valid: {}, test: {} };
}

type Loss = (w: tf.Tensor, x: tf.Tensor) => tf.Scalar;
const withLoss = (loss: Loss) =>
  Program.compile(
    { w: { shape: [], values: Float32Array.of(0) } },
    {
      train: {
        inputs: { x: { dtype: 'float32', shape: [] } },
        loss: ({ w }, { x }) => loss(w, x),
        tuned: ({ w }) => [w],
        optimizer: adam(0.1),
      },
    },
  );

/** A program whose loss is what is fed to it; the steps feed 1, 2, 3 … */
function counting(overrides: Partial<Plan> = {}) {
  const program = withLoss((w, x) => tf.add(tf.mul(w, 0), x));
  const seen = { steps: 0 };
  const plan: Plan = {
    steps: 7,
    evaluations: 3,
    passSize: 8,
    taken: counted(() => stepWith(++seen.steps)),
    evaluate: function* () {
      yield;
      return { valid: { Acc: seen.steps }, test: { Acc: -seen.steps } };
    },
    ...overrides,
  };
  return { seen, run: () => fit(program, plan).finally(() => program.dispose()) };
}
const stepsOf = (curve: readonly CurvePoint[]) => curve.map(({ step }) => step);

test('three evaluations of seven steps fall on 2, 5 and 7, with the mean loss since the one before', async () => {
  const told: number[] = [];
  const curve = await counting({ onStep: (step) => told.push(step) }).run();
  assert.deepEqual(
    curve.map(({ seconds: _, ...point }) => point),
    [
      { step: 2, epoch: 0.5, loss: 1.5, valid: { Acc: 2 }, test: { Acc: -2 } },
      { step: 5, epoch: 1.25, loss: 4, valid: { Acc: 5 }, test: { Acc: -5 } },
      { step: 7, epoch: 1.75, loss: 6.5, valid: { Acc: 7 }, test: { Acc: -7 } },
    ],
  );
  assert.ok(curve[0].seconds > 0 && curve[2].seconds > curve[0].seconds);
  assert.deepEqual(told, [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(stepsOf(await counting({ evaluations: 1 }).run()), [7]);
});

test('an epoch is over when as many instances were taken as a pass has, however they fill the batches', async () => {
  const sizes = [3, 1, 2, 4, 1, 1, 4];
  const curve = await counting({ taken: counted(() => stepWith(1, sizes.shift())) }).run();
  assert.deepEqual(
    curve.map(({ epoch }) => epoch),
    [4 / 8, 11 / 8, 16 / 8],
  );
});

test('Stop gets in before the first step, after a step, and between two steps', async () => {
  const controller = () => new AbortController();
  const [third, between] = [controller(), controller()];
  const onStep = (step: number) => step === 3 && third.abort(new Error('enough'));
  const inThird = counting({ onStep, signal: third.signal });
  await assert.rejects(inThird.run(), /enough/);
  assert.equal(inThird.seen.steps, 3);
  const before = counting({ signal: AbortSignal.abort() });
  await assert.rejects(before.run(), { name: 'AbortError' });
  assert.equal(before.seen.steps, 0);
  setImmediate(() => between.abort());
  const long = counting({ steps: 1000, signal: between.signal });
  await assert.rejects(long.run(), { name: 'AbortError' });
  assert.ok(long.seen.steps <= 2, `${long.seen.steps} steps`);
});

test('Stop gets in between two parts of an evaluation, which is made anew when training goes on', async () => {
  const controller = new AbortController();
  let [parts, left]: [number, Standing | undefined] = [0, undefined];
  function* inParts() {
    for (let part = 1; part <= 3; part++) {
      if (++parts === 5) controller.abort(new Error('enough')); // the second part of the second evaluation
      yield;
    }
    return { valid: { Acc: parts }, test: {} };
  }
  const leave = (standing: Standing) => {
    const variables = standing.variables.map((variable) => {
      const values = variable.values().slice();
      return { ...variable, values: () => values };
    });
    left = { ...standing, variables };
  };
  const checkpoints = { last: () => undefined, isDue: () => false, leave };
  const stopped = counting({ evaluate: inParts, checkpoints, signal: controller.signal });
  await assert.rejects(stopped.run(), /enough/);
  const { step, curve } = (left as unknown as Standing).progress;
  assert.deepEqual([parts, stopped.seen.steps, step, stepsOf(curve)], [5, 5, 5, [2]]);

  let next = 5;
  const taken = counted(() => stepWith(++next));
  const goneOn = await counting({ evaluate: inParts, taken, from: left }).run();
  const whole = await counting().run();
  const withoutMetrics = (points: readonly CurvePoint[]) =>
    points.map(({ step, epoch, loss }) => ({ step, epoch, loss }));
  assert.deepEqual(withoutMetrics(goneOn), withoutMetrics(whole));
  assert.equal(parts, 5 + 3 + 3); // of what was stopped, of the same again, and of the last
});

test('a hand holds training up between two steps and between two parts of an evaluation, for as long as it likes', async () => {
  const gates = [new Gate(), new Gate()];
  let parts = 0;
  function* inParts() {
    if (++parts === 2) gates[1].close();
    yield;
    return { valid: {}, test: {} };
  }
  const onStep = (step: number) => step === 3 && gates[0].close();
  const held = () => gates[0].held() ?? gates[1].held();
  const { run, seen } = counting({ onStep, evaluate: inParts, hand: { held, stops: () => false } });
  const ran = run();
  /** Whether it comes so far, and no further in a while. */
  const staysAt = async (steps: number, part: number) => {
    const isThere = () => seen.steps === steps && parts === part;
    while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(isThere());
  };
  await staysAt(3, 1);
  gates[0].open();
  await staysAt(5, 2);
  gates[1].open();
  assert.equal((await ran).at(-1)?.step, 7);
});

test('stopped by hand, training ends after the step with an evaluation, or with the one under way', async () => {
  const told: number[] = [];
  let [at, stops] = [0, false];
  const held = () => undefined;
  const watch = {
    onStep: (step: number) => {
      at = step;
    },
    onPoint: ({ step }: CurvePoint) => told.push(step),
    hand: { held, stops: () => at === 4 },
  };
  const { run, seen } = counting(watch);
  const curve = await run();
  assert.deepEqual([stepsOf(curve), curve[1].loss, seen.steps, told], [[2, 4], 3.5, 4, [2, 4]]);
  function* stopping() {
    stops = true;
    yield;
    return { valid: {}, test: {} };
  }
  const during = counting({ evaluate: stopping, hand: { held, stops: () => stops } });
  assert.deepEqual(stepsOf(await during.run()), [2]);
});

test('a loss that is not a number ends training and names the step', async () => {
  let step = 0;
  const next = () => stepWith(++step === 2 ? Number.NaN : 1);
  await assert.rejects(counting({ taken: counted(next) }).run(), /the loss is no number after step 2/);
});

test('weights that are no numbers after the last step end training and are named, though every loss was one', async () => {
  const program = withLoss((w, x) => tf.mul(tf.sqrt(w), x)); // 0, with a slope that is infinite
  const plan = { steps: 1, evaluations: 1, passSize: 1, taken: counted(() => stepWith(1)), evaluate };
  await assert.rejects(fit(program, plan), { message: /w holds what is no number after step 1/ });
  program.dispose();
});
