/** Classification metrics; classes are indices from 0, `predicted[i]` belongs to `actual[i]`. */

/** The share of right predictions, in [0, 1]; NaN without instances. */
export function accuracy(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < actual.length; i++) if (predicted[i] === actual[i]) right++;
  return right / actual.length;
}

/** Counts [actual class][predicted class]. */
export function confusion(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  classCount: number,
): number[][] {
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
    const scores = probabilities.map((row) => row[c]);
    const isInClass = scores.map((_score, i) => actual[i] === c);
    return areaUnderRoc(scores, isInClass) ?? [];
  }).flat();
  return areas.length === 0 ? undefined : total(areas) / areas.length;
}

/** From the ranks of the scores, 1 the lowest, ties at their mean. */
function areaUnderRoc(scores: readonly number[], positive: readonly boolean[]): number | undefined {
  const positives = positive.filter(Boolean).length;
  const negatives = positive.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  const order = [...scores.keys()].sort((i, j) => scores[i] - scores[j]);
  let sum = 0; // of the ranks of the positive ones
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to]] === scores[order[from]]) to++;
    const rank = (from + 1 + to) / 2;
    for (let at = from; at < to; at++) if (positive[order[at]]) sum += rank;
    from = to;
  }
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
