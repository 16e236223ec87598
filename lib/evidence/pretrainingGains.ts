/** How much better than item popularity pre-trained trunks rank the last item of held-out users. */

import type { Result } from '../documents/document';
import { instanceRows } from '../documents/store';
import { ratioInterval } from '../metrics/bootstrap';
import { reciprocalRank } from '../metrics/ranking';
import { perUser, RESAMPLING } from './instances';

export type PretrainingGain = {
  /** The first task whose source it is. */
  readonly source: string;
  readonly direction: Result['trunk'];
  readonly trunk: number;
  readonly popularity: number;
  /** trunk / popularity, MRR@5 of the last item in the whole pool, with its 95 % interval over held-out users. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly users: number;
};

/** One gain for each source and direction, from the documents of pre-training and the rows beside them. */
export function pretrainingGains(out: string, pretraining: readonly Result[]): PretrainingGain[] {
  const kinds = new Map(pretraining.map((run) => [`${run.task}/${run.trunk}`, run]));
  return [...kinds.values()].map(({ task, trunk: direction }) => {
    const rows = pretraining
      .filter((run) => run.task === task && run.trunk === direction)
      .flatMap((run) => instanceRows(out, run));
    const byUser = (column: string) => perUser(rows, (row) => reciprocalRank([Number(row[column])], 5));
    const meanOf = (column: string) =>
      reciprocalRank(
        rows.map((row) => Number(row[column])),
        5,
      );
    const [trunk, popularity] = [byUser('rank'), byUser('popularity_rank')];
    return {
      ...{ source: task, direction, users: trunk.size },
      ...{ trunk: meanOf('rank'), popularity: meanOf('popularity_rank') },
      ...ratioInterval(trunk, popularity, RESAMPLING),
    };
  });
}
