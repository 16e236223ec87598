/** Averaging over training (Polyak and Juditsky 1992; Izmailov et al. 2018): what is evaluated is the mean of late states. */
import type { Parts } from '../parts';
import type { Program } from '../tensorflow/program/program';
import { leaves, leavesIn, type Tree, type Weight } from '../tensorflow/weights';

/** The selected weights of a program by their names in it. */
function selected<W>(program: Program<W>, select: (weights: W) => readonly Tree<Weight>[]) {
  const weights = program.read();
  const chosen = leavesIn<Weight>(select(weights));
  const found = leaves<Weight>(weights as Tree<Weight>).filter(([, weight]) => chosen.has(weight));
  return new Map(found.map(([path, { values }]) => [`weights/${path}`, values]));
}

export type State = ReadonlyMap<string, Float32Array>;

/** The mean of states, value by value. */
function meanOf(states: readonly State[]): State {
  const at = (name: string, i: number) =>
    states.reduce((sum, state) => sum + (state.get(name) as Float32Array)[i], 0) / states.length;
  return new Map([...states[0]].map(([name, values]) => [name, values.map((_, i) => at(name, i))]));
}

/** How evaluations take place, and what is remembered of those so far. */
export type Averaging = {
  readonly under: <T>(evaluate: () => Parts<T>) => Parts<T>;
  readonly states: readonly State[];
};

/**
 * Runs each evaluation of a training with the mean of the selected weights over the last half of the evaluations so far, and
 * puts the program back as it was. What is not selected stays bit for bit. `before` are the states of earlier evaluations.
 */
export function averaging<W>(
  program: Program<W>,
  select: (weights: W) => readonly Tree<Weight>[],
  before: readonly State[] = [],
): Averaging {
  const states = [...before];
  function* under<T>(evaluate: () => Parts<T>): Parts<T> {
    const now = selected(program, select);
    const all = [...states, now];
    program.restore(meanOf(all.slice(Math.floor(all.length / 2))));
    try {
      const found = yield* evaluate();
      states.push(now);
      return found;
    } finally {
      program.restore(now);
    }
  }
  return { under, states };
}
