/** In which order methods stand: on one trunk as on another, and over several tasks. */
import { mean } from 'simple-statistics';
import { type PairedDraws, percentiles } from '../metrics/bootstrap';
import type { Mean } from './crossings';

/** Kendall's τ_b of two rankings of the same things; NaN where one of them is all ties. */
export function kendall(a: readonly number[], b: readonly number[]): number {
  let [sum, inA, inB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [x, y] = [Math.sign(a[i] - a[j]), Math.sign(b[i] - b[j])];
      sum += x * y;
      inA += x * x;
      inB += y * y;
    }
  return sum / Math.sqrt(inA * inB);
}

/** The test metric of each of several methods on a task, and its resamples, which all share (`drawsOf`). */
type Drawn = readonly Pick<PairedDraws, 'difference' | 'draws'>[];

/**
 * τ of the test metrics of some methods and of as many others, with its 95 % interval over resampled seeds and users. Chance alone
 * lowers a τ: that of resamples lies below that of the means.
 */
export function agreement(...sides: readonly [first: Drawn, second: Drawn]): Mean {
  const [a, b] = sides.map((side) => side.map(({ difference }) => difference));
  const drawn = Float64Array.from(sides[0][0].draws, (_, i) => {
    const [x, y] = sides.map((side) => side.map(({ draws }) => draws[i]));
    return kendall(x, y);
  });
  return { mean: kendall(a, b), ...percentiles(drawn) };
}

/** The mean rank of each of several things over blocks of their scores, 1 the highest; equal scores share their ranks. */
export function meanRanks(blocks: readonly (readonly number[])[]): number[] {
  const ranks = blocks.map((scores) =>
    scores.map((own) => {
      const above = scores.filter((other) => other > own).length;
      const equal = scores.filter((other) => other === own).length;
      return above + (equal + 1) / 2;
    }),
  );
  return blocks[0].map((_, i) => mean(ranks.map((block) => block[i])));
}

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Where integrals over the normal density end, and their steps. */
const FAR = 8;
const STEP = 0.01;

/** The probability that k independent normal values lie within q of each other. */
function withinRange(q: number, k: number): number {
  let [sum, below] = [0, 0]; // below: Φ(x) − Φ(x − q), by sums of the density
  for (let x = -FAR; x < FAR; x += STEP) {
    const at = x + STEP / 2;
    const grown = (STEP / 2) * (density(at) - density(at - q));
    sum += STEP * k * density(at) * (below + grown) ** (k - 1);
    below += 2 * grown;
  }
  return sum;
}

/** What mean ranks of k things over n blocks must differ by at the 5 % level: Nemenyi's test (Demšar 2006, section 3.2.2). */
export function criticalDifference(k: number, n: number): number {
  let [low, high] = [0, 20];
  while (high - low > 1e-6) {
    const q = (low + high) / 2;
    if (withinRange(q, k) < 0.95) low = q;
    else high = q;
  }
  return (low / Math.SQRT2) * Math.sqrt((k * (k + 1)) / (6 * n));
}
