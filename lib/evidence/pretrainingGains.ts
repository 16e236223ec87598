/**
 * How much further ahead than item popularity pre-trained trunks rank the last item of held-out users, by the mean rank
 * (MR; Bordes et al., 2013): every user counts, whereas MRR@5 rests on the few whose last item is among the first five.
 */
import { mean } from 'simple-statistics';
import type { Result } from '../documents/document';
import { instanceRows } from '../documents/store';
import { ratioInterval } from '../metrics/bootstrap';
import { reciprocalRank } from '../metrics/ranking';
import { areAllAlike, perUser, RESAMPLING, type Row } from './instances';

export type PretrainingGain = {
  /** The first task whose source it is. */
  readonly source: string;
  readonly direction: Result['trunk'];
  readonly users: number;
  /** Mean rank of the last item in the whole pool; 1 is best. */
  readonly trunk: number;
  readonly popularity: number;
  /** popularity / trunk, above 1 where the trunk ranks further ahead, with its 95 % interval over seeds and held-out users. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** MRR@5 of the same items, which Table 6 reports. */
  readonly trunkMRR: number;
  readonly popularityMRR: number;
};

/** One gain for each source, direction and share of pre-training, from the documents of pre-training and the rows beside them. */
export function pretrainingGains(out: string, pretraining: readonly Result[]): PretrainingGain[] {
  const kinds = new Map(pretraining.map((run) => [`${run.task}/${run.trunk}/${run.pretraining}`, run]));
  return [...kinds.values()].map(({ task, trunk: direction, pretraining: share }) => {
    const runs = pretraining.filter(
      (run) => run.task === task && run.trunk === direction && run.pretraining === share,
    );
    return { source: task, direction, ...gainOf(runs.map((run) => instanceRows(out, run))) };
  });
}

function gainOf(seeds: readonly (readonly Row[])[]): Omit<PretrainingGain, 'source' | 'direction'> {
  const rows = seeds.flat();
  const byTrunk = ({ rank }: Row) => Number(rank);
  const byPopularity = ({ popularity_rank }: Row) => Number(popularity_rank);
  const [trunk, popularity] = [rows.map(byTrunk), rows.map(byPopularity)];
  const [over, under] = [byPopularity, byTrunk].map((value) => seeds.map((own) => perUser(own, value)));
  return {
    users: perUser(rows, byTrunk).size,
    trunk: mean(trunk),
    popularity: mean(popularity),
    ...ratioInterval(over, under, { crossed: areAllAlike(seeds), seed: RESAMPLING }),
    trunkMRR: reciprocalRank(trunk, 5),
    popularityMRR: reciprocalRank(popularity, 5),
  };
}
