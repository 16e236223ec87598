/**
 * The expected best of n = 1 … N trials drawn with replacement from N scores v₁ ≤ … ≤ v_N (Dodge et al. 2019):
 * Σ vᵢ [(i / N)ⁿ − ((i − 1) / N)ⁿ].
 */
export function expectedBest(scores: readonly number[]): number[] {
  const sorted = [...scores].sort((a, b) => a - b);
  const N = sorted.length;
  const share = (i: number, n: number) => ((i + 1) / N) ** n - (i / N) ** n;
  return sorted.map((_, at) => sorted.reduce((sum, score, i) => sum + score * share(i, at + 1), 0));
}
