/** Two sides timed in turn, and the statistics of the pairs. */
import { median, quantile } from 'simple-statistics';
import { below, random } from '../base/random';

/** Milliseconds a step of both sides, taken one right after the other. */
export type Pair = { readonly ours: number; readonly peer: number };

export type Timing = {
  readonly ours_ms: number;
  readonly peer_ms: number;
  /** peer / ours: above 1 we are faster. */
  readonly ratio: number;
  /** The 95 % interval of the ratio. */
  readonly low: number;
  readonly high: number;
};

/** Times both sides `count` times, each going first in every other pair. */
export async function alternate(time: (side: keyof Pair) => Promise<number>, count: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < count; i++) {
    const pair = { ours: 0, peer: 0 };
    for (const side of i % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const))
      pair[side] = await time(side);
    pairs.push(pair);
  }
  return pairs;
}

const RESAMPLES = 2000;

/** Medians over the pairs, and the percentile interval of the median ratio over resampled pairs. */
export function compare(pairs: readonly Pair[], seed: number): Timing {
  const ratios = pairs.map(({ ours, peer }) => peer / ours);
  const stream = random(seed, 'pairs');
  const resample = () => median(ratios.map(() => ratios[below(ratios.length, stream)]));
  const medians = Array.from({ length: RESAMPLES }, resample);
  return {
    ours_ms: median(pairs.map(({ ours }) => ours)),
    peer_ms: median(pairs.map(({ peer }) => peer)),
    ratio: median(ratios),
    low: quantile(medians, 0.025),
    high: quantile(medians, 0.975),
  };
}
