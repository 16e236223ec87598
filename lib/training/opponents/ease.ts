/**
 * A linear item-to-item model in closed form, EASE (Steck 2019) across domains: the ridge regression from source items to target items.
 * Targets are no source items, so that the zeros which EASE asks for on a diagonal have no place here.
 * Letters: U training users, F source items with weights, |Y| labels; X [U, F] and Y [U, |Y|] are 1 where a user has an item, else 0.
 */
import type { Task } from '../../data/tasks/tasks';
import { attribute, tf } from '../../engine/native';
import { one } from '../../engine/ops/define';
import { itemsInBag } from './models';

/** The solution takes F³ products: of a large catalogue the most frequent items, whose ids are the smallest, have weights. */
const MOST_ITEMS = 5000;

/** F */
export const itemsOfEase = ({ source, labels }: Pick<Task, 'source' | 'labels'>): number =>
  Math.min(MOST_ITEMS, itemsInBag(source.items.length, labels.length));

/** Places of a user's distinct items with weights. */
const placesOf = (sequence: Int32Array, F: number): number[] =>
  [...new Set(sequence)].filter((item) => item >= 1 && item <= F).map((item) => item - 1);

/** XᵀX [F, F] and XᵀY [F, |Y|] of the users with training instances. */
export function normalEquations(task: Task, train: readonly number[]) {
  const [F, Y] = [itemsOfEase(task), task.labels.length];
  const [gram, cross] = [new Float32Array(F * F), new Float32Array(F * Y)];
  const labelsOf = new Map<number, Set<number>>();
  for (const i of train) {
    const { user, label } = task.instances[i];
    labelsOf.set(user, (labelsOf.get(user) ?? new Set()).add(label));
  }
  for (const [user, labels] of labelsOf) {
    const places = placesOf(task.source.sequences[user], F);
    for (const i of places) {
      for (const j of places) gram[i * F + j]++;
      for (const y of labels) cross[i * Y + y]++;
    }
  }
  return { gram, cross };
}

/** B = (XᵀX + λ I)⁻¹ XᵀY [F, |Y|]. */
export function easeWeights(task: Task, train: readonly number[], lambda: number): Float32Array {
  const [F, Y] = [itemsOfEase(task), task.labels.length];
  const { gram, cross } = normalEquations(task, train);
  for (let i = 0; i < F; i++) gram[i * F + i] += lambda;
  return tf.tidy(() => {
    const attributes = [attribute.flag('adjoint', false), attribute.type('T')];
    return one('MatrixSolve', attributes, [tf.tensor2d(gram, [F, F]), tf.tensor2d(cross, [F, Y])]).dataSync();
  }) as Float32Array;
}

/** x B of a user's source items: scores [|Y|]. */
export function easeScores(weights: Float32Array, sequence: Int32Array, labels: number): Float32Array {
  const scores = new Float32Array(labels);
  for (const place of placesOf(sequence, weights.length / labels))
    for (let y = 0; y < labels; y++) scores[y] += weights[place * labels + y];
  return scores;
}
