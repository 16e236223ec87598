/** The tiny model as a program, with a batch for it. */

import type { Training } from '../../lib/engine/graph/signature';
import type { Direction } from '../../lib/engine/ops/convolution';
import { Program } from '../../lib/engine/program/program';
import type { Weight } from '../../lib/engine/weights';
import { tokens } from '../../lib/model/userModel';
import { adam } from '../../lib/training/optimizer';
import {
  BATCH,
  everything,
  insertionAt,
  LENGTH,
  type Model,
  scoring,
  shapeOf,
  tinyModel,
  trainingOf,
} from '../model/tinyModel';

/** Two users of different items, with as many [TCL] (id 7) as the direction takes. */
export function batchFor(direction: Direction) {
  const width = LENGTH + tokens({ shape: shapeOf(direction) });
  const ids = Int32Array.from({ length: BATCH * width }, (_, i) => 1 + ((i * i) % 7));
  return { ids, labels: Int32Array.of(2, 0) };
}

export const causal = shapeOf('causal');
export const batch = batchFor('causal');
/** A program with PeterRec's patches that trains everything, its weights, and their values at the start. */
export function compileTiny() {
  const insertion = insertionAt('serial');
  const model = tinyModel('causal', insertion);
  const program = Program.compile(model, {
    train: trainingOf(causal, everything, insertion),
    score: scoring(causal, insertion),
  });
  return { program, model, insertion };
}

/** A program that trains one weight, w, from 0 on. */
export const oneWeight = (loss: Training<{ w: Weight }>['loss'], inputs: Training<unknown>['inputs'] = {}) =>
  Program.compile<{ w: Weight }>(
    { w: { shape: [], values: Float32Array.of(0) } },
    { train: { inputs, loss, tuned: ({ w }) => [w], optimizer: adam(0.1) } },
  );

export function train(program: Program<Model>, steps: number): number[] {
  return Array.from({ length: steps }, () => program.run('train', batch).loss[0]);
}

/** Copies of all variables of a program, the optimiser's included, by path. */
export const snapshotOf = <W>(program: Program<W>): Map<string, Float32Array> =>
  new Map(program.variables().map(({ name, values }) => [name, values()]));
