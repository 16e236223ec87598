/** Made-up documents of pre-training. */

import type { Result } from '../../lib/experiments/documents/document';
import type { TrunkName } from '../../lib/model/trunks/names';
import { leave, sampleResult } from '../report/sampleResults';

/** The ranks of each held-out user's last item by the trunk, by popularity, and by co-occurrence (1 if absent). */
export type LastItems = Readonly<
  Record<string, readonly [rank: number, popularity: number, cooccurrence?: number]>
>;

/** Leaves the document of a trunk of the source of Films that ranks the last items so. */
export function pretrained(
  out: string,
  trunk: TrunkName,
  lastItems: LastItems,
  { source = 'Films', seed = 1, pretraining = 1 } = {},
): Result {
  const method = { id: 'pretrain', label: 'pre-training', trunk, pretraining };
  const rows = Object.entries(lastItems).map(
    ([user_id, [rank, popularity_rank, cooccurrence_rank = 1]], row) => ({
      ...{ row, user_id, rank, popularity_rank, cooccurrence_rank },
    }),
  );
  return leave(out, sampleResult({ task: source, method, seed, test: {} }), rows);
}
