/** Which trunk is pre-trained better: the mean ranks by the two directions of the last items of the same held-out users. */
import type { Result } from '../documents/document';
import { instanceRows } from '../documents/store';
import { pairedBootstrap, percentiles } from '../metrics/bootstrap';
import { perUser, RESAMPLING } from './instances';

export type TrunkComparison = {
  readonly source: string;
  /**
   * By how many places the non-causal trunk ranks the last item further ahead in the whole pool: mean rank by the causal
   * trunk minus that by the non-causal one, with its 95 % interval over held-out users.
   */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly users: number;
};

/** One comparison for each source whose trunks were pre-trained in both directions. */
export function compareTrunks(out: string, pretraining: readonly Result[]): TrunkComparison[] {
  return [...new Set(pretraining.map(({ task }) => task))].flatMap((source) => {
    const [causal, nonCausal] = (['causal', 'non-causal'] as const).map((direction) => {
      const runs = pretraining.filter(({ task, trunk }) => task === source && trunk === direction);
      const rows = runs.flatMap((run) => instanceRows(out, run));
      return perUser(rows, ({ rank }) => Number(rank));
    });
    if (causal.size === 0 || nonCausal.size === 0) return [];
    const { difference, draws } = pairedBootstrap(causal, nonCausal, RESAMPLING);
    return [{ source, difference, ...percentiles(draws), users: causal.size }];
  });
}
