import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Training } from '../../lib/engine/graph/signature';
import { backend, tf } from '../../lib/engine/native';
import { intAttributes } from '../../lib/engine/ops/define';
import { haveKernels } from '../../lib/engine/ops/kernels';
import { Program } from '../../lib/engine/program/program';
import type { Weight } from '../../lib/engine/weights';
import { adam } from '../../lib/training/optimizer';
import { folderWith } from '../data/folders';
import { compileTiny, snapshotOf, train } from './tinyProgram';

/**
 * Four weights of 2048 bytes in one buffer, each 2048 + 16 bytes after the one before: wherever the buffer lies, one
 * of them is aligned to 64 bytes, and TensorFlow uses aligned memory where it lies instead of copying it.
 */
function anyAlignment(): Weight[] {
  const buffer = new ArrayBuffer(4 * (2048 + 16));
  const values = [0, 1, 2, 3].map((i) => new Float32Array(buffer, i * (2048 + 16), 512).fill(1));
  return values.map((own) => ({ shape: [512], values: own }));
}
const filled = (size: number, value: number): Weight => ({
  shape: [size],
  values: new Float32Array(size).fill(value),
});

/** A step lowers the sum of all weights' squares. */
const squares: Training<Weight[]> = {
  inputs: {},
  loss: (weights) => tf.addN(weights.map((weight) => tf.sum(tf.square(weight)))) as tf.Scalar,
  tuned: (weights) => weights,
  optimizer: adam(0.1),
};

test('a program and the arrays that it was given do not change each other, however they lie in memory', () => {
  const [compiled, initialised] = [anyAlignment(), anyAlignment()];
  const program = Program.compile(compiled, { train: squares });
  const changed = compiled.map(({ values }) => values.fill(9));
  assert.ok(program.read().every(({ values }) => values.every((value) => value === 1)));
  program.run('train', {});
  assert.ok(changed.every((values) => values.every((value) => value === 9)));
  program.initialise(initialised);
  const read = program.read();
  program.run('train', {});
  const snapshot = snapshotOf(program);
  const kept = [...snapshot.values()].map((values) => values.slice());
  program.restore(snapshot);
  program.run('train', {});
  assert.ok(program.read().every(({ values }) => values.every((value) => value < 0.9)));
  program.dispose();
  for (const { values } of [...initialised, ...read]) assert.ok(values.every((value) => value === 1));
  assert.deepEqual([...snapshot.values()], kept);
});

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** Compiles and initialises a program, and returns it without its arrays. */
function programOf(size: number) {
  const [compiled, initialised] = [0, 1].map(() => [filled(size, 1)]);
  const program = Program.compile(compiled, { train: squares });
  program.initialise(initialised);
  return { program, given: [compiled, initialised].map(([{ values }]) => new WeakRef(values)) };
}

test('a program keeps none of the arrays that it was given', async () => {
  const { program, given } = programOf(1 << 16);
  for (let i = 0; i < 50 && given.some((values) => values.deref()); i++) {
    await setTimeout(2);
    collectGarbage();
  }
  for (const values of given) assert.equal(values.deref(), undefined);
  program.run('train', {});
  assert.ok(program.read()[0].values.every((value) => value < 1));
  program.dispose();
});

/** More values than go in or out in one call: they go in groups, and a large variable by its rows. */
test('variables of many values go in and out whole', () => {
  const rows = Float32Array.from({ length: 5_000_000 }, (_, i) => 1 + Math.floor(i / 1_000_000)); // mean 3
  const weights = [
    ...[1, 2, 4].map((value) => filled(2_000_000, value)),
    { shape: [5, 1_000_000], values: rows },
  ];
  const program = Program.compile(weights, {
    sums: { inputs: {}, outputs: (all) => ({ sums: tf.stack(all.map((weight) => tf.mean(weight))) }) },
  });
  assert.deepEqual([...program.run('sums', {}).sums], [1, 2, 4, 3]);
  assert.ok(program.ops('sums').includes('DisableCopyOnRead'), 'a step copies no large variable');
  for (const [i, { values }] of program.read().entries())
    assert.ok(Buffer.from(values.buffer).equals(Buffer.from(weights[i].values.buffer)), `${i}`);
  program.dispose();
});

test('a compiled program leaves no file behind, a disposed one no tensor and no session', () => {
  const folder = folderWith({});
  const outside = process.env.TMPDIR;
  compileTiny().program.dispose(); // makes the constants that all programs share
  process.env.TMPDIR = folder;
  try {
    const now = () => [tf.memory().numTensors, backend.getNumOfSavedModels(), fs.readdirSync(folder).length];
    const [tensors, sessions] = now();
    const { program, model } = compileTiny();
    train(program, 2);
    program.initialise(model);
    program.restore(snapshotOf(program));
    assert.deepEqual(now(), [tensors, sessions + 1, 0]);
    program.dispose();
    program.dispose();
    assert.deepEqual(now(), [tensors, sessions, 0]);
  } finally {
    if (outside === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outside;
  }
});

test('a result that memory does not hold is an error', { skip: !haveKernels() && 'no kernels' }, () => {
  const attributes = intAttributes({ first: 0, step: 1, length: 2 ** 50 });
  const run = () => backend.executeSingleOutput('EveryNthPositionGrad', attributes, [tf.ones([1, 1, 1])]);
  assert.throws(run, /OOM when allocating/);
});
