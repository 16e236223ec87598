/** Metrics in the whole pool, estimated from ranks among a sample of it. */
import { lgam } from 'cephes';
import { Matrix, solve } from 'ml-matrix';

/** `pool`: n items, the true one among them; `sample`: m of the others, drawn without replacement. */
export type Sampling = { readonly pool: number; readonly sample: number };

/** Weight of the variance of the estimate against its bias; that of the experiments in the paper. */
const GAMMA = 0.1;

const NEGLIGIBLE = 1e-15;

/**
 * P(r | R) for R = 1 … n, rank R in the pool, r in the sample: hypergeometric, r − 1 of the R − 1 items before are among the m
 * drawn. Gives the first r − 1 that is not negligible and the chances from it on, from the likeliest by ratios of neighbours.
 */
function* rankChances({ pool: n, sample: m }: Sampling): Generator<{ first: number; chances: number[] }> {
  const logFactorials = Float64Array.from({ length: n }, (_, k) => lgam(k + 1));
  const logChoose = (of: number, k: number) => logFactorials[of] - logFactorials[k] - logFactorials[of - k];
  const all = logChoose(n - 1, m);
  for (let R = 1; R <= n; R++) {
    const likeliest = Math.floor(((m + 1) * R) / (n + 1));
    const most = Math.exp(logChoose(R - 1, likeliest) + logChoose(n - R, m - likeliest) - all);
    const growth = (drawn: number) =>
      ((R - 1 - drawn) * (m - drawn)) / ((drawn + 1) * (n - R - m + drawn + 1));
    const chances = [most];
    let [first, last] = [likeliest, likeliest];
    for (let chance = most * growth(last); chance > NEGLIGIBLE; chance *= growth(++last))
      chances.push(chance);
    for (let chance = most / growth(first - 1); chance > NEGLIGIBLE; chance /= growth(--first - 1))
      chances.unshift(chance);
    yield { first, chances };
  }
}

/**
 * Estimates of `gain` of the rank in the pool from each rank r = 1 … m + 1 in a sample, [m + 1] (Krichene and Rendle, KDD 2020,
 * section 5.3): the f that minimises bias² + γ · variance over equally likely ranks R in the pool:
 * ((1 − γ) AᵀA + γ diag(c)) f = Aᵀ b, A[R, r] = P(r | R), b[R] = gain(R), c[r] = Σ_R P(r | R). Where the sample is the pool, the
 * gains themselves. Too low for methods that often rank the true item first (always among 1 + 99 of 1,000: an MRR@5 of .44).
 */
export function correctedGains({ pool, sample }: Sampling, gain: (rank: number) => number): number[] {
  if (sample >= pool - 1) return Array.from({ length: pool }, (_, r) => gain(r + 1));
  const size = sample + 1;
  const [left, right] = [new Float64Array(size * size), new Float64Array(size)];
  let R = 0;
  for (const { first, chances } of rankChances({ pool, sample })) {
    const wanted = gain(++R);
    chances.forEach((chance, i) => {
      const r = first + i;
      right[r] += chance * wanted;
      left[r * size + r] += GAMMA * chance;
      const weight = (1 - GAMMA) * chance;
      for (let j = i; j < chances.length; j++) left[r * size + first + j] += weight * chances[j];
    });
  }
  for (let r = 0; r < size; r++) for (let s = 0; s < r; s++) left[r * size + s] = left[s * size + r]; // AᵀA is symmetric
  return solve(Matrix.from1DArray(size, size, left), Matrix.columnVector(right)).to1DArray();
}

/** Large pools are rounded to three digits, since users differ in theirs and each takes a while. */
const roundly = (pool: number) => (pool < 1000 ? pool : Number(pool.toPrecision(3)));

/** Corrected gains, computed once for each sampling. */
export function correctedBy(gain: (rank: number) => number): (rank: number, sampling: Sampling) => number {
  const known = new Map<string, number[]>();
  return (rank, { pool, sample }) => {
    const rounded = roundly(pool);
    const sampling = { pool: sample < Math.min(rounded, pool) - 1 ? rounded : pool, sample };
    const key = `${sampling.pool} ${sample}`;
    const gains = known.get(key) ?? correctedGains(sampling, gain);
    known.set(key, gains);
    return gains[rank - 1];
  };
}

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
