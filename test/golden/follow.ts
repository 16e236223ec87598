/** Follows a training run of a reference, the authors' code or PyTorch: TF1 Adam, twenty batches. */
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

/** How close weights must come, and those whose gradient is 0 in truth: Adam takes steps of the rate by its noise. */
type Follow = { readonly tolerance: number; readonly but?: RegExp };

/** Float32 noise of the authors' own graph: 7.5e-7. */
const AUTHORS: Follow = { tolerance: 2 * TOLERANCE };

export function follow<W>(
  name: string,
  { rate, losses, gradients, final }: Trajectory,
  initial: W,
  { inputs, loss, tuned }: Pick<Training<W>, 'inputs' | 'loss' | 'tuned'>,
  batches: readonly Batch[],
  { tolerance, but }: Follow = AUTHORS,
): void {
  const first = { weights: initial, loss: losses[0], gradients };
  agrees(
    `${name}: the first batch gives the reference's loss and gradients`,
    first,
    batches[0],
    loss,
    inputs,
  );

  test(`${name}: twenty steps leave the reference's losses and weights`, () => {
    const program = Program.compile(initial, { train: { inputs, loss, tuned, optimizer: adam(rate) } });
    const found = batches.map((batch) => program.run('train', batch).loss[0]);
    const trained = new Map(leaves<Weight>(program.read() as Tree<Weight>));
    program.dispose();
    assertClose(found, losses, tolerance / 2, 'loss');
    for (const [at, { values }] of leaves<Weight>(final).filter(([path]) => !but?.test(path))) {
      assertClose((trained.get(at) as Weight).values, values, tolerance, at);
    }
  });
}
