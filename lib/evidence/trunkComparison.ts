/** Which trunk is pre-trained better: the mean ranks by the two directions of the last items of the same held-out users. */
import type { Result } from '../documents/document';
import { instanceRows } from '../documents/store';
import { less, nestedBootstrap, percentiles } from '../metrics/bootstrap';
import { areAllAlike, perUser, RESAMPLING, type Row } from './instances';

export type TrunkComparison = {
  readonly source: string;
  /**
   * By how many places the non-causal trunk ranks the last item further ahead in the whole pool: mean rank by the causal
   * trunk minus that by the non-causal one, with its 95 % interval over seeds and the held-out users of each.
   */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly users: number;
};

const rankOf = ({ rank }: Row) => Number(rank);

/** One comparison for each source whose trunks were pre-trained in both directions, from the seeds that both have. */
export function compareTrunks(out: string, pretraining: readonly Result[]): TrunkComparison[] {
  return [...new Set(pretraining.map(({ task }) => task))].flatMap((source) => {
    const [causal, nonCausal] = (['causal', 'non-causal'] as const).map((direction) =>
      pretraining.filter(({ task, trunk }) => task === source && trunk === direction),
    );
    const pairs = causal.flatMap((one) =>
      nonCausal.filter(({ seed }) => seed === one.seed).map((other) => [one, other] as const),
    );
    if (pairs.length === 0) return [];
    const [ahead, behind] = [0, 1].map((side) => pairs.map((pair) => instanceRows(out, pair[side])));
    const [a, b] = [ahead, behind].map((seeds) => seeds.map((rows) => perUser(rows, rankOf)));
    const { difference, draws } = nestedBootstrap(less(a, b), {
      crossed: areAllAlike(ahead),
      seed: RESAMPLING,
    });
    return [{ source, difference, ...percentiles(draws), users: perUser(ahead.flat(), rankOf).size }];
  });
}
