/** Which trunk is pre-trained better: the two directions on the last items of the same held-out users. */

import type { Result } from '../documents/document';
import { instanceRows } from '../documents/store';
import { pairedBootstrap, percentiles } from '../metrics/bootstrap';
import { reciprocalRank } from '../metrics/ranking';
import { perUser, RESAMPLING } from './instances';

export type TrunkComparison = {
  readonly source: string;
  /** MRR@5 of the non-causal trunk minus that of the causal one, with its 95 % interval over held-out users. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly users: number;
};

/** One comparison for each source whose trunks were pre-trained in both directions. */
export function compareTrunks(out: string, pretraining: readonly Result[]): TrunkComparison[] {
  return [...new Set(pretraining.map(({ task }) => task))].flatMap((source) => {
    const [nonCausal, causal] = (['non-causal', 'causal'] as const).map((direction) => {
      const runs = pretraining.filter(({ task, trunk }) => task === source && trunk === direction);
      const rows = runs.flatMap((run) => instanceRows(out, run));
      return perUser(rows, ({ rank }) => reciprocalRank([Number(rank)], 5));
    });
    if (nonCausal.size === 0 || causal.size === 0) return [];
    const { difference, draws } = pairedBootstrap(nonCausal, causal, RESAMPLING);
    return [{ source, difference, ...percentiles(draws), users: causal.size }];
  });
}
