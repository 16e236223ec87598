/** How alike two orders are. */

/** Means of the same values, added up in another order, differ by less. */
const ROUNDING = 1e-12;

/** Which of two values is the larger: 1, −1, or 0 where they differ by rounding alone. */
const order = (a: number, b: number): number => (Math.abs(a - b) < ROUNDING ? 0 : Math.sign(a - b));

/**
 * Kendall's τ-b of two rankings, in [−1, 1]: (concordant − discordant pairs) over the geometric mean of the pairs without ties in
 * each. Differences of rounding alone are ties. NaN where all tie in one of them.
 */
export function kendallTau(a: readonly number[], b: readonly number[]): number {
  let [agree, apartInA, apartInB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y] = [order(a[i], a[j]), order(b[i], b[j])];
      agree += x * y;
      apartInA += x * x;
      apartInB += y * y;
    }
  }
  return agree / Math.sqrt(apartInA * apartInB);
}
