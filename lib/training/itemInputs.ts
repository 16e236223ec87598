/**
 * What pre-training takes of windows of histories, one row each.
 * Letters: B rows, L length of a window, M masked items of a row.
 */
import { float32, int32 } from '../tensorflow/graph/signature';
import { type MaskedItems, maskedItemBatch, nextItemBatch } from './batches';
import type { Input } from './inputs';
import { maskedAtMost } from './masking';

type Windows = readonly Int32Array[];

/** Each item and the one after it, Eq. 1, or one of the next `ahead`. */
export function nextItems(B: number, L: number, ahead = 1): Input<Windows> {
  const N = B * (L - 1);
  return {
    looks: { ids: int32(B, L - 1), labels: int32(N), weights: float32(N) },
    draw: (windows, _, streams) =>
      nextItemBatch(windows, L, ahead === 1 ? undefined : { items: ahead, stream: streams('ahead') }),
  };
}

/** Rows with masked items, and these, Eq. 2. */
export function maskedItems(B: number, items: MaskedItems): Input<Windows> {
  const M = maskedAtMost(items.rule, items.length);
  return {
    looks: {
      ids: int32(B, items.length),
      positions: int32(B, M),
      labels: int32(B * M),
      weights: float32(B * M),
    },
    draw: (windows, _, streams) => maskedItemBatch(windows, items, streams('masks')),
  };
}
