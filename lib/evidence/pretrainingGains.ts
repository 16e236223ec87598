/**
 * How well trunks are pre-trained, by the mean rank (MR; Bordes et al., 2013) of held-out users' last items in the whole pool:
 * MRR@5 rests on the few whose last item is among the first five.
 */

import { mean } from 'simple-statistics';
import { grouped } from '../base/grouped';
import type { Result } from '../experiments/documents/document';
import { instanceRows } from '../experiments/documents/results';
import { reciprocalRank } from '../metrics/ranking';
import { estimateOf, type Interval, variationOf } from '../metrics/significance';
import { perUser, type Row } from './instances';

/** How much further ahead than item popularity a trunk ranks them. */
export type PretrainingGain = Interval & {
  /** The first task whose source it is. */
  readonly source: string;
  readonly direction: Result['trunk'];
  readonly users: number;
  /** Mean rank of the last item; 1 is best. */
  readonly trunk: number;
  readonly popularity: number;
  /** popularity / trunk, above 1 where the trunk ranks further ahead, with its 95 % interval over trainings and held-out users. */
  readonly ratio: number;
  /** MRR@5 of the same items, which Table 6 reports. */
  readonly trunkMRR: number;
  readonly popularityMRR: number;
  readonly cooccurrenceMRR: number;
};

const byTrunk = ({ rank }: Row) => Number(rank);
const byPopularity = ({ popularity_rank }: Row) => Number(popularity_rank);
const byCooccurrence = ({ cooccurrence_rank }: Row) => Number(cooccurrence_rank);

/** One gain for each source, trunk and share of pre-training, from the documents of pre-training and the rows beside them. */
export function pretrainingGains(out: string, pretraining: readonly Result[]): PretrainingGain[] {
  const kindOf = ({ task, trunk, pretraining: share }: Result) => `${task}/${trunk}/${share}`;
  return grouped(pretraining, kindOf).map(([, runs]) => {
    const [{ task, trunk: direction }] = runs;
    const seeds = runs.map((run) => instanceRows(out, run));
    const rows = seeds.flat();
    const [ranks, popular] = [rows.map(byTrunk), rows.map(byPopularity)];
    const [trunk, popularity] = [mean(ranks), mean(popular)];
    const over = (centre: number, rank: (row: Row) => number) =>
      seeds.map((own) => perUser(own, (row) => (1 / centre) * rank(row)));
    // The logarithm of the ratio varies as its linear part does.
    const { low, high } = estimateOf(variationOf(over(popularity, byPopularity), over(trunk, byTrunk)));
    const ratio = popularity / trunk;
    return {
      ...{ source: task, direction, users: perUser(rows, byTrunk).size },
      ...{ trunk, popularity, ratio, low: ratio * Math.exp(low), high: ratio * Math.exp(high) },
      ...{ trunkMRR: reciprocalRank(ranks, 5), popularityMRR: reciprocalRank(popular, 5) },
      cooccurrenceMRR: reciprocalRank(rows.map(byCooccurrence), 5),
    };
  });
}

/** Mean rank by the causal trunk minus that by the non-causal one: by how many places the latter ranks further ahead. */
export type TrunkComparison = Pick<PretrainingGain, 'source' | 'users' | keyof Interval> & {
  readonly difference: number;
};

/** One comparison for each source whose trunks were pre-trained in both directions, from the seeds that both have. */
export function compareTrunks(out: string, pretraining: readonly Result[]): TrunkComparison[] {
  return grouped(pretraining, ({ task }) => task).flatMap(([source, runs]) => {
    const runsOf = (direction: Result['trunk']) => runs.filter(({ trunk }) => trunk === direction);
    const pairs = runsOf('causal').flatMap((one) =>
      runsOf('non-causal').flatMap((other) => (one.seed === other.seed ? [[one, other]] : [])),
    );
    if (pairs.length === 0) return [];
    const [a, b] = [0, 1].map((side) => pairs.map((pair) => perUser(instanceRows(out, pair[side]), byTrunk)));
    const { difference, low, high } = estimateOf(variationOf(a, b));
    const users = new Set(a.flatMap((seed) => [...seed.keys()])).size;
    return [{ source, difference, low, high, users }];
  });
}
