/** What the ranks of true items among a sample of their pool say of metrics in the whole pool. */
import { lgam } from 'cephes';
import { Matrix, solve } from 'ml-matrix';

/** n items of a pool, the true one among them, and m of the others, drawn without replacement, that it is ranked against. */
export type Sampling = { readonly pool: number; readonly sample: number };

/** How much of the variance of the estimate is weighed against its bias; that of the experiments in the paper. */
const GAMMA = 0.1;

const logChoose = (n: number, k: number) => lgam(n + 1) - lgam(k + 1) - lgam(n - k + 1);

/**
 * P(r | R): how likely the item of rank R in the pool has rank r in the sample; a row for each R, [n, m + 1]. Of the R − 1 items
 * before it r − 1 are among the m drawn: hypergeometric.
 */
function rankChances({ pool: n, sample: m }: Sampling): Matrix {
  const all = logChoose(n - 1, m);
  const chance = (R: number, drawn: number) =>
    drawn > R - 1 || m - drawn > n - R
      ? 0
      : Math.exp(logChoose(R - 1, drawn) + logChoose(n - R, m - drawn) - all);
  return new Matrix(
    Array.from({ length: n }, (_, before) =>
      Array.from({ length: m + 1 }, (_, drawn) => chance(before + 1, drawn)),
    ),
  );
}

/**
 * What each rank r = 1 … m + 1 in a sample is worth as an estimate of `gain` of the rank in the pool, [m + 1] (Krichene and
 * Rendle, KDD 2020, section 5.3): of all f the one that minimises bias² + γ · variance, averaged over the ranks R in the pool,
 * all alike likely: ((1 − γ) AᵀA + γ diag(c)) f = Aᵀ b, where A[R, r] = P(r | R), b[R] = gain(R), c[r] = Σ_R P(r | R). Where the
 * sample is the pool these are the gains themselves.
 */
export function correctedGains({ pool, sample }: Sampling, gain: (rank: number) => number): number[] {
  if (sample >= pool - 1) return Array.from({ length: pool }, (_, r) => gain(r + 1));
  const A = rankChances({ pool, sample });
  const transposed = A.transpose();
  const b = Matrix.columnVector(Array.from({ length: pool }, (_, R) => gain(R + 1)));
  const left = transposed
    .mmul(A)
    .mul(1 - GAMMA)
    .add(Matrix.diag(A.sum('column').map((c) => GAMMA * c)));
  return solve(left, transposed.mmul(b)).to1DArray();
}

/** Corrected gains, worked out once for each sampling. */
export function correctedBy(gain: (rank: number) => number): (rank: number, sampling: Sampling) => number {
  const known = new Map<string, number[]>();
  return (rank, sampling) => {
    const key = `${sampling.pool} ${sampling.sample}`;
    const gains = known.get(key) ?? correctedGains(sampling, gain);
    known.set(key, gains);
    return gains[rank - 1];
  };
}

/**
 * Kendall's τ-b of two rankings of the same things, in [−1, 1]: (concordant − discordant pairs) over the geometric mean of the pairs
 * that do not tie in one and in the other. NaN where all tie.
 */
export function kendallTau(a: readonly number[], b: readonly number[]): number {
  let [agree, apartInA, apartInB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y] = [Math.sign(a[i] - a[j]), Math.sign(b[i] - b[j])];
      agree += x * y;
      apartInA += x * x;
      apartInB += y * y;
    }
  }
  return agree / Math.sqrt(apartInA * apartInB);
}
