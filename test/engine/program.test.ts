import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaves, type Tree, type Weight } from '../../lib/engine/weights';
import type { Insertion, Place } from '../../lib/model/patches/bottleneck';
import {
  everything,
  insertionAt,
  type Model,
  scoring,
  shapeOf,
  tinyModel,
  trainingOf,
} from '../model/tinyModel';
import { assertClose, bothWays, lossAndGradients } from './bothWays';
import { batch, batchFor, causal, compileTiny, snapshotOf, train } from './tinyProgram';

const places = [
  'serial',
  'serial after norm',
  'parallel',
  'parallel after norm',
  'parallel after activation',
];
const insertions: readonly (Insertion | undefined)[] = [
  ...[undefined, insertionAt('serial', 1)],
  ...(places as Place[]).map((place) => insertionAt(place)),
];
const [[, eager], [, compiled]] = bothWays;
for (const direction of ['causal', 'non-causal'] as const) {
  for (const insertion of insertions) {
    const kind = insertion ? `${insertion.perBlock} × ${insertion.place}` : 'plain';
    test(`a compiled ${direction} model gives what eager code gives: ${kind}`, () => {
      const model = tinyModel(direction, insertion);
      const { inputs, loss } = trainingOf(shapeOf(direction), everything, insertion);
      const forward = lossAndGradients<Model>(loss, inputs);
      const [a, b] = [eager, compiled].map((run) => run(model, forward, batchFor(direction)));
      for (const [name, values] of Object.entries(a)) assertClose(b[name], values, 1e-6, name);
      assert.ok(a['trunk/embedding'].some((slope) => Math.abs(slope) > 1e-4));
    });
  }
}

test('training resumes from a snapshot bit for bit, in the same program and in another', () => {
  const [first, second] = [compileTiny().program, compileTiny().program];
  train(first, 2);
  const snapshot = snapshotOf(first);
  const losses = train(first, 3);
  const weights = first.read();
  for (const program of [first, second]) {
    program.restore(snapshot);
    assert.deepEqual(train(program, 3), losses);
    assert.deepEqual(program.read(), weights);
    program.dispose();
  }
});

test('a snapshot holds the weights and all state of the optimiser, before the first step as it starts', () => {
  const { program, model } = compileTiny();
  const start = snapshotOf(program);
  train(program, 1);
  const snapshot = snapshotOf(program);
  program.dispose();
  const named = leaves<Weight>(model as Tree<Weight>);
  const slots = named.flatMap(([at, { values }]) =>
    ['m', 'v'].map((slot) => [`adam/${slot}/${at}`, new Float32Array(values.length)] as const),
  );
  const powers = [0.9, 0.999].map((power, i) => [`adam/beta${i + 1}Power`, Float32Array.of(power)] as const);
  const weights = named.map(([at, { values }]) => [`weights/${at}`, values] as const);
  assert.deepEqual(start, new Map([...weights, ...slots, ...powers]));
  assert.deepEqual(new Set(snapshot.keys()), new Set(start.keys()));
  assertClose(snapshot.get('adam/beta1Power') as Float32Array, [0.81], 1e-7);
});

test('signatures share the weights, and initialise sets them and starts the optimiser anew', () => {
  const { program, model, insertion } = compileTiny();
  const before = program.run('score', batch).scores;
  const losses = train(program, 3);
  const [weights, { scores }] = [program.read(), program.run('score', batch)];
  assertClose(scores, eager(weights, scoring(causal, insertion), batch).scores, 1e-6);
  assert.notDeepEqual(scores, before);
  program.initialise(model);
  assert.deepEqual(program.read(), model);
  assert.deepEqual(train(program, 3), losses);
  assert.deepEqual(program.read(), weights);
  program.dispose();
});

test('the loss of a step is that before its update, and training lowers it', () => {
  const { program, model, insertion } = compileTiny();
  const { loss, inputs } = trainingOf(causal, everything, insertion);
  const expected = eager(model, { inputs, outputs: (w, b) => ({ loss: loss(w, b) }) }, batch);
  const losses = train(program, 20);
  program.dispose();
  assertClose([losses[0]], expected.loss, 1e-6);
  assert.ok(losses[19] < 0.9 * losses[0], `${losses[0]} to ${losses[19]}`);
});

test('a batch without one of the inputs, an unknown signature and an unknown variable are refused by name', () => {
  const { program } = compileTiny();
  assert.throws(() => program.run('train', { ids: batch.ids }), /batch of train .* labels/);
  assert.throws(() => program.run('training', batch), /signature training/);
  const snapshot = new Map([...snapshotOf(program), ['adam/m/tail', Float32Array.of(1)] as const]);
  assert.throws(() => program.restore(snapshot), /variable adam\/m\/tail/);
  program.dispose();
});
