/** Follows a training run of the authors' code: TF1 Adam, twenty batches. */
import { test } from 'node:test';
import type { Training } from '../../lib/engine/graph/signature';
import { type Batch, Program } from '../../lib/engine/program/program';
import { leaves, type Tree, type Weight } from '../../lib/engine/weights';
import { adam } from '../../lib/training/optimizer';
import { assertClose } from '../engine/bothWays';
import { agrees, TOLERANCE } from './golden';

export type Trajectory = {
  readonly rate: number;
  readonly losses: number[];
  /** Of the first batch, for what is tuned. */
  readonly gradients: Tree<Weight>;
  /** What is tuned, after the last step. */
  readonly final: Tree<Weight>;
};

/** Float32 noise of the authors' own graph: 7.5e-7. */
const WEIGHT = 2e-6;

export function follow<W>(
  name: string,
  { rate, losses, gradients, final }: Trajectory,
  initial: W,
  { inputs, loss, tuned }: Pick<Training<W>, 'inputs' | 'loss' | 'tuned'>,
  batches: readonly Batch[],
): void {
  const first = { weights: initial, loss: losses[0], gradients };
  agrees(`${name}: the first batch gives the authors' loss and gradients`, first, batches[0], loss, inputs);

  test(`${name}: twenty steps leave the authors' losses and weights`, () => {
    const program = Program.compile(initial, { train: { inputs, loss, tuned, optimizer: adam(rate) } });
    const found = batches.map((batch) => program.run('train', batch).loss[0]);
    const trained = new Map(leaves<Weight>(program.read() as Tree<Weight>));
    program.dispose();
    assertClose(found, losses, TOLERANCE, 'loss');
    for (const [at, { values }] of leaves<Weight>(final)) {
      assertClose((trained.get(at) as Weight).values, values, WEIGHT, at);
    }
  });
}
