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

/** The mean F1 of the classes that occur among the actual or the predicted ones, in [0, 1]; NaN without instances. */
export function macroF1(predicted: ArrayLike<number>, actual: ArrayLike<number>, classCount: number): number {
  const counts = confusion(predicted, actual, classCount);
  const scores = counts.flatMap((row, c) => {
    const actualCount = row.reduce((sum, count) => sum + count, 0);
    const predictedCount = counts.reduce((sum, other) => sum + other[c], 0);
    return actualCount + predictedCount > 0 ? [(2 * row[c]) / (actualCount + predictedCount)] : [];
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
