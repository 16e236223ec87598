import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { backend, tf } from '../../lib/tensorflow/native';
import { Program } from '../../lib/tensorflow/program';
import { leaves, type Tree, type Weight } from '../../lib/tensorflow/weights';
import { adam } from '../../lib/training/optimizer';
import type { Model } from '../model/tinyModel';
import { compileTiny, train } from './tinyProgram';

/**
 * Four weights of 2048 bytes in one buffer, each 2048 + 16 bytes after the one before: wherever the buffer lies, one
 * of them is aligned to 64 bytes, and TensorFlow uses aligned memory where it lies instead of copying it.
 */
function anyAlignment(): Weight[] {
  const buffer = new ArrayBuffer(4 * (2048 + 16));
  return [0, 1, 2, 3].map((i) => {
    const values = new Float32Array(buffer, i * (2048 + 16), 512).fill(1);
    return { shape: [512], values };
  });
}

test('a program keeps its weights when the arrays that it was given change', () => {
  const given = anyAlignment();
  const program = Program.compile(given, {
    sums: { inputs: {}, outputs: (weights) => ({ sums: tf.stack(weights.map((weight) => tf.sum(weight))) }) },
  });
  for (const { values } of given) values.fill(9);
  const { sums } = program.run('sums', {});
  program.dispose();
  assert.deepEqual([...sums], [512, 512, 512, 512]);
});

test('training never writes into the arrays that it was given, however they lie in memory', () => {
  const [compiled, initialised] = [anyAlignment(), anyAlignment()];
  const program = Program.compile(compiled, {
    train: {
      inputs: {},
      loss: (weights) => tf.addN(weights.map((weight) => tf.sum(tf.square(weight)))) as tf.Scalar,
      tuned: (weights) => weights,
      optimizer: adam(0.1),
    },
  });
  program.run('train', {});
  program.initialise(initialised);
  program.run('train', {});
  const snapshot = program.snapshot();
  const kept = [...snapshot.values()].map((values) => values.slice());
  program.restore(snapshot);
  program.run('train', {});
  assert.ok(program.read().every(({ values }) => values.every((value) => value < 0.9)));
  program.dispose();
  for (const { values } of [...compiled, ...initialised]) assert.ok(values.every((value) => value === 1));
  assert.deepEqual([...snapshot.values()], kept);
});

const valuesOf = (model: Model) => leaves<Weight>(model as Tree<Weight>).map(([, { values }]) => values);

test('weights that were read do not change when training goes on', () => {
  const { program } = compileTiny();
  train(program, 1);
  const weights = program.read();
  const kept = valuesOf(weights).map((values) => values.slice());
  train(program, 3);
  program.dispose();
  assert.deepEqual(valuesOf(weights), kept);
});

test('a compiled program leaves no file behind, a disposed one no tensor and no session', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'program-test-'));
  const outside = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const now = () => [tf.memory().numTensors, backend.getNumOfSavedModels(), fs.readdirSync(folder).length];
    const [tensors, sessions] = now();
    const { program, model } = compileTiny();
    train(program, 2);
    program.initialise(model);
    program.restore(program.snapshot());
    assert.deepEqual(now(), [tensors, sessions + 1, 0]);
    program.dispose();
    assert.deepEqual(now(), [tensors, sessions, 0]);
  } finally {
    if (outside === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outside;
    fs.rmSync(folder, { recursive: true });
  }
});
