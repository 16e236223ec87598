import assert from 'node:assert/strict';
import { test } from 'node:test';
import { float32 } from '../../lib/engine/graph/signature';
import { tf } from '../../lib/engine/native';
import { type CurvePoint, fit, type Plan, type Standing } from '../../lib/training/fit';
import { atOnce, paced } from '../../lib/training/parts';
import { oneWeight } from '../engine/tinyProgram';

/** Steps that remember nothing, each on what it is fed and on as many instances. */
const counted = (x: () => number, instances: () => number = () => 2): Plan['taken'] => ({
  passSize: 8,
  next: () => ({ signature: 'train', batch: { x: Float32Array.of(x()) }, instances: instances() }),
  state: () => ({ streams: {}, packing: { pass: [], at: 0, open: [] } }),
});

type Loss = (w: tf.Tensor, x: tf.Tensor) => tf.Scalar;

/** Trains on a loss that is what is fed; the steps feed 1, 2, 3 … */
function counting(overrides: Partial<Plan> = {}, loss: Loss = (w, x) => tf.add(tf.mul(w, 0), x)) {
  const program = oneWeight(({ w }, { x }) => loss(w, x), { x: float32() });
  const seen = { steps: 0 };
  const plan: Plan = {
    ...{ steps: 7, evaluations: 3 },
    taken: counted(() => ++seen.steps),
    evaluate: inOnePart(NONE, () => ({ valid: { Acc: seen.steps }, test: { Acc: -seen.steps } })),
    ...overrides,
  };
  return { seen, run: () => fit(program, plan).finally(() => program.dispose()) };
}

/** An evaluation of one part, at the beginning of which `work` is called. */
const inOnePart = (work: () => unknown, metrics: () => { valid: object; test: object } = NONE) =>
  function* () {
    work();
    yield;
    return metrics();
  } as Plan['evaluate'];
const NONE = () => ({ valid: {}, test: {} });

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
  const taken = counted(
    () => 1,
    () => sizes.shift() as number,
  );
  const epochs = (await counting({ taken }).run()).map(({ epoch }) => epoch);
  assert.deepEqual(epochs, [4 / 8, 11 / 8, 16 / 8]);
});

test('Stop gets in before the first step, after a step, and between two steps', async () => {
  const [third, between] = [new AbortController(), new AbortController()];
  const onStep = (step: number) => step === 3 && third.abort(new Error('enough'));
  setImmediate(() => between.abort());
  for (const [overrides, error, most] of [
    [{ steps: 1000, signal: between.signal }, { name: 'AbortError' }, 1],
    [{ onStep, signal: third.signal }, /enough/, 3],
    [{ signal: AbortSignal.abort() }, { name: 'AbortError' }, 0],
  ] as const) {
    const { run, seen } = counting(overrides);
    await assert.rejects(run(), error);
    assert.equal(seen.steps, most);
  }
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
  const taken = counted(() => ++next);
  const goneOn = await counting({ evaluate: inParts, taken, from: left }).run();
  const whole = await counting().run();
  const withoutMetrics = (points: readonly CurvePoint[]) =>
    points.map(({ step, epoch, loss }) => ({ step, epoch, loss }));
  assert.deepEqual(withoutMetrics(goneOn), withoutMetrics(whole));
  assert.equal(parts, 5 + 3 + 3); // of what was stopped, of the same again, and of the last
});

test('a loss or a weight that is not a number ends training; the step is named, and the weight though every loss was one', async () => {
  let step = 0;
  const taken = counted(() => (++step === 2 ? Number.NaN : 1));
  await assert.rejects(counting({ taken }).run(), /the loss is no number after step 2/);
  const steep: Loss = (w, x) => tf.mul(tf.sqrt(w), x); // 0, with a slope that is infinite
  await assert.rejects(counting({ steps: 1, evaluations: 1 }, steep).run(), /w holds .* after step 1/);
});

/** Counts to 3, a part each. */
function* count(seen: string[]) {
  for (const part of ['1', '2', '3']) {
    seen.push(part);
    yield;
  }
  return 3;
}

test('parts have one result at once or with a breath between them, where a stop is thrown after the part under way', async () => {
  assert.equal(atOnce(count([])), 3);
  const [seen, stopped, controller]: [string[], string[], AbortController] = [[], [], new AbortController()];
  setImmediate(() => seen.push('another'));
  assert.equal(await paced(count(seen), undefined), 3);
  assert.deepEqual(seen, ['1', 'another', '2', '3']);
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(paced(count(stopped), controller.signal), /enough/);
  assert.deepEqual(stopped, ['1']);
});
