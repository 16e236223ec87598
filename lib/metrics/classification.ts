/** Classification metrics; classes are indices from 0, `predicted[i]` belongs to `actual[i]`. */
import { wilcoxonRankSum } from 'simple-statistics';

/** The share of right predictions, in [0, 1]; NaN without instances. */
export function accuracy(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < actual.length; i++) if (predicted[i] === actual[i]) right++;
  return right / actual.length;
}

/** Counts [actual class][predicted class]. */
function confusion(predicted: ArrayLike<number>, actual: ArrayLike<number>, classCount: number): number[][] {
  const counts = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let i = 0; i < actual.length; i++) counts[actual[i]][predicted[i]]++;
  return counts;
}

/** The mean F1 of the classes that occur, actual or predicted, in [0, 1]; NaN without instances. */
export function macroF1(predicted: ArrayLike<number>, actual: ArrayLike<number>, classCount: number): number {
  const counts = confusion(predicted, actual, classCount);
  const scores = counts.flatMap((row, c) => {
    const both = total(row) + total(counts.map((other) => other[c]));
    return both > 0 ? [(2 * row[c]) / both] : [];
  });
  return total(scores) / scores.length;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * Area under the ROC curve of one class against the rest, mean over the classes that some but not all instances have: the share
 * of pairs in which the instance of the class has the higher probability, ties half (Mann and Whitney, 1947).
 * `probabilities[i]`: one per class; undefined where all instances have one class.
 */
export function macroAuc(
  probabilities: readonly ArrayLike<number>[],
  actual: ArrayLike<number>,
  classCount: number,
): number | undefined {
  const areas = Array.from({ length: classCount }, (_, c) => {
    const of = (isIn: boolean) =>
      probabilities.flatMap((row, i) => ((actual[i] === c) === isIn ? row[c] : []));
    const [inside, outside] = [of(true), of(false)];
    const [n, m] = [inside.length, outside.length];
    if (n === 0 || m === 0) return [];
    return (wilcoxonRankSum(inside, outside) - (n * (n + 1)) / 2) / (n * m);
  }).flat();
  return areas.length === 0 ? undefined : total(areas) / areas.length;
}
