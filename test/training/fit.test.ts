import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../lib/tensorflow/native';
import { Program } from '../../lib/tensorflow/program/program';
import {
  type CurvePoint,
  fit,
  type Plan,
  type Standing,
  type Step,
  type Steps,
} from '../../lib/training/fit';
import { adam } from '../../lib/training/optimizer';

const stepWith = (x: number): Step => ({
  signature: 'train',
  batch: { x: Float32Array.of(x) },
  instances: 2,
});

/** Steps that remember nothing. */
const counted = (next: () => Step): Steps => ({
  next,
  state: () => ({ streams: {}, packing: { pass: [], at: 0, open: [] } }),
});

/** A program whose loss is what is fed to it; the steps feed 1, 2, 3 … */
function counting(overrides: Partial<Plan> = {}) {
  const program = Program.compile(
    { w: { shape: [], values: Float32Array.of(0) } },
    {
      train: {
        inputs: { x: { dtype: 'float32', shape: [] } },
        loss: ({ w }, { x }) => tf.add(tf.mul(w, 0), x),
        tuned: ({ w }) => [w],
        optimizer: adam(0.1),
      },
    },
  );
  const seen = { steps: 0, evaluations: 0 };
  const plan: Plan = {
    steps: 7,
    evaluations: 3,
    passSize: 8,
    taken: counted(() => stepWith(++seen.steps)),
    evaluate: function* () {
      yield;
      seen.evaluations++;
      return { valid: { Acc: seen.steps }, test: { Acc: -seen.steps } };
    },
    ...overrides,
  };
  return { seen, run: () => fit(program, plan).finally(() => program.dispose()) };
}

test('three evaluations of seven steps fall on 2, 5 and 7, with the mean loss since the one before', async () => {
  const { run } = counting();
  const curve = await run();
  assert.deepEqual(
    curve.map(({ seconds: _, ...point }) => point),
    [
      { step: 2, epoch: 0.5, loss: 1.5, valid: { Acc: 2 }, test: { Acc: -2 } },
      { step: 5, epoch: 1.25, loss: 4, valid: { Acc: 5 }, test: { Acc: -5 } },
      { step: 7, epoch: 1.75, loss: 6.5, valid: { Acc: 7 }, test: { Acc: -7 } },
    ],
  );
  assert.ok(curve[0].seconds > 0 && curve[2].seconds > curve[0].seconds);
});

test('a single evaluation is after the last step', async () => {
  const { run } = counting({ evaluations: 1 });
  assert.deepEqual(
    (await run()).map(({ step }) => step),
    [7],
  );
});

test('the caller is told after each step', async () => {
  const steps: number[] = [];
  await counting({ onStep: (step) => steps.push(step) }).run();
  assert.deepEqual(steps, [1, 2, 3, 4, 5, 6, 7]);
});

test('training that is stopped at step 3 takes no further step and throws the reason', async () => {
  const controller = new AbortController();
  const onStep = (step: number) => {
    if (step === 3) controller.abort(new Error('enough'));
  };
  const { run, seen } = counting({ onStep, signal: controller.signal });
  await assert.rejects(run(), /enough/);
  assert.equal(seen.steps, 3);
});

test('Stop gets in between two steps', async () => {
  const controller = new AbortController();
  setImmediate(() => controller.abort());
  const { run, seen } = counting({ steps: 1000, signal: controller.signal });
  await assert.rejects(run(), { name: 'AbortError' });
  assert.ok(seen.steps <= 2, `${seen.steps} steps`);
});

test('a signal that was given before the start stops before the first step', async () => {
  const { run, seen } = counting({ signal: AbortSignal.abort() });
  await assert.rejects(run(), { name: 'AbortError' });
  assert.equal(seen.steps, 0);
});

test('Stop gets in between two parts of an evaluation, which is made anew when training goes on', async () => {
  const controller = new AbortController();
  let [parts, left]: [number, Standing | undefined] = [0, undefined];
  function* evaluate() {
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
  const stopped = counting({ evaluate, checkpoints, signal: controller.signal });
  await assert.rejects(stopped.run(), /enough/);
  assert.deepEqual([parts, stopped.seen.steps], [5, 5]);
  const { step, curve } = (left as unknown as Standing).progress;
  assert.deepEqual([step, curve.map((point) => point.step)], [5, [2]]);

  let next = 5;
  const taken = counted(() => stepWith(++next));
  const goneOn = await counting({ evaluate, taken, from: left }).run();
  const whole = await counting().run();
  const withoutMetrics = (points: readonly CurvePoint[]) =>
    points.map(({ step, epoch, loss }) => ({ step, epoch, loss }));
  assert.deepEqual(withoutMetrics(goneOn), withoutMetrics(whole));
  assert.equal(parts, 5 + 3 + 3); // of what was stopped, of the same again, and of the last
});

test('a hand holds training up between two steps and between two parts of an evaluation, for as long as it likes', async () => {
  const gates = [1, 2].map(() => {
    let open = () => {};
    return { opened: new Promise<void>((resolve) => (open = resolve)), open: () => open() };
  });
  let isHeld: Promise<void> | undefined;
  let parts = 0;
  function* evaluate() {
    if (++parts === 2) isHeld = gates[1].opened;
    yield;
    return { valid: {}, test: {} };
  }
  const onStep = (step: number) => {
    if (step === 3) isHeld = gates[0].opened;
  };
  const { run, seen } = counting({ onStep, evaluate, hand: { held: () => isHeld, stops: () => false } });
  const ran = run();
  /** Whether it comes so far, and no further in a while. */
  const staysAt = async (...so: readonly [steps: number, parts: number]) => {
    const isThere = () => seen.steps === so[0] && parts === so[1];
    while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(isThere());
  };
  await staysAt(3, 1);
  isHeld = undefined;
  gates[0].open();
  await staysAt(5, 2);
  isHeld = undefined;
  gates[1].open();
  assert.equal((await ran).at(-1)?.step, 7);
});

test('stopped by hand, training ends after the step with an evaluation, and the caller is told of each', async () => {
  const told: number[] = [];
  let step = 0;
  const watch = {
    onStep: (now: number) => {
      step = now;
    },
    onPoint: (point: CurvePoint) => told.push(point.step),
    hand: { held: () => undefined, stops: () => step === 4 },
  };
  const { run, seen } = counting(watch);
  const curve = await run();
  assert.deepEqual(
    curve.map((point) => [point.step, point.loss]),
    [
      [2, 1.5],
      [4, 3.5],
    ],
  );
  assert.deepEqual([seen.steps, told], [4, [2, 4]]);
});

test('stopped by hand during an evaluation, training ends with it', async () => {
  let stops = false;
  function* evaluate() {
    stops = true;
    yield;
    return { valid: {}, test: {} };
  }
  const { run } = counting({ evaluate, hand: { held: () => undefined, stops: () => stops } });
  assert.deepEqual(
    (await run()).map((point) => point.step),
    [2],
  );
});

test('a loss that is not a number ends training and names the step', async () => {
  let step = 0;
  const next = () => stepWith(++step === 2 ? Number.NaN : 1);
  await assert.rejects(counting({ taken: counted(next) }).run(), /the loss is no number after step 2/);
});

test('weights that are no numbers after the last step end training and are named, though every loss was one', async () => {
  const program = Program.compile(
    { w: { shape: [], values: Float32Array.of(0) } },
    {
      train: {
        inputs: { x: { dtype: 'float32', shape: [] } },
        loss: ({ w }, { x }) => tf.mul(tf.sqrt(w), x), // 0, with a slope that is infinite
        tuned: ({ w }) => [w],
        optimizer: adam(0.1),
      },
    },
  );
  function* evaluate() {
    yield;
    return { valid: {}, test: {} };
  }
  const plan = { steps: 1, evaluations: 1, passSize: 1, taken: counted(() => stepWith(1)), evaluate };
  await assert.rejects(fit(program, plan), {
    name: 'Error',
    message: /w holds what is no number after step 1/,
  });
  program.dispose();
});

test('an epoch is over when as many instances were taken as a pass has, however they fill the batches', async () => {
  let taken = 0;
  const next = () => ({ ...stepWith(1), instances: [3, 1, 2, 4, 1, 1, 4][taken++] });
  const curve = await counting({ taken: counted(next) }).run();
  assert.deepEqual(
    curve.map(({ epoch }) => epoch),
    [4 / 8, 11 / 8, 16 / 8],
  );
});
