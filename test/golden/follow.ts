/** Follows a training run of the authors' code: TF1 Adam, twenty batches. */
import { test } from 'node:test';
import type { Training } from '../../lib/engine/graph/signature';
import { type Batch, Program } from '../../lib/engine/program/program';
import { leaves, type Tree, type Weight } from '../../lib/engine/weights';
import { adam } from '../../lib/training/optimizer';
import { assertClose, bothWays, lossAndGradients } from '../engine/bothWays';

export type Trajectory = {
  readonly rate: number;
  readonly losses: number[];
  /** Of the first batch, for what is tuned. */
  readonly gradients: Tree<Weight>;
  /** What is tuned, after the last step. */
  readonly final: Tree<Weight>;
};

/** Float32 noise of the authors' own graph: 4e-7 in losses and gradients, 7.5e-7 in weights. */
const [LOSS, GRADIENT, WEIGHT] = [1e-6, 1e-6, 2e-6];

export function follow<W>(
  name: string,
  { rate, losses, gradients, final }: Trajectory,
  initial: W,
  { inputs, loss, tuned }: Pick<Training<W>, 'inputs' | 'loss' | 'tuned'>,
  batches: readonly Batch[],
): void {
  for (const [mode, run] of bothWays) {
    test(`${name}: the first batch gives the authors' loss and gradients, ${mode}`, () => {
      const found = run(initial, lossAndGradients<W>(loss, inputs), batches[0]);
      assertClose(found.loss, [losses[0]], LOSS, 'loss');
      for (const [at, { values }] of leaves<Weight>(gradients)) assertClose(found[at], values, GRADIENT, at);
    });
  }

  test(`${name}: twenty steps leave the authors' losses and weights`, () => {
    const program = Program.compile(initial, { train: { inputs, loss, tuned, optimizer: adam(rate) } });
    const found = batches.map((batch) => program.run('train', batch).loss[0]);
    const trained = new Map(leaves<Weight>(program.read() as Tree<Weight>));
    program.dispose();
    assertClose(found, losses, LOSS, 'loss');
    for (const [at, { values }] of leaves<Weight>(final)) {
      assertClose((trained.get(at) as Weight).values, values, WEIGHT, at);
    }
  });
}
